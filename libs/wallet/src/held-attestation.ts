import { ATTESTATION_TYP, parsePresentation, readTierDisclosures, type TierClaims } from '#libs/attestation';
import {
  fail,
  isSignedBy,
  jwkThumbprint,
  parseCompactJws,
  pass,
  type CryptoPort,
  type PublicJwk,
  type Result,
  type VerificationKey,
} from '#libs/jose-profile';

/** An attestation as the wallet keeps it: with every disclosure the county sent along. */
export interface HeldAttestation {
  readonly claims: TierClaims;
  /** The issuer's JWS alone, and the thumbprint of the key it says it is signed with. */
  readonly jws: string;
  readonly kid: string | undefined;
  /** Disclosure text by positive grade held. */
  readonly thresholds: ReadonlyMap<string, string>;
  /** Disclosure text of the masked person, if the county sent one. */
  readonly person: string | undefined;
}

/** Several people's proofs on one phone, one live attestation per resident and partner (design §4.1). */
export type Wallet = ReadonlyMap<string, HeldAttestation>;

export type HoldFault = 'ATTESTATION_UNREADABLE' | 'ATTESTATION_NOT_CONSISTENT' | 'ATTESTATION_OF_ANOTHER_KEY';

/**
 * Checks an attestation as issued before keeping it: it parses, every disclosure belongs to it, and it is bound to the key
 * the wallet made for this partner. Whether the county signed it is for `isIssuedBy`, with the key of `kid`.
 */
export async function holdAttestation(
  issued: string,
  holderKey: PublicJwk,
  port: CryptoPort,
): Promise<Result<HeldAttestation, HoldFault>> {
  const parsed = parsePresentation(issued);
  if (!parsed.ok || parsed.value.keyBinding !== undefined) return fail('ATTESTATION_UNREADABLE');
  const { claims, disclosures, jws } = parsed.value;
  const disclosed = await readTierDisclosures(jws.payload, disclosures, port);
  if (!disclosed.ok) return fail('ATTESTATION_NOT_CONSISTENT');
  if ((await jwkThumbprint(claims.cnf, port)) !== (await jwkThumbprint(holderKey, port)))
    return fail('ATTESTATION_OF_ANOTHER_KEY');
  const thresholds = new Map<string, string>();
  for (const { name, text } of disclosures) if (name !== undefined && name !== 'person') thresholds.set(name, text);
  return pass({
    claims,
    jws: issued.slice(0, issued.indexOf('~')),
    kid: jws.kid,
    thresholds,
    person: disclosures.find(({ name }) => name === 'person')?.text,
  });
}

/** Whether the county signed it: RFC 9901 §7.2 step 1, with the key that the county itself or the alliance publishes for `kid`. */
export async function isIssuedBy(
  { jws, kid }: Pick<HeldAttestation, 'jws' | 'kid'>,
  key: VerificationKey & { readonly kid: string },
  port: CryptoPort,
): Promise<boolean> {
  const parsed = parseCompactJws(jws, { typ: ATTESTATION_TYP });
  return parsed.ok && key.kid === kid && isSignedBy(parsed.value, key, port);
}

/** Keeps an attestation; it takes the place of the same person's earlier one for the same partner. */
export function keepAttestation(wallet: Wallet, person: string, held: HeldAttestation): Wallet {
  return new Map(wallet).set(slot(person, held.claims.partner), held);
}

/** The attestation of a person for a partner. */
export function findAttestation(wallet: Wallet, person: string, partner: string): HeldAttestation | undefined {
  return wallet.get(slot(person, partner));
}

function slot(person: string, partner: string): string {
  return JSON.stringify([person, partner]);
}
