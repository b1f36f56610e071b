import type { AllianceFault } from './alliance-fault.js';
import type { AllianceTrust, AnyHeldDocument } from './alliance-trust.js';
import { schemeKey, type DocumentRegister } from './document-register.js';
import { covers, type VerifiedHead } from './head.js';
import type { VerifiedDelegation, VerifiedRound } from './verify-delegation.js';

/** What a head that follows is compared with. */
export type HeadOrder = Pick<
  AllianceTrust,
  'anchor' | 'epoch' | 'seq' | 'headDigest' | 'delegationDigest' | 'round' | 'roundDigest' | 'suspended'
>;

/**
 * Whether a head may follow the last accepted one (`docs/wire.md`, Head; design §4.5). A higher epoch, which takes the roots,
 * follows anything: so a stolen online key that ran `seq` to its maximum is recovered from. Within an epoch nothing goes back.
 */
export function checkOrder(
  head: VerifiedHead,
  delegation: VerifiedDelegation,
  round: VerifiedRound,
  held: HeadOrder,
): AllianceFault | undefined {
  const { epoch, seq, prev, suspended } = head.payload;
  if (epoch !== held.epoch) return epoch > held.epoch ? undefined : 'EPOCH_LOWER';
  if (delegation.digest !== held.delegationDigest) return 'DELEGATION_CHANGED';
  if (seq < held.seq) return 'SEQ_LOWER';
  if (seq === held.seq && head.digest !== held.headDigest) return 'HEAD_EQUIVOCATION';
  if (seq === held.seq + 1 && prev !== held.headDigest) return 'PREV_WRONG';
  if (round.payload.round < held.round) return 'ROUND_LOWER';
  if (round.payload.round > held.round) return undefined;
  if (round.digest !== held.roundDigest) return 'ROUND_CHANGED';
  return covers(suspended, held.suspended) ? undefined : 'SUSPENSION_DROPPED';
}

/**
 * Whether documents of one epoch go on from those held: nothing disappears, no older version comes back, no version gets another
 * meaning. What shall no longer hold is suspended, and stays in sight. Two officers sign the `docs_root`; without this they
 * could undo what a county or partner has signed, at once or by way of a round that leaves it out.
 * @param gone the held documents that are not in the register
 */
export function checkContinuity(
  gone: readonly AnyHeldDocument[],
  register: DocumentRegister,
): { readonly fault: AllianceFault; readonly digest: string } | undefined {
  for (const document of gone) {
    const fault = checkSuccessor(document, register);
    if (fault !== undefined) return { fault, digest: document.digest };
  }
  return undefined;
}

function checkSuccessor(document: AnyHeldDocument, register: DocumentRegister): AllianceFault | undefined {
  if (document.type === 'table') return 'DOCUMENT_DROPPED';
  if (document.type === 'scheme') {
    const { id, fingerprint } = document.payload;
    // Its one version is its fingerprint, which does not cover all it says.
    return register.schemes.has(schemeKey(id, fingerprint)) ? 'VERSION_REUSED' : 'DOCUMENT_DROPPED';
  }
  const { id, version } = document.payload;
  const successor = {
    member: register.members,
    partner: register.partners,
    agreement: register.agreements,
    offer: register.offers,
  }[document.type].get(id);
  if (successor === undefined) return 'DOCUMENT_DROPPED';
  if (successor.payload.version > version) return undefined;
  return successor.payload.version === version ? 'VERSION_REUSED' : 'VERSION_LOWER';
}
