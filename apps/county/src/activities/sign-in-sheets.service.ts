import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { countsHours } from '#libs/scheme';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { staffDeclarer } from '../ledger/declarer.js';
import { type DeclaredEntry, Ledger } from '../ledger/ledger.service.js';
import type { PlaceTree } from '../places/place-tree.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { subjectInScope, subjectsByHandle } from '../subjects/find-subjects.js';
import type { SubjectEntity } from '../subjects/subject.entity.js';
import { ActivityEntity, type Sheet } from './activity.entity.js';
import { type CalledUnder, calledUnder, schemeOfPlace, sharingSchemes } from './activity-kinds.js';
import { lockActivity } from './lock-activity.js';

export interface SheetRow {
  /** Handle. */
  readonly subject: string;
  /** Whole hours; may be left out where the rule does not count them. */
  readonly hours?: number;
}

/** What was signed in: people by name for a rule, or a group and how many of it for a log. */
export interface AskedSheet {
  readonly key: string;
  readonly rows?: readonly SheetRow[];
  /** Handle. */
  readonly group?: string;
  readonly heads?: number;
}

export interface PostedSheet {
  /** In the order of the sheet; none for a log. */
  readonly entries: readonly { readonly subject: string; readonly entry: string }[];
  readonly heads: number;
}

/** One sheet makes an entry for everybody on it. */
@Injectable()
export class SignInSheets {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Closes an activity by its sheet. Everybody on it is declared in one transaction under the rule of the activity, with the
   * sheet as evidence, and goes the way of any entry from there. Of a kind without a rule only the group and the heads are kept.
   * The same again under one key changes nothing.
   * @throws GatewayError NOT_FOUND (also outside the account's places), ACTIVITY_CLOSED, ACTIVITY_LOG_ONLY, KEY_REUSED,
   *   BODY_INVALID, ENTRY_NOT_BY_RULE (before the day), and those of `Ledger.prepare`, naming the row
   */
  async post(id: string, asked: AskedSheet, staff: Staff): Promise<PostedSheet> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const activity = await this.database.manager.findOneBy(ActivityEntity, { id });
    if (activity === null || !staffCovers(staff, activity.place, tree)) throw new GatewayError('NOT_FOUND');
    const under = calledUnder(book, activity);
    if (under.kind.rule === undefined) return this.log(activity, asked, staff, tree);
    const { rows, group, heads } = asked;
    if (rows === undefined || group !== undefined || heads !== undefined) throw invalid('rows');
    const found = await this.subjectsOn(rows);
    const sheet = { rows: found.map(({ handle: subject }, at) => ({ subject, hours: rows[at]?.hours ?? null })) };
    const answer = { entries: found.map(({ handle }) => ({ subject: handle, entry: entryId(id, handle) })) };
    if (isPosted(activity, asked.key, sheet)) return { ...answer, heads: found.length };
    const shared = sharingSchemes(book, under, activity.day);
    const entries = found.map((subject, at) => entryOf(activity, rows[at]?.hours, subject, { shared, tree }));
    const prepared = await this.ledger.prepare(entries, staffDeclarer(staff)).catch(byRow);
    await this.database.transaction(async (manager) => {
      if (await this.close(manager, id, { key: asked.key, sheet }, staff))
        await this.ledger.declare(manager, prepared).catch(byRow);
    });
    return { ...answer, heads: found.length };
  }

  private async log(
    activity: ActivityEntity,
    { key, rows, group, heads }: AskedSheet,
    staff: Staff,
    tree: PlaceTree,
  ): Promise<PostedSheet> {
    // Who takes part is nobody's business here: these are children (F07).
    if (rows !== undefined) throw new GatewayError('ACTIVITY_LOG_ONLY');
    if (heads === undefined) throw invalid('heads');
    if (activity.day > shanghaiDay(this.clock.now())) throw new GatewayError('ENTRY_NOT_BY_RULE');
    if (group !== undefined) {
      const { kind } = await subjectInScope(this.database.manager, group, staff, tree).catch((cause: unknown) => {
        throw cause instanceof GatewayError ? new GatewayError('SUBJECT_UNKNOWN', { cause }) : cause;
      });
      // A person named as a group would be a name after all.
      if (kind !== 'group') throw new GatewayError('ACTIVITY_LOG_ONLY');
    }
    const sheet = { group: group ?? null, heads };
    await this.database.transaction((manager) => this.close(manager, activity.id, { key, sheet }, staff));
    return { entries: [], heads };
  }

  /** @returns whether this closed it, and not the same sheet before */
  private async close(
    manager: EntityManager,
    id: string,
    { key, sheet }: { readonly key: string; readonly sheet: Sheet },
    staff: Staff,
  ): Promise<boolean> {
    if (isPosted(await lockActivity(manager, id), key, sheet)) return false;
    const closed = { sheetKey: key, sheet, closedBy: staff.username, closedAt: this.clock.now() };
    await manager.update(ActivityEntity, { id }, closed);
    const detail = 'rows' in sheet ? { entries: sheet.rows.length } : { heads: sheet.heads };
    await this.audit.record(manager, { actor: staff.username, action: 'activity.closed', target: id, detail });
    return true;
  }

  /** Those on the sheet, in its order; nobody twice, also not under two handles. */
  private async subjectsOn(rows: readonly SheetRow[]): Promise<readonly SubjectEntity[]> {
    const handles = rows.map(({ subject }) => subject);
    const known = await subjectsByHandle(this.database.manager, handles);
    const found = handles.map((handle, at) => {
      const subject = known.get(handle);
      if (subject === undefined) throw refused('SUBJECT_UNKNOWN', `/rows/${at}/subject`);
      return subject;
    });
    const ids = found.map(({ id }) => id);
    const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at);
    if (twice !== -1) throw refused('BODY_INVALID', `/rows/${twice}/subject`);
    return found;
  }
}

/** Fits where ids of entries are asked for, whatever the handle. */
function entryId(activity: string, handle: string): string {
  return `${activity.replaceAll('-', '')}:${handle}`;
}

function entryOf(
  { id, day, schemeId }: ActivityEntity,
  hours: number | undefined,
  subject: SubjectEntity,
  { shared, tree }: { readonly shared: readonly CalledUnder[]; readonly tree: PlaceTree },
): DeclaredEntry {
  const own = schemeOfPlace(shared, subject.place, tree);
  const rule = own?.document.rules.find((each) => each.id === own.kind.rule);
  const isMeasured = rule !== undefined && countsHours(rule.formula) && hours !== undefined;
  return {
    id: entryId(id, subject.handle),
    subject: subject.handle,
    scheme: own?.document.id ?? schemeId,
    rule: rule?.id ?? '',
    occurredOn: day,
    evidence: [{ kind: 'sheet', ref: id }],
    ...(isMeasured && { quantity: hours }),
  };
}

/**
 * Whether the very sheet has closed the activity already.
 * @throws GatewayError KEY_REUSED, ACTIVITY_CLOSED
 */
function isPosted({ closedAt, sheetKey, sheet }: ActivityEntity, key: string, asked: Sheet): boolean {
  if (closedAt === null) return false;
  if (sheetKey !== key) throw new GatewayError('ACTIVITY_CLOSED');
  if (sheet === null || written(sheet) !== written(asked)) throw new GatewayError('KEY_REUSED');
  return true;
}

function written(sheet: Sheet): string {
  if ('heads' in sheet) return JSON.stringify([sheet.group, sheet.heads]);
  return JSON.stringify(sheet.rows.map(({ subject, hours }) => [subject, hours]));
}

function byRow(cause: unknown): never {
  if (!(cause instanceof GatewayError)) throw cause;
  const fields = cause.fields?.map(({ path, message }) => ({ path: path.replace('/entries/', '/rows/'), message }));
  throw new GatewayError(cause.code, { cause, ...(fields && { fields }) });
}

function invalid(member: string): GatewayError {
  return refused('BODY_INVALID', `/${member}`);
}

function refused(code: 'BODY_INVALID' | 'SUBJECT_UNKNOWN', path: string): GatewayError {
  return new GatewayError(code, { fields: [{ path, message: 'is refused' }] });
}
