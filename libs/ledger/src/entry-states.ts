import { fail, pass, type Result } from '#libs/jose-profile';
import type { EntryState } from '#libs/scheme';

/**
 * What happens to an entry on its way (domain 3.1 and 4).
 * - acts of a person: `declare`, `verify`, `approve`, `reject`, `contest`, and of a contested entry `uphold` or `reverse`
 * - acts of the calendar and the rules, which nobody decides: `publicise` and `take_effect` once their conditions hold,
 *   `correct` when a reversing entry has taken effect, `expire`
 */
export type EntryAct =
  | 'declare'
  | 'verify'
  | 'approve'
  | 'reject'
  | 'publicise'
  | 'take_effect'
  | 'contest'
  | 'uphold'
  | 'reverse'
  | 'correct'
  | 'expire';

interface Move {
  /** `null`: no entry yet. */
  readonly from: readonly (EntryState | null)[];
  readonly to: EntryState;
}

/** Every move there is. An approval leaves the entry verified: how many are needed, the rule says. */
export const ENTRY_MOVES: { readonly [Act in EntryAct]: Move } = {
  declare: { from: [null], to: 'declared' },
  verify: { from: ['declared'], to: 'verified' },
  approve: { from: ['verified'], to: 'verified' },
  reject: { from: ['declared', 'verified'], to: 'rejected' },
  publicise: { from: ['verified'], to: 'publicised' },
  // Straight from verified where the rule asks for no days on the board.
  take_effect: { from: ['verified', 'publicised'], to: 'effective' },
  contest: { from: ['publicised', 'effective', 'upheld'], to: 'contested' },
  uphold: { from: ['contested'], to: 'upheld' },
  reverse: { from: ['contested'], to: 'reversed' },
  correct: { from: ['effective', 'upheld', 'contested'], to: 'reversed' },
  expire: { from: ['effective', 'upheld'], to: 'expired' },
};

/** The state an act leads to from a state (`null` before the declaration), whoever does it. */
export function nextState(state: EntryState | null, act: EntryAct): Result<EntryState, 'ENTRY_STATE_OTHER'> {
  const { from, to } = ENTRY_MOVES[act];
  return from.includes(state) ? pass(to) : fail('ENTRY_STATE_OTHER');
}

/** Whether an entry in this state makes points: a contested one does not until it is upheld, a reversing one never does. */
export function entryCounts({
  state,
  isReversal,
}: {
  readonly state: EntryState;
  readonly isReversal: boolean;
}): boolean {
  return !isReversal && (state === 'effective' || state === 'upheld');
}
