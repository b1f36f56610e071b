import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { type Actor, type EntryAct, performAct } from '#libs/ledger';
import { Clock, type ErrorCode, GatewayError } from '#libs/platform';
import type { EntryState } from '#libs/scheme';
import { AuditTrail, rolesAt, type Staff } from '#libs/staff';
import type { PlaceTree } from '../places/place-tree.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { survivorId } from '../subjects/find-subjects.js';
import { differencesOf } from '../wallets/rule-totals.js';
import { type LedgerCase, lockCases } from './entry-cases.js';
import { asPoints, earnedBeside } from './entry-rows.js';
import { keepSteps } from './keep-steps.js';
import { type Kin, kinOf } from './kin.js';
import { openRecording } from './ledger-clock.js';
import { LedgerSchemes } from './ledger-schemes.js';

/** What people decide about entries; the rest happens by calendar and rule. */
export type DecidedAct = Extract<EntryAct, 'verify' | 'approve' | 'reject' | 'contest' | 'uphold' | 'reverse'>;

export interface AskedActs {
  /** The client's idempotency key. */
  readonly key: string;
  readonly act: DecidedAct;
  /** Ids. */
  readonly entries: readonly string[];
  readonly reason?: string;
}

export interface ActedEntry {
  readonly id: string;
  readonly state: EntryState;
}

const CALENDAR = 'system:calendar';
const DUE_AT_ONCE = 500;

/** The way of entries from declaration to effect, and back. */
@Injectable()
export class EntryActs {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /**
   * One act on many entries, all or none; repeated under its key it changes nothing. With the last approval an entry goes up on
   * the board, or takes effect where the rule asks for no days there.
   * @returns where each entry stands afterwards, in the order asked for
   * @throws GatewayError naming the place in the list: ENTRY_UNKNOWN and every fault of `performAct`; LEDGER_RULE_UNKNOWN
   */
  async act({ key, act, entries, reason = '' }: AskedActs, staff: Staff): Promise<readonly ActedEntry[]> {
    const tree = await this.places.tree();
    const schemes = new LedgerSchemes(await this.schemes.book());
    return this.database.transaction(async (manager) => {
      const at = await openRecording(manager, this.clock.now());
      const today = shanghaiDay(at);
      const cases = await lockCases(manager, entries, schemes);
      // An account whose subject turned out to be another's is that other's.
      const owner = { ...staff, subject: await survivorId(manager, staff.subject) };
      const kin = await kinOf(manager, owner.subject);
      const points = await pointsAtStake(manager, [...cases.values()], schemes);
      for (const [place, id] of entries.entries()) {
        const found = cases.get(id);
        if (found === undefined) throw refusal('ENTRY_UNKNOWN', place);
        const actor = actorFor(found, owner, { kin, tree, today });
        const done = performAct(found.caseOf(points.get(id) ?? 0), { key, act, actor, today });
        if (!done.ok) throw refusal(done.fault, place);
        const { state, step } = done.value;
        if (step === undefined) continue;
        found.take({ ...step, state, reason: reason === '' ? null : reason });
        goOn(found, cases, { points: points.get(id) ?? 0, today });
      }
      await keepSteps(manager, [...cases.values()], schemes, { at, actor: staff.username });
      const acted = entries.filter((id) => (cases.get(id)?.newSteps.length ?? 0) > 0).length;
      if (acted > 0) {
        const detail = { act, entries: acted, key };
        await this.audit.record(manager, { actor: staff.username, action: 'entries.acted_on', detail });
      }
      return entries.map((id) => ({ id, state: cases.get(id)?.state ?? 'declared' }));
    });
  }

  /**
   * Does what the calendar has come to: entries whose days on the board are over take effect, entries past their validity
   * expire. Whoever reads, assesses or redeems calls it first, so that nothing depends on when a clock last struck.
   * @returns how many entries moved
   */
  async bringUpToDate(): Promise<number> {
    let moved = 0;
    for (let after = ''; ;) {
      const due = await this.dueAfter(after);
      const last = due.at(-1);
      if (last === undefined) return moved;
      const schemes = new LedgerSchemes(await this.schemes.book());
      moved += await this.database.transaction((manager) => this.moveDue(manager, due, schemes));
      after = last;
    }
  }

  private async dueAfter(after: string): Promise<readonly string[]> {
    const rows = await this.database.query<readonly { readonly id: string }[]>(
      `SELECT id FROM ledger_entry WHERE due_on <= $1 AND id COLLATE "C" > $2 ORDER BY id COLLATE "C" LIMIT $3`,
      [shanghaiDay(this.clock.now()), after, DUE_AT_ONCE],
    );
    return rows.map(({ id }) => id);
  }

  private async moveDue(manager: EntityManager, ids: readonly string[], schemes: LedgerSchemes): Promise<number> {
    const at = await openRecording(manager, this.clock.now());
    const today = shanghaiDay(at);
    const cases = await lockCases(manager, ids, schemes);
    for (const id of ids) {
      const found = cases.get(id);
      if (found === undefined || found.dueOn === null || found.dueOn > today) continue;
      if (found.state === 'publicised') goOn(found, cases, { points: 0, today });
      else takeByItself(found, 'expire', { points: 0, today });
    }
    await keepSteps(manager, [...cases.values()], schemes, { at, actor: CALENDAR });
    const moved = ids.filter((id) => (cases.get(id)?.newSteps.length ?? 0) > 0).length;
    if (moved > 0)
      await this.audit.record(manager, { actor: CALENDAR, action: 'entries.moved_on', detail: { entries: moved } });
    return moved;
  }
}

interface Now {
  readonly points: number | null;
  readonly today: string;
}

/** What follows by itself: up on the board with the last approval, into effect when the days are over. */
function goOn(found: LedgerCase, cases: ReadonlyMap<string, LedgerCase>, now: Now): void {
  const hasDays = found.workflow.publicise_days > 0;
  if (found.state === 'verified' && hasDays) takeByItself(found, 'publicise', now);
  else if (found.state === 'publicised' || (found.state === 'verified' && !hasDays)) {
    if (!takeByItself(found, 'take_effect', now)) return;
    const { reverses } = found.row;
    const origin = reverses === null ? undefined : cases.get(reverses);
    // One that a review has reversed meanwhile stays as it is.
    if (origin !== undefined) takeByItself(origin, 'correct', now);
  }
}

function takeByItself(found: LedgerCase, act: 'publicise' | 'take_effect' | 'correct' | 'expire', now: Now): boolean {
  const done = performAct(found.caseOf(now.points), { key: `~${act}`, act, actor: null, today: now.today });
  if (!done.ok || done.value.step === undefined) return false;
  found.take({ ...done.value.step, state: done.value.state, reason: null });
  return true;
}

/** What entries change in the totals of their rules, where a limit asks; `null` for a direct grading. */
async function pointsAtStake(
  manager: EntityManager,
  cases: readonly LedgerCase[],
  schemes: LedgerSchemes,
): Promise<ReadonlyMap<string, number | null>> {
  const limited = cases.filter(({ workflow }) => workflow.two_people_above !== undefined);
  const measured = limited.filter(({ rule }) => !('override' in rule.formula)).map(({ row }) => row);
  const beside = (await earnedBeside(manager, measured)).filter(({ id }) => measured.every((row) => row.id !== id));
  const stakes = new Map<string, number | null>(limited.map(({ row }) => [row.id, null]));
  for (const row of measured) {
    const entry = asPoints(row);
    const [stake] = differencesOf([...beside, entry], [entry], (each) => schemes.ruleOf(each));
    stakes.set(row.id, stake?.points ?? 0);
  }
  return stakes;
}

function actorFor(
  { row: { place, occurredOn } }: LedgerCase,
  staff: Staff,
  { kin, tree, today }: { readonly kin: Kin; readonly tree: PlaceTree; readonly today: string },
): Actor {
  const { username: account, subject } = staff;
  return { account, subject, household: [...kin(occurredOn), ...kin(today)], roles: rolesAt(staff, place, tree) };
}

function refusal(code: ErrorCode, at: number): GatewayError {
  return new GatewayError(code, { fields: [{ path: `/entries/${at}`, message: 'is refused' }] });
}
