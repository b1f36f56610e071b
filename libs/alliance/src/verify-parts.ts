import { fail, pass, type CryptoPort } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import type { Bundle } from './bundle.js';
import { checkOrder, type HeadOrder } from './check-order.js';
import { verifyHead, type VerifiedHead } from './head.js';
import type { Anchor } from './payloads.js';
import { newerAnchor, verifyAnchors, type FollowedAnchors } from './verify-anchors.js';
import { verifyDelegation, verifyRound, type VerifiedDelegation, type VerifiedRound } from './verify-delegation.js';

/** All of a bundle but its documents: what says which documents they must be. */
export type BundleParts = Omit<Bundle, 'documents'>;

export interface VerifiedParts {
  readonly anchors: FollowedAnchors;
  readonly delegation: VerifiedDelegation;
  readonly round: VerifiedRound;
  readonly head: VerifiedHead;
}

export type PartsOutcome =
  | { readonly ok: true; readonly value: VerifiedParts }
  | { readonly ok: false; readonly fault: AllianceFault; readonly at: 'anchors' | 'delegation' | 'round' | 'head' };

/**
 * Verifies who signed a head, its round and its delegation, and that it may follow what is held: each next anchor under the
 * newest that `anchor` and `held` know, the delegation under the last of them, the round under the delegation, the head under
 * both and in order after `held`. Whoever fetches documents one by one asks this before the first of them, so that a mirror
 * without keys cannot keep a gate busy.
 */
export async function verifyParts(
  {
    anchor,
    parts,
    held,
  }: { readonly anchor: Anchor; readonly parts: BundleParts; readonly held?: HeadOrder | undefined },
  port: CryptoPort,
): Promise<PartsOutcome> {
  const anchors = await verifyAnchors(newerAnchor(anchor, held?.anchor), parts.anchors ?? [], port);
  if (!anchors.ok) return { ...anchors, at: 'anchors' };
  const delegation = await verifyDelegation(parts.delegation, anchors.value.anchor, port);
  if (!delegation.ok) return { ...delegation, at: 'delegation' };
  const round = await verifyRound(parts.round, delegation.value, port);
  if (!round.ok) return { ...round, at: 'round' };
  const head = await verifyHead(parts.head, delegation.value, round.value, port);
  if (!head.ok) return { ...head, at: 'head' };
  const outOfOrder = held && checkOrder(head.value, delegation.value, round.value, held);
  if (outOfOrder) return { ...fail(outOfOrder), at: 'head' };
  return pass({ anchors: anchors.value, delegation: delegation.value, round: round.value, head: head.value });
}

/** What verified parts are to the heads after them, where their documents cannot be held. */
export function orderOf({ anchors, delegation, round, head }: VerifiedParts): HeadOrder {
  const { epoch, seq, suspended } = head.payload;
  return {
    anchor: anchors.anchor,
    epoch,
    seq,
    headDigest: head.digest,
    delegationDigest: delegation.digest,
    round: round.payload.round,
    roundDigest: round.digest,
    suspended: new Set(suspended),
  };
}
