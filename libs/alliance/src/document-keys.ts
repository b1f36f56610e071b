import type { CryptoPort } from '#libs/jose-profile';
import type { AllianceKey, AllianceTrust, HeldDocument } from './alliance-trust.js';
import { nameKey, type ListedKeys } from './check-signatures.js';
import type { DocumentRegister } from './document-register.js';
import type { Footing } from './footing.js';
import type { VerifiedDelegation } from './verify-delegation.js';

export type Owner = HeldDocument<'member'> | HeldDocument<'partner'>;

/** The keys that may sign a document: the statement keys of its owners, and the officers where any are needed. */
export function listedKeys(
  { owners, panel }: Footing<Owner, unknown>,
  { keys }: Pick<DocumentRegister, 'keys'>,
  { officers }: VerifiedDelegation,
): ListedKeys {
  return {
    get: (kid) => {
      // No officer's key is also a member's or partner's (`KEY_SHARED`).
      const officer = panel > 0 ? officers.get(kid) : undefined;
      if (officer !== undefined) return officer;
      const key = keys.get(kid);
      if (key?.purpose !== 'statement' || !owners.some(({ digest }) => digest === key.digest)) return undefined;
      const isUsable = key.status !== 'compromised' && !key.suspended;
      return { kid, organisation: key.owner.id, role: 'owner', isUsable, verificationKey: key.verificationKey };
    },
  };
}

/** The keys of a document that is held: the same, but for whether their owner is suspended. */
export function keysBefore(
  { digest, suspended }: Owner,
  held: AllianceTrust | undefined,
): readonly AllianceKey[] | undefined {
  const keys = held?.keysOf(digest);
  const isSame = keys?.[0]?.suspended === suspended;
  return isSame ? keys : keys?.map((key) => ({ ...key, suspended }));
}

/** Names the keys that a document lists. One that was held in another document keeps its import. */
export async function nameKeys(
  { type, payload, digest, suspended }: Owner,
  held: AllianceTrust | undefined,
  port: CryptoPort,
): Promise<readonly AllianceKey[]> {
  const keys: AllianceKey[] = [];
  const owner = { kind: type, id: payload.id };
  for (const { jwk, alg, purpose, status } of payload.keys) {
    const { kid, verificationKey } = await nameKey({ jwk, alg }, port);
    const imported = held?.key(kid)?.verificationKey ?? verificationKey;
    keys.push({ kid, jwk, suite: alg, purpose, status, owner, digest, suspended, verificationKey: imported });
  }
  return keys;
}
