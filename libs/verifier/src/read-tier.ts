import {
  parsePresentation,
  readTierDisclosures,
  sdHash,
  type KeyBinding,
  type KeyBindingClaims,
  type TierPresentation,
} from '#libs/attestation';
import { encodeBase64url, jwkThumbprint, type CryptoPort } from '#libs/jose-profile';
import { checkIssuerSignature, isSignedByHolder } from './check-signed.js';
import { isGenuine, NO_EVIDENCE, type EvidenceHandles, type EvidenceReader, type Expectation } from './evidence.js';
import type { AttestationFacts, BindingFacts } from './facts.js';
import { readStatus } from './read-status.js';
import { standIns } from './stand-in.js';

interface BoundPresentation extends TierPresentation {
  readonly keyBinding: KeyBinding;
}

const NOTHING_DISCLOSED = { thresholds: [], person: undefined };

/** Reads a tier attestation with key binding (RFC 9901 §7.3): rotating QR and session. */
export const readTier: EvidenceReader = async (text, expectation, trust, lists, port) => {
  const read = parseBound(text);
  const presentation = read ?? (await standInPresentation(port));
  const { claims, jws, disclosures, keyBinding } = presentation;
  const signature = await checkIssuerSignature(jws, trust, port);
  const matched = await readTierDisclosures(jws.payload, disclosures, port);
  const binding = await checkBinding(presentation, expectation, port);
  const handles = await handlesOf(presentation, port);
  if (read === undefined) return NO_EVIDENCE;

  const { thresholds, person } = matched.ok ? matched.value : NOTHING_DISCLOSED;
  const attestation: AttestationFacts = {
    isIssuerKeyTrusted: signature.isIssuerKeyTrusted,
    isIssuerSigned: signature.isIssuerSigned,
    keyOwner: signature.keyOwner,
    areDisclosuresSound: matched.ok,
    issuer: claims.iss,
    vct: claims.vct,
    partner: claims.partner,
    agreement: undefined,
    iat: claims.iat,
    exp: claims.exp,
    scheme: claims.scheme,
    thresholds,
    hasPerson: person !== undefined,
    status: readStatus(claims.iss, claims.status, trust, lists),
    binding,
  };
  return {
    attestation,
    offer: keyBinding.claims.offer,
    memory: isGenuine(attestation) ? handles : undefined,
    person,
  };
};

/** Without key binding it is an attestation, not a presentation (RFC 9901 §7.3 step 2). */
function parseBound(text: string): BoundPresentation | undefined {
  const parsed = parsePresentation(text);
  if (!parsed.ok) return undefined;
  return isBound(parsed.value) ? parsed.value : undefined;
}

function isBound(presentation: TierPresentation): presentation is BoundPresentation {
  return presentation.keyBinding !== undefined;
}

async function standInPresentation(port: CryptoPort): Promise<BoundPresentation> {
  const presentation = parseBound((await standIns(port)).presentation);
  if (presentation === undefined) throw new TypeError('the stand-in is a presentation');
  return presentation;
}

/** RFC 9901 §7.3 step 5: the key in `cnf` signed it, for this verifier, and it covers exactly what was presented. */
async function checkBinding(
  { claims, keyBinding, sdJwt }: BoundPresentation,
  expectation: Expectation,
  port: CryptoPort,
): Promise<BindingFacts> {
  const bound = keyBinding.claims;
  return {
    iat: bound.iat,
    isForThisVerifier: isMeantFor(bound, expectation),
    isNonceExpected: expectation.nonce === undefined || bound.nonce === expectation.nonce,
    isHolderSigned: await isSignedByHolder(keyBinding.jws, claims.cnf, port),
    coversWhatIsShown: bound.sdHash === (await sdHash(sdJwt, port)),
  };
}

function isMeantFor({ aud, offer }: KeyBindingClaims, expectation: Expectation): boolean {
  const isForOffer = expectation.offer === undefined || offer === undefined || offer === expectation.offer;
  return aud === expectation.audience && isForOffer;
}

async function handlesOf({ claims, keyBinding }: BoundPresentation, port: CryptoPort): Promise<EvidenceHandles> {
  return {
    holder: await jwkThumbprint(claims.cnf, port),
    nonce: keyBinding.claims.nonce,
    proof: encodeBase64url(await port.sha256(keyBinding.jws.signingInput)),
  };
}
