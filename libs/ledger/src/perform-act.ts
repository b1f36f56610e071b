import { fail, pass, type Result } from '#libs/jose-profile';
import type { EntryState } from '#libs/scheme';
import { type EntryAct, nextState } from './entry-states.js';
import { type Actor, type EntryCase, type EntryStep, mayAct, type MayActFault } from './may-act.js';

export type ActFault = 'ENTRY_STATE_OTHER' | 'ENTRY_STEP_DIFFERS' | MayActFault;

export interface AskedAct {
  /** The caller's idempotency key. */
  readonly key: string;
  readonly act: EntryAct;
  /** `null` for acts of the calendar and the rules. */
  readonly actor: Actor | null;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly today: string;
}

export interface PerformedAct {
  readonly state: EntryState;
  /** To be appended to the entry's steps; `undefined` when it stands there already, and nothing is to be done. */
  readonly step: EntryStep | undefined;
}

/**
 * The one way from state to state: whether the act leads anywhere from here, and whether this actor may do it today. An act
 * repeated under its key changes nothing, also when the entry has moved on since; a key used for something else is refused.
 */
export function performAct(entry: EntryCase, { key, act, actor, today }: AskedAct): Result<PerformedAct, ActFault> {
  const done = entry.steps.find((step) => step.key === key);
  if (done !== undefined) {
    const isSame = done.act === act && done.by?.account === actor?.account;
    return isSame && entry.state !== null ? pass({ state: entry.state, step: undefined }) : fail('ENTRY_STEP_DIFFERS');
  }
  const next = nextState(entry.state, act);
  if (!next.ok) return next;
  const fault = mayAct(act, actor, entry, today);
  if (fault !== undefined) return fail(fault);
  const by = actor === null ? null : { account: actor.account, subject: actor.subject };
  return pass({ state: next.value, step: { key, act, by, day: today } });
}
