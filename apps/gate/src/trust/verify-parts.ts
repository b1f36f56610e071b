import {
  verifyDelegation,
  verifyHead,
  verifyRound,
  type AllianceTrust,
  type Anchor,
  type Bundle,
  type BundleRefusal,
  type HeadPayload,
} from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';

export type PartsOutcome = { readonly ok: true; readonly value: HeadPayload } | BundleRefusal;

/**
 * Verifies who signed a head, its round and its delegation, and that it does not go back behind what is held, before anything
 * is fetched or parsed on their word: a mirror without keys cannot keep a gate busy. `acceptBundle` verifies it all again.
 */
export async function verifyParts(
  parts: Omit<Bundle, 'documents'>,
  anchor: Anchor,
  held: AllianceTrust | undefined,
): Promise<PartsOutcome> {
  const delegation = await verifyDelegation(parts.delegation, anchor, nodeCrypto);
  if (!delegation.ok) return { ...delegation, at: 'delegation' };
  const round = await verifyRound(parts.round, delegation.value, nodeCrypto);
  if (!round.ok) return { ...round, at: 'round' };
  const head = await verifyHead(parts.head, delegation.value, round.value, nodeCrypto);
  if (!head.ok) return { ...head, at: 'head' };
  const { payload } = head.value;
  if (held !== undefined && payload.epoch < held.epoch) return { ok: false, fault: 'EPOCH_LOWER', at: 'head' };
  const isOlder = payload.epoch === held?.epoch && payload.seq < held.seq;
  return isOlder ? { ok: false, fault: 'SEQ_LOWER', at: 'head' } : { ok: true, value: payload };
}
