import { fail, pass, type CryptoPort, type Result } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import { checkSignatures, nameKey, type ListedKey } from './check-signatures.js';
import { OFFICERS_NEEDED } from './footing.js';
import type { Anchor, DelegationPayload, OrganisationKey, RoundPayload } from './payloads.js';
import { readDocumentOf, type SignedDocument } from './signed-document.js';

/** A delegation that the anchor's roots signed, its keys named. Whether it has expired is for whoever has a clock. */
export interface VerifiedDelegation {
  readonly payload: DelegationPayload;
  readonly digest: string;
  readonly online: Pick<ListedKey, 'kid' | 'verificationKey'>;
  readonly officers: ReadonlyMap<string, ListedKey>;
  /** The roots' signatures that were found valid, as text. */
  readonly signatures: ReadonlySet<string>;
  /** Every key that has its purpose by anchor or delegation, so none of a member or partner may be one of them. */
  readonly kids: ReadonlySet<string>;
}

export interface VerifiedRound {
  readonly payload: RoundPayload;
  readonly digest: string;
}

/** Verifies a delegation: `threshold` roots of different organisations, and every key in one place only (design §4.5). */
export async function verifyDelegation(
  document: SignedDocument,
  anchor: Anchor,
  port: CryptoPort,
): Promise<Result<VerifiedDelegation, AllianceFault>> {
  const read = await readDocumentOf('delegation', document, port);
  if (!read.ok) return read;
  const { payload, digest } = read.value;
  const roots = await panelOf(anchor.keys, port);
  const rule = { owners: [], panel: anchor.threshold };
  const checked = await checkSignatures(document, 'delegation', roots, rule, port);
  if (!checked.ok) return checked;
  const online = await nameKey(payload.online, port);
  const officers = await panelOf(payload.officers, port);
  const kids = new Set([...roots.keys(), online.kid, ...officers.keys()]);
  if (kids.size !== anchor.keys.length + 1 + payload.officers.length) return fail('KEY_SHARED');
  return pass({ payload, digest, online, officers, signatures: checked.value, kids });
}

/** Verifies a round: two officers of different organisations, in the delegation's epoch. The online key is no officer. */
export async function verifyRound(
  document: SignedDocument,
  delegation: VerifiedDelegation,
  port: CryptoPort,
): Promise<Result<VerifiedRound, AllianceFault>> {
  const read = await readDocumentOf('round', document, port);
  if (!read.ok) return read;
  const { payload, digest } = read.value;
  if (payload.epoch !== delegation.payload.epoch) return fail('ROUND_EPOCH_WRONG');
  const rule = { owners: [], panel: OFFICERS_NEEDED };
  const checked = await checkSignatures(document, 'round', delegation.officers, rule, port);
  return checked.ok ? pass({ payload, digest }) : checked;
}

/** Keys of which any will do, each for its organisation, by thumbprint. */
export async function panelOf(
  keys: readonly OrganisationKey[],
  port: CryptoPort,
): Promise<ReadonlyMap<string, ListedKey>> {
  const panel = new Map<string, ListedKey>();
  for (const key of keys) {
    const named = await nameKey(key, port);
    panel.set(named.kid, { ...named, organisation: key.organisation, role: 'panel', isUsable: true });
  }
  return panel;
}
