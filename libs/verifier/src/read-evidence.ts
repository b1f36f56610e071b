import type { AllianceTrust } from '#libs/alliance';
import {
  matchDisclosures,
  parsePresentation,
  sdHash,
  type KeyBindingClaims,
  type MaskedPerson,
  type TierPresentation,
} from '#libs/attestation';
import {
  encodeBase64url,
  isSignedBy,
  jwkThumbprint,
  type CryptoPort,
  type PublicJwk,
  type VerificationKey,
} from '#libs/jose-profile';
import { statusAt, type VerifiedStatusList } from '#libs/status-list';
import type { AttestationFacts, StatusFacts } from './facts.js';

/** The status lists a gate holds, by exact uri. */
export interface StatusLists {
  get(uri: string): VerifiedStatusList | undefined;
}

/** What a proof must be bound to: this site or session, and the session's nonce where there is one. */
export interface Expectation {
  readonly audience: string;
  /** `undefined` for a rotating QR, whose nonce is the wallet's own. */
  readonly nonce: string | undefined;
  /** The offer a session is for; a code may leave it out, but not name another. `undefined` where the code itself chooses. */
  readonly offer: string | undefined;
}

/** What one presentation proves, and the handles by which a site remembers it (these never enter a receipt). */
export interface Evidence {
  readonly attestation: AttestationFacts | undefined;
  /** The offer the holder asked for. */
  readonly offer: string | undefined;
  readonly memory: EvidenceHandles | undefined;
  readonly person: MaskedPerson | undefined;
}

export interface EvidenceHandles {
  /** Thumbprint of the holder's key: stable for one partner only. */
  readonly holder: string;
  readonly nonce: string;
  /** Digest of the key-binding JWT's signing input, so a mangled signature is still the same proof. */
  readonly proof: string;
}

const UNREADABLE: Evidence = { attestation: undefined, offer: undefined, memory: undefined, person: undefined };
/** The base point of P-256: stands in for an unknown key so that it costs the same work. Never trusted, whatever it verifies. */
const DECOY: PublicJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
  y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
};

/**
 * Reads a presentation: parses it, checks every digest and both signatures, and looks its key and status up in what the gate
 * holds. Never rejects and never decides: a text that is no presentation gives evidence of nothing, and the checks in
 * `decide` do the rest. The same work is done whatever fails after parsing.
 */
export async function readEvidence(
  text: string,
  expectation: Expectation,
  trust: AllianceTrust,
  lists: StatusLists,
  port: CryptoPort,
): Promise<Evidence> {
  const parsed = parsePresentation(text);
  if (!parsed.ok) return UNREADABLE;
  const presentation = parsed.value;
  const { claims, jws, keyBinding } = presentation;
  const listed = jws.kid === undefined ? undefined : trust.key(jws.kid);
  const isIssuerKeyTrusted =
    listed !== undefined &&
    listed.purpose === 'attest' &&
    listed.owner.kind === 'member' &&
    listed.status !== 'compromised' &&
    !listed.suspended;
  const issuerKey = await (listed ? listed.verificationKey() : decoyKey(port));

  const isIssued = await isSignedBy(jws, issuerKey, port);
  const matched = await matchDisclosures(claims, presentation.disclosures, port);
  const isBound = await isHolderBound(presentation, port);
  const disclosed = matched.ok ? matched.value : { thresholds: [], person: undefined };

  return {
    attestation: {
      isIssuerKeyTrusted,
      isGenuine: isIssued && matched.ok && isBound,
      keyOwner: listed?.owner.id,
      issuer: claims.iss,
      vct: claims.vct,
      partner: claims.partner,
      iat: claims.iat,
      exp: claims.exp,
      scheme: claims.scheme,
      thresholds: disclosed.thresholds,
      hasPerson: disclosed.person !== undefined,
      status: readStatus(claims.iss, claims.status, trust, lists),
      binding: keyBinding && {
        iat: keyBinding.claims.iat,
        isForThisVerifier: isMeantFor(keyBinding.claims, expectation),
        isNonceExpected: expectation.nonce === undefined || keyBinding.claims.nonce === expectation.nonce,
      },
    },
    offer: keyBinding?.claims.offer,
    memory: keyBinding && {
      holder: await jwkThumbprint(claims.cnf, port),
      nonce: keyBinding.claims.nonce,
      proof: encodeBase64url(await port.sha256(keyBinding.jws.signingInput)),
    },
    person: disclosed.person,
  };
}

const decoys = new WeakMap<CryptoPort, Promise<VerificationKey>>();

/** Imported once, as listed keys are: importing a point would cost an unknown key a quarter more. */
function decoyKey(port: CryptoPort): Promise<VerificationKey> {
  let decoy = decoys.get(port);
  if (decoy === undefined) {
    decoy = port.importPublicKey('ES256', DECOY);
    decoys.set(port, decoy);
  }
  return decoy;
}

function isMeantFor({ aud, offer }: KeyBindingClaims, expectation: Expectation): boolean {
  const isForOffer = expectation.offer === undefined || offer === undefined || offer === expectation.offer;
  return aud === expectation.audience && isForOffer;
}

/** RFC 9901 §7.3: the key in `cnf` signed the key-binding JWT, and it covers exactly what was presented. */
async function isHolderBound({ claims, keyBinding, sdJwt }: TierPresentation, port: CryptoPort): Promise<boolean> {
  if (keyBinding === undefined) return false;
  let holderKey: VerificationKey;
  try {
    holderKey = await port.importPublicKey('ES256', claims.cnf);
  } catch {
    return false; // not a point of the curve
  }
  const isSigned = await isSignedBy(keyBinding.jws, holderKey, port);
  return keyBinding.claims.sdHash === (await sdHash(sdJwt, port)) && isSigned;
}

function readStatus(
  issuer: string,
  status: { readonly idx: number; readonly uri: string },
  trust: AllianceTrust,
  lists: StatusLists,
): StatusFacts {
  // A suspended member lists nothing: the answer must not be "this gate must sync", which would tell why.
  const member = trust.member(issuer);
  if (member === undefined || member.suspended || !member.payload.statusLists.includes(status.uri))
    return { list: 'not_listed' };
  const list = lists.get(status.uri);
  if (list === undefined || list.issuer !== issuer) return { list: 'missing' };
  return {
    list: 'held',
    isRevoked: statusAt(list, status.idx) !== 0,
    iat: list.iat,
    exp: list.exp,
    digest: list.digest,
  };
}
