import {
  fail,
  isSignedBy,
  jwkThumbprint,
  parseDetachedJws,
  pass,
  type CryptoPort,
  type ParsedJws,
  type Result,
  type VerificationKey,
} from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import type { SignedType, SuitedKey } from './payloads.js';
import { documentTyp, type SignedDocument } from './signed-document.js';
import { isMet, type Signer, type SignerRule } from './signer-rule.js';

/** A key that may sign a document, and for whom it counts. */
export interface ListedKey extends Signer {
  readonly kid: string;
  /** A compromised key, or one of a suspended owner, verifies nothing. */
  readonly isUsable: boolean;
  /** Never rejects: a key that the port cannot import has no handle and verifies nothing. */
  readonly verificationKey: () => Promise<VerificationKey>;
}

/** The keys that are listed for a document, by thumbprint. */
export interface ListedKeys {
  get(kid: string): ListedKey | undefined;
}

/**
 * A signature of good form, and whether it was found valid. That never changes for one payload: `kid` is the digest of the very
 * key, and the key fixes its suite. Not valid are those that nobody listed has made, and those that this port cannot check.
 */
export interface DocumentSignature {
  readonly token: string;
  readonly kid: string | undefined;
  readonly isValid: boolean;
}

/** A document with the signatures it needs; `inert` when it has them only by counting keys that verify nothing. */
export type SignatureStanding = 'sound' | 'inert';

/**
 * Verifies the signatures by keys that are listed for a document; the others are parsed and ignored. One that is malformed, or
 * invalid by a listed key, refuses the document.
 * @param known signatures over this very payload that were verified before: what was found valid is not verified again
 */
export async function verifySignatures(
  signed: SignedDocument,
  type: SignedType,
  keys: ListedKeys,
  known: readonly DocumentSignature[],
  port: CryptoPort,
): Promise<Result<readonly DocumentSignature[], AllianceFault>> {
  const signatures: Promise<DocumentSignature | undefined>[] = [];
  for (const token of signed.signatures) {
    const before = known.find((each) => each.isValid && each.token === token);
    if (before !== undefined) {
      signatures.push(Promise.resolve(before));
      continue;
    }
    const parsed = parseDetachedJws(token, signed.payload, documentTyp(type));
    if (!parsed.ok || Object.keys(parsed.value.header).length !== 3) return fail('SIGNATURE_MALFORMED');
    const { kid } = parsed.value;
    const key = listedKey(kid, keys);
    signatures.push(key ? verifyOne(token, parsed.value, key, port) : Promise.resolve({ token, kid, isValid: false }));
  }
  const verified = await Promise.all(signatures);
  return verified.every((each) => each !== undefined) ? pass(verified) : fail('SIGNATURE_INVALID');
}

/** `undefined` for a signature that the key has not made. Not valid, but not refused, where the port cannot check the key. */
async function verifyOne(
  token: string,
  jws: Pick<ParsedJws, 'alg' | 'kid' | 'signingInput' | 'signature'>,
  { verificationKey }: ListedKey,
  port: CryptoPort,
): Promise<DocumentSignature | undefined> {
  const key = await verificationKey();
  const isCheckable = key.handle !== undefined;
  if (isCheckable && !(await isSignedBy(jws, key, port))) return undefined;
  return { token, kid: jws.kid, isValid: isCheckable };
}

/**
 * Applies the signer rule (`docs/wire.md`, "signed by") to verified signatures; `undefined` when it is not met. Signatures by keys
 * that are not listed never count, several of one key or organisation count once.
 */
export function standingBy(
  signatures: readonly DocumentSignature[],
  keys: ListedKeys,
  rule: SignerRule,
): SignatureStanding | undefined {
  const signers: ListedKey[] = [];
  const usable: ListedKey[] = [];
  for (const { kid, isValid } of signatures) {
    const key = listedKey(kid, keys);
    if (key === undefined) continue;
    signers.push(key);
    if (key.isUsable && isValid) usable.push(key);
  }
  if (isMet(rule, usable)) return 'sound';
  return isMet(rule, signers) ? 'inert' : undefined;
}

/** Both in one, for what is sound or says nothing at all: an anchor, a delegation, a round. The valid signatures. */
export async function checkSignatures(
  signed: SignedDocument,
  type: SignedType,
  keys: ListedKeys,
  rule: SignerRule,
  port: CryptoPort,
): Promise<Result<ReadonlySet<string>, AllianceFault>> {
  const signatures = await verifySignatures(signed, type, keys, [], port);
  if (!signatures.ok) return signatures;
  if (standingBy(signatures.value, keys, rule) !== 'sound') return fail('SIGNATURES_MISSING');
  return pass(new Set(signatures.value.filter(({ isValid }) => isValid).map(({ token }) => token)));
}

function listedKey(kid: string | undefined, keys: ListedKeys): ListedKey | undefined {
  return kid === undefined ? undefined : keys.get(kid);
}

/** A key's RFC 7638 name, and its import on first use. */
export async function nameKey(
  { jwk, alg }: SuitedKey,
  port: CryptoPort,
): Promise<Pick<ListedKey, 'kid' | 'verificationKey'>> {
  let imported: Promise<VerificationKey> | undefined;
  return {
    kid: await jwkThumbprint(jwk, port),
    verificationKey: () =>
      (imported ??= port.importPublicKey(alg, jwk).catch(() => ({ suite: alg, handle: undefined }))),
  };
}
