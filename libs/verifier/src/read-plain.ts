import type { AllianceTrust } from '#libs/alliance';
import type { PlainAttestation, PlainAttestationFault } from '#libs/attestation';
import { encodeBase64url, type CryptoPort, type Result } from '#libs/jose-profile';
import { checkIssuerSignature } from './check-signed.js';
import type { AttestationFacts } from './facts.js';
import { standIns, type StandIns } from './stand-in.js';

/** What a card or a voucher establishes, before what only one of them says. */
export interface PlainEvidence<Own> {
  readonly claims: PlainAttestation<Own>['claims'];
  readonly facts: Omit<AttestationFacts, 'partner' | 'agreement' | 'hasPerson' | 'status' | 'binding'>;
  /** Digest of the signing input. */
  readonly proof: string;
}

/**
 * Reads a plain attestation, `undefined` when the text is none of its type, and checks its issuer's signature. The same work
 * either way: a stand-in takes the place of what cannot be read.
 */
export async function readPlain<Own>(
  text: string,
  parse: (text: string) => Result<PlainAttestation<Own>, PlainAttestationFault>,
  kind: keyof Pick<StandIns, 'card' | 'voucher'>,
  trust: AllianceTrust,
  port: CryptoPort,
): Promise<PlainEvidence<Own> | undefined> {
  const read = parse(text);
  const plain = read.ok ? read : parse((await standIns(port))[kind]);
  if (!plain.ok) throw new TypeError(`the stand-in is a ${kind}`);
  const { jws, claims } = plain.value;
  const signature = await checkIssuerSignature(jws, trust, port);
  const proof = encodeBase64url(await port.sha256(jws.signingInput));
  if (!read.ok) return undefined;
  const { iss: issuer, vct, iat, exp, scheme, atLeast } = claims;
  const shared = { areDisclosuresSound: true, issuer, vct, iat, exp, scheme, thresholds: [atLeast] };
  return { claims, facts: { ...signature, ...shared }, proof };
}
