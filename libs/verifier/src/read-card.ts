import { parseCard } from '#libs/attestation';
import { encodeBase64url } from '#libs/jose-profile';
import { checkIssuerSignature } from './check-signed.js';
import { isGenuine, NO_EVIDENCE, type EvidenceReader } from './evidence.js';
import type { AttestationFacts } from './facts.js';
import { readStatus } from './read-status.js';
import { standIns } from './stand-in.js';

/** Paper has no nonce of its own: the same card is the same visit for as long as a code is (design §4.2). */
const CARD_NONCE = 'card';

/** Reads a printed card (design §4.2). It is bound to no key, so it proves what the county printed and not who holds it. */
export const readCard: EvidenceReader = async (text, expectation, trust, lists, port) => {
  const read = parseCard(text);
  const card = read.ok ? read : parseCard((await standIns(port)).card);
  if (!card.ok) throw new TypeError('the stand-in is a card');
  const { jws, claims } = card.value;
  const signature = await checkIssuerSignature(jws, trust, port);
  const proof = encodeBase64url(await port.sha256(jws.signingInput));
  if (!read.ok) return NO_EVIDENCE;
  const attestation: AttestationFacts = {
    ...signature,
    areDisclosuresSound: true,
    issuer: claims.iss,
    vct: claims.vct,
    partner: undefined,
    agreement: claims.agreement,
    iat: claims.iat,
    exp: claims.exp,
    scheme: claims.scheme,
    thresholds: [claims.atLeast],
    hasPerson: true,
    status: readStatus(claims.iss, claims.status, trust, lists),
    binding: undefined,
  };
  return {
    attestation,
    offer: expectation.offer,
    memory: isGenuine(attestation) ? { holder: proof, nonce: CARD_NONCE, proof } : undefined,
    person: claims.person,
  };
};
