import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { checkEntry, checkReversal, performAct, type ProposedEntry } from '#libs/ledger';
import { Clock, type ErrorCode, GatewayError } from '#libs/platform';
import type { SchemeRule } from '#libs/scheme';
import type { PlaceTree } from '../places/place-tree.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';
import { subjectsByHandle } from '../subjects/find-subjects.js';
import type { SubjectEntity } from '../subjects/subject.entity.js';
import { appendEntries, type NewEntryRow } from './append-entries.js';
import type { Declarer } from './declarer.js';
import { ENTRY_COLUMNS, type EntryRow, PLACE_OF_ENTRY } from './entry-rows.js';
import { Gatherer, type Outcome } from './gatherer.js';
import { creditedBeside, type Kin, kinOf } from './kin.js';
import type { Evidence } from './ledger-entry.entity.js';
import { LedgerSchemes, workflowOf } from './ledger-schemes.js';

export interface DeclaredEntry extends ProposedEntry {
  /** The client's idempotency key. */
  readonly id: string;
  /** Handle. */
  readonly subject: string;
  /** May be left out while the county has just one. */
  readonly scheme?: string;
  readonly evidence?: readonly Evidence[];
}

export interface RecordedCounts {
  readonly recorded: number;
  readonly existing: number;
}

interface AskedEntry {
  readonly entry: DeclaredEntry;
  readonly by: Declarer;
}

interface CheckedRow {
  readonly row: NewEntryRow;
  readonly rule: SchemeRule;
}

interface Found {
  readonly schemes: LedgerSchemes;
  readonly subjects: ReadonlyMap<string, SubjectEntity>;
  readonly tree: PlaceTree;
  readonly kin: Kin;
  readonly today: string;
}

/** What happened, as it is declared. How it comes into effect is the matter of `EntryActs`. */
@Injectable()
export class Ledger {
  private readonly single = new Gatherer((asked: readonly AskedEntry[]) => this.recordEach(asked));

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /**
   * Declares entries, all or none; an id that is there already with the same content is left as it is.
   * @throws GatewayError the codes of `prepare` and `declare`
   */
  async record(entries: readonly DeclaredEntry[], by: Declarer): Promise<RecordedCounts> {
    const [entry, ...more] = entries;
    // One entry stands or falls by itself, and so may share its statement with those that others declare just now.
    if (entry !== undefined && more.length === 0 && !by.isResident) return this.single.add({ entry, by });
    const rows = await this.prepare(entries, by);
    return this.database.transaction((manager) => this.declare(manager, rows));
  }

  /**
   * Checks entries against scheme, subject and who declares them; before a transaction, for it reads by itself.
   * @throws GatewayError naming the place in the list: ENTRY_SCHEME_UNKNOWN, ENTRY_RULE_UNKNOWN, ENTRY_NOT_BY_RULE,
   *   ENTRY_EVIDENCE_MISSING, SUBJECT_UNKNOWN (also outside the places of who asks), SUBJECT_ENDED, SUBJECT_NOT_SCORED,
   *   SUBJECT_OUTSIDE_SCHEME, ENTRY_ROLE_MISSING, ENTRY_OF_ANOTHER
   */
  async prepare(entries: readonly DeclaredEntry[], by: Declarer): Promise<readonly NewEntryRow[]> {
    const found = await this.find(entries, by.isResident ? by.subject : null);
    const checked = entries.map((entry, at) => checkedRow(entry, at, by, found));
    return [...checked.map(({ row }) => row), ...(await this.credits(checked))];
  }

  /**
   * Appends what was prepared.
   * @throws GatewayError naming the place in the list: ENTRY_DIFFERS, CONFLICT (the subject was absorbed since it was prepared)
   */
  async declare(manager: EntityManager, rows: readonly NewEntryRow[]): Promise<RecordedCounts> {
    const added = await appendEntries(manager, rows, this.clock.now());
    const origins = rows.filter(({ creditOf }) => creditOf === null);
    if (added.size < origins.length) await refuseDifferent(manager, origins);
    return { recorded: added.size, existing: origins.length - added.size };
  }

  /** Declares entries of several requests, each by itself. */
  private async recordEach(asked: readonly AskedEntry[]): Promise<readonly Outcome<RecordedCounts>[]> {
    const found = await this.find(
      asked.map(({ entry }) => entry),
      null,
    );
    const tried = asked.map(({ entry, by }) => attempt(() => checkedRow(entry, 0, by, found)));
    const sound = tried.flatMap((each) => ('value' in each ? [each.value] : []));
    const credits = await this.credits(sound);
    const rows = [...sound.map(({ row }) => row), ...credits];
    const added = new Set(await appendEntries(this.database.manager, rows, this.clock.now()));
    const known = sound.every(({ row }) => added.has(row.id)) && added.size === sound.length ? [] : rows;
    const there = await stored(
      this.database.manager,
      known.map(({ id }) => id),
    );
    return tried.map((each) => {
      if ('fault' in each) return () => raise(each.fault);
      const { row } = each.value;
      // The first of its id; another in the same go is compared with it.
      if (added.delete(row.id)) return () => ({ recorded: 1, existing: 0 });
      const fault = faultBeside(
        there.find(({ id }) => id === row.id),
        row,
        0,
      );
      return () => (fault === undefined ? { recorded: 0, existing: 1 } : raise(fault));
    });
  }

  private async find(entries: readonly DeclaredEntry[], resident: string | null): Promise<Found> {
    const { manager } = this.database;
    const handles = entries.map(({ subject }) => subject);
    const [book, subjects, tree, kin] = await Promise.all([
      this.schemes.book(),
      subjectsByHandle(manager, handles),
      this.places.tree(),
      kinOf(manager, resident),
    ]);
    return { schemes: new LedgerSchemes(book), subjects, tree, kin, today: shanghaiDay(this.clock.now()) };
  }

  /**
   * Declares that an entry is taken back. It counts until this has come into effect the way any entry of the rule does.
   * @throws GatewayError NOT_FOUND (also outside the places of who asks), REVERSAL_OF_REVERSAL, REVERSAL_NOT_OPEN,
   *   ENTRY_ROLE_MISSING, ENTRY_DIFFERS
   */
  async correct(
    { id, reverses, reason }: { readonly id: string; readonly reverses: string; readonly reason: string },
    by: Declarer,
  ): Promise<RecordedCounts> {
    const tree = await this.places.tree();
    const schemes = new LedgerSchemes(await this.schemes.book());
    return this.database.transaction(async (manager) => {
      // In the order of everything that touches entries: the origin first, so that no other correction comes between.
      const [origin] = await manager.query<readonly (EntryRow & { readonly place: string })[]>(
        `SELECT ${ENTRY_COLUMNS}, ${PLACE_OF_ENTRY} AS place FROM ledger_entry AS entry
        WHERE entry.id = $1 AND entry.credit_of IS NULL FOR NO KEY UPDATE OF entry`,
        [reverses],
      );
      const roles = origin === undefined ? [] : by.rolesAt(origin.place, tree);
      if (origin === undefined || roles.length === 0) throw new GatewayError('NOT_FOUND');
      const rule = schemes.ruleOf(origin);
      const { rule: ruleId, subject, scheme, version, quantity, label, occurredOn } = origin;
      const facts = {
        subject,
        scheme,
        version,
        rule: ruleId,
        quantity,
        label,
        occurredOn,
        evidence: [],
        creditOf: null,
        recordedBy: by.account,
        recordedBySubject: by.subject,
      };
      const row = { ...facts, id, reverses, reason };
      const [known] = await stored(manager, [id]);
      if (known !== undefined) {
        if (!isSame(known, row)) throw new GatewayError('ENTRY_DIFFERS');
        return { recorded: 0, existing: 1 };
      }
      const fault =
        checkReversal({ scheme, rule: ruleId, subject }, { ...origin, isReversal: origin.reverses !== null }) ??
        ((await isTakenBack(manager, reverses)) ? 'REVERSAL_NOT_OPEN' : undefined) ??
        declareFault(rule, [subject], { ...by, household: [], roles }, occurredOn);
      if (fault !== undefined) throw new GatewayError(fault);
      return this.declare(manager, [row]);
    });
  }

  private async credits(checked: readonly CheckedRow[]): Promise<readonly NewEntryRow[]> {
    const crediting = checked.flatMap(({ row: { subject, occurredOn: day }, rule: { credits = [] } }, at) =>
      credits.length === 0 ? [] : [{ at, subject, day, credits }],
    );
    const credited = await creditedBeside(this.database.manager, crediting);
    return credited.flatMap(({ at, id: subject, handle }) => {
      const origin = checked[at]?.row;
      return origin === undefined ? [] : [{ ...origin, id: `${origin.id}/${handle}`, subject, creditOf: origin.id }];
    });
  }
}

function checkedRow(entry: DeclaredEntry, at: number, by: Declarer, found: Found): CheckedRow {
  const version = versionOf(found.schemes, entry, at);
  if (version === undefined) throw refusal('ENTRY_NOT_BY_RULE', at, 'occurredOn');
  const rule = ruleFor(entry, at, version, found.today);
  return { row: rowOf(entry, at, { version, rule, by }, found), rule };
}

function versionOf(
  schemes: LedgerSchemes,
  { scheme, occurredOn }: DeclaredEntry,
  at: number,
): SchemeVersion | undefined {
  try {
    return schemes.inForce(scheme, occurredOn);
  } catch (cause) {
    throw cause instanceof GatewayError ? refusal(cause.code, at, 'scheme') : cause;
  }
}

function ruleFor(entry: DeclaredEntry, at: number, version: SchemeVersion, today: string): SchemeRule {
  const rule = version.ruleOf(entry.rule);
  const fault = checkEntry(entry, rule, version.document, today);
  if (fault !== undefined || rule === undefined)
    throw refusal(fault?.code ?? 'ENTRY_RULE_UNKNOWN', at, fault?.member ?? 'rule');
  return rule;
}

function rowOf(
  entry: DeclaredEntry,
  at: number,
  { version, rule, by }: { readonly version: SchemeVersion; readonly rule: SchemeRule; readonly by: Declarer },
  { subjects, tree, kin, today }: Found,
): NewEntryRow {
  const subject = subjects.get(entry.subject);
  const roles = subject === undefined ? [] : by.rolesAt(subject.place, tree);
  // A phone does not learn which handles there are.
  if (subject === undefined || roles.length === 0)
    throw refusal(by.isResident ? 'ENTRY_OF_ANOTHER' : 'SUBJECT_UNKNOWN', at, 'subject');
  const { id, version: number, place } = version.document;
  if (subject.endedOn !== null) throw refusal('SUBJECT_ENDED', at, 'subject');
  if (!subject.hasAccount) throw refusal('SUBJECT_NOT_SCORED', at, 'subject');
  if (subject.kind !== rule.subject_kind) throw refusal('ENTRY_NOT_BY_RULE', at, 'subject');
  if (!tree.isWithin(subject.place, place)) throw refusal('SUBJECT_OUTSIDE_SCHEME', at, 'subject');
  const { occurredOn } = entry;
  const actor = { ...by, household: [...kin(occurredOn), ...kin(today)], roles };
  const fault = declareFault(rule, [subject.id], actor, today);
  if (fault !== undefined) throw refusal(fault, at, 'rule');
  return {
    id: entry.id,
    subject: subject.id,
    scheme: id,
    version: number,
    rule: rule.id,
    occurredOn,
    quantity: entry.quantity ?? 1,
    label: entry.label ?? null,
    evidence: (entry.evidence ?? []).map(({ kind, ref }) => ({ kind, ref })),
    reason: null,
    reverses: null,
    creditOf: null,
    recordedBy: by.account,
    recordedBySubject: by.subject,
  };
}

function declareFault(
  rule: SchemeRule,
  subjects: readonly string[],
  actor: Declarer & { readonly household: readonly string[]; readonly roles: readonly string[] },
  today: string,
): ErrorCode | undefined {
  const nothingYet = { state: null, subjects, workflow: workflowOf(rule), points: 0, isReversal: false, steps: [] };
  const declared = performAct(nothingYet, { key: '~declare', act: 'declare', actor, today });
  return declared.ok ? undefined : declared.fault;
}

function stored(manager: EntityManager, ids: readonly string[]): Promise<readonly EntryRow[]> {
  return manager.query(`SELECT ${ENTRY_COLUMNS} FROM ledger_entry AS entry WHERE entry.id = ANY($1)`, [ids]);
}

async function isTakenBack(manager: EntityManager, id: string): Promise<boolean> {
  const found = await manager.query<unknown[]>(
    "SELECT FROM ledger_entry WHERE reverses = $1 AND credit_of IS NULL AND state <> 'rejected'",
    [id],
  );
  return found.length > 0;
}

async function refuseDifferent(manager: EntityManager, rows: readonly NewEntryRow[]): Promise<void> {
  const there = await stored(
    manager,
    rows.map(({ id }) => id),
  );
  const byId = new Map(there.map((row) => [row.id, row]));
  for (const [at, row] of rows.entries()) {
    const fault = faultBeside(byId.get(row.id), row, at);
    if (fault !== undefined) throw fault;
  }
}

/** What is wrong with an entry that was not added, beside that of its id which is there; none where its subject has been absorbed meanwhile. */
function faultBeside(there: EntryRow | undefined, row: NewEntryRow, at: number): GatewayError | undefined {
  if (there === undefined) return refusal('CONFLICT', at, 'subject');
  return isSame(there, row) ? undefined : refusal('ENTRY_DIFFERS', at, 'id');
}

/** The version is not compared: what was declared under one stays so when another is adopted for its day. */
function isSame(one: NewEntryRow, other: NewEntryRow): boolean {
  return JSON.stringify(factsOf(one)) === JSON.stringify(factsOf(other));
}

function factsOf(row: NewEntryRow): readonly unknown[] {
  const { subject, scheme, rule, quantity, label, occurredOn, evidence, reason, reverses, creditOf } = row;
  const proofs = evidence.map(({ kind, ref }) => [kind, ref]);
  return [subject, scheme, rule, quantity, label, occurredOn, proofs, reason, reverses, creditOf];
}

function refusal(code: ErrorCode, at: number, member: string): GatewayError {
  return new GatewayError(code, { fields: [{ path: `/entries/${at}/${member}`, message: 'is refused' }] });
}

function attempt<Value>(work: () => Value): { readonly value: Value } | { readonly fault: unknown } {
  try {
    return { value: work() };
  } catch (fault) {
    return { fault };
  }
}

function raise(fault: unknown): never {
  throw fault;
}
