import type { CryptoPort } from '#libs/jose-profile';
import type { AllianceTrust } from './alliance-trust.js';
import { docsRoot } from './docs-root.js';
import { MAX_HEAD_LIFE_SECONDS } from './payload-forms.js';
import type { HeadPayload, RoundPayload } from './payloads.js';

/** What the federation remembers of the last head it signed; an `AllianceTrust` is one. */
export type HeadState = Pick<AllianceTrust, 'epoch' | 'seq' | 'round' | 'headDigest' | 'suspended'>;

/** The round to sign next, and its documents. */
export interface RoundPlan {
  readonly epoch: number;
  /** The number of the last round of this epoch, if there was one. */
  readonly previousRound: number | undefined;
  /** Unix seconds. */
  readonly now: number;
  readonly lifetimeSeconds: number;
  /** Digests of every document under the new `docs_root`. */
  readonly digests: readonly string[];
  /** Everything that stays or becomes suspended: what is left out here is lifted. */
  readonly suspended: readonly string[];
}

export interface HeadPlan {
  /** Unix seconds. */
  readonly now: number;
  /** At most seven days. */
  readonly lifetimeSeconds: number;
  /** Digests to suspend besides those suspended already. */
  readonly suspend?: readonly string[];
}

/**
 * The content of the next round for two officers to sign: the only way to change the documents or to lift a suspension
 * (design §4.5). Rounds of an epoch count from 1.
 */
export async function nextRound(plan: RoundPlan, port: CryptoPort): Promise<Omit<RoundPayload, 'type'>> {
  return {
    epoch: plan.epoch,
    round: (plan.previousRound ?? 0) + 1,
    iat: plan.now,
    exp: plan.now + plan.lifetimeSeconds,
    docs_root: await docsRoot(plan.digests, port),
    suspended: sortedOnce(plan.suspended),
  };
}

/** What every head under a round must suspend after `previous`: the round's, and within one round all that a head added. */
export function suspendedUnder(round: RoundPayload, previous: HeadState | undefined): readonly string[] {
  const isSameRound = previous !== undefined && previous.epoch === round.epoch && previous.round === round.round;
  return sortedOnce([...round.suspended, ...(isSameRound ? previous.suspended : [])]);
}

/**
 * The next head for the online key to sign under a round. It dates anew and suspends, nothing else. Heads of an epoch count
 * from 1; `exp` never outlives the round, whose expiry would end it anyway.
 * @param previous the last head signed, of any epoch and round
 * @throws RangeError when the life is not within (0, 7 days], the round has expired, `seq` is used up, or the round is older
 * than the one of the previous head
 */
export function nextHead(round: RoundPayload, previous: HeadState | undefined, plan: HeadPlan): HeadPayload {
  if (!(plan.lifetimeSeconds > 0 && plan.lifetimeSeconds <= MAX_HEAD_LIFE_SECONDS))
    throw new RangeError('a head lives at most seven days');
  if (plan.now >= round.exp) throw new RangeError('the round has expired');
  if (previous !== undefined && isBefore(round, previous)) throw new RangeError('a round of the past');
  const before = previous?.epoch === round.epoch ? previous : undefined;
  const seq = (before?.seq ?? 0) + 1;
  if (!Number.isSafeInteger(seq)) throw new RangeError('seq is used up: a new delegation raises the epoch');
  return {
    epoch: round.epoch,
    seq,
    prev: before?.headDigest ?? '',
    round: round.round,
    iat: plan.now,
    exp: Math.min(plan.now + plan.lifetimeSeconds, round.exp),
    docs_root: round.docs_root,
    suspended: sortedOnce([...suspendedUnder(round, previous), ...(plan.suspend ?? [])]),
  };
}

function isBefore(round: RoundPayload, previous: HeadState): boolean {
  return round.epoch < previous.epoch || (round.epoch === previous.epoch && round.round < previous.round);
}

function sortedOnce(digests: readonly string[]): readonly string[] {
  return [...new Set(digests)].toSorted();
}
