import type { EntityManager } from 'typeorm';
import { addDays, shanghaiDay } from '#libs/calendar';
import type { EntryAct, EntryCase, EntryStep } from '#libs/ledger';
import { type EntryState, monthsAfter, type RuleWorkflow, type SchemeRule } from '#libs/scheme';
import { ENTRY_COLUMNS, type EntryRow, PLACE_OF_ENTRY } from './entry-rows.js';
import { type LedgerSchemes, monthsOf, workflowOf } from './ledger-schemes.js';

/** A step as it stands or is to be added. */
export interface LedgerStep extends EntryStep {
  readonly state: EntryState;
  /** Unix seconds; of a step to be added the instant of its transaction. */
  readonly at?: number;
  readonly reason: string | null;
}

interface StepRow {
  readonly entry: string;
  readonly key: string;
  readonly act: EntryAct;
  readonly state: EntryState;
  readonly actor: string | null;
  readonly subject: string | null;
  readonly day: string;
  readonly at: number;
  readonly reason: string | null;
}

type LockedRow = EntryRow & { readonly place: string };

/** An entry under its lock, with all it takes to act on it, moving from step to step. */
export class LedgerCase {
  private readonly added: LedgerStep[] = [];
  private moved: EntryState;

  constructor(
    readonly row: LockedRow,
    /** What is credited besides; it follows. */
    readonly credits: readonly EntryRow[],
    private readonly kept: readonly LedgerStep[],
    readonly rule: SchemeRule,
  ) {
    this.moved = row.state;
  }

  get state(): EntryState {
    return this.moved;
  }

  get steps(): readonly LedgerStep[] {
    return [...this.kept, ...this.added];
  }

  get newSteps(): readonly LedgerStep[] {
    return this.added;
  }

  get workflow(): RuleWorkflow {
    return workflowOf(this.rule);
  }

  /** Everything this entry and what it credits besides; they are in one state. */
  get rows(): readonly EntryRow[] {
    return [this.row, ...this.credits];
  }

  take(step: LedgerStep): void {
    this.added.push(step);
    this.moved = step.state;
  }

  /** @param points what it changes in the total of its rule; `null` for a direct grading */
  caseOf(points: number | null): EntryCase {
    const expiresOn = this.expiresOn;
    return {
      state: this.state,
      subjects: this.rows.map(({ subject }) => subject),
      workflow: this.workflow,
      points,
      isReversal: this.row.reverses !== null,
      steps: this.steps,
      ...(expiresOn === undefined ? {} : { expiresOn }),
    };
  }

  /** The day on which the calendar moves it on from where it stands, or `null`. */
  get dueOn(): string | null {
    if (this.state === 'publicised') {
      const up = this.steps.findLast(({ act }) => act === 'publicise');
      return up === undefined ? null : addDays(up.day, this.workflow.publicise_days + 1);
    }
    const counts = this.row.reverses === null && (this.state === 'effective' || this.state === 'upheld');
    return counts ? (this.expiresOn ?? null) : null;
  }

  private get expiresOn(): string | undefined {
    const months = monthsOf(this.rule);
    return months === undefined || this.row.reverses !== null ? undefined : monthsAfter(this.row.occurredOn, months);
  }
}

/**
 * Locks entries with those they take back and those credited besides, all in the order of their ids, and reads them as they
 * are then. Wallets come after.
 * @returns by id; unknown ids, and ids of what is credited besides, are missing
 */
export async function lockCases(
  manager: EntityManager,
  ids: readonly string[],
  schemes: LedgerSchemes,
): Promise<ReadonlyMap<string, LedgerCase>> {
  // Which rows belong together never changes, so only they themselves are locked.
  const rows = await manager.query<readonly LockedRow[]>(
    `WITH named AS (
      SELECT id FROM ledger_entry WHERE id = ANY($1) AND credit_of IS NULL
      UNION SELECT reverses FROM ledger_entry WHERE id = ANY($1) AND credit_of IS NULL AND reverses IS NOT NULL
    ), together AS (SELECT id FROM named UNION SELECT id FROM ledger_entry WHERE credit_of IN (SELECT id FROM named))
    SELECT ${ENTRY_COLUMNS}, ${PLACE_OF_ENTRY} AS place FROM ledger_entry AS entry
    WHERE entry.id = ANY(ARRAY(SELECT id FROM together)) ORDER BY entry.id COLLATE "C" FOR NO KEY UPDATE OF entry`,
    [ids],
  );
  const steps = await stepsOf(
    manager,
    rows.map(({ id }) => id),
  );
  const credits = new Map<string, EntryRow[]>();
  for (const row of rows)
    if (row.creditOf !== null) credits.set(row.creditOf, [...(credits.get(row.creditOf) ?? []), row]);
  const origins = rows.filter(({ creditOf }) => creditOf === null);
  return new Map(
    origins.map((row) => {
      const kept = [declaration(row), ...(steps.get(row.id) ?? [])];
      return [row.id, new LedgerCase(row, credits.get(row.id) ?? [], kept, schemes.ruleOf(row))];
    }),
  );
}

/** The steps of entries, by entry and in order; without the declaration. */
export async function stepsOf(
  manager: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LedgerStep[]>> {
  const rows = await manager.query<readonly StepRow[]>(
    `SELECT entry_id AS entry, key, act, state, actor, survivor_of(actor_subject) AS subject, day::text AS day,
      extract(epoch FROM done_at)::float8 AS at, reason
    FROM entry_step WHERE entry_id = ANY($1) ORDER BY id`,
    [ids],
  );
  const byEntry = new Map<string, LedgerStep[]>();
  for (const { entry, actor, subject, ...step } of rows) {
    const by = actor === null ? null : { account: actor, subject };
    byEntry.set(entry, [...(byEntry.get(entry) ?? []), { ...step, by }]);
  }
  return byEntry;
}

/** The entry itself is its first step. */
export function declaration({ recordedBy, recordedBySubject, recordedAt }: EntryRow): LedgerStep {
  const by = { account: recordedBy, subject: recordedBySubject };
  return {
    key: '~declare',
    act: 'declare',
    state: 'declared',
    by,
    day: shanghaiDay(recordedAt),
    at: recordedAt,
    reason: null,
  };
}
