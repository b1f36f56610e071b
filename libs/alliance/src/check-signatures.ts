import {
  fail,
  isSignedBy,
  jwkThumbprint,
  parseDetachedJws,
  pass,
  type CryptoPort,
  type Result,
  type VerificationKey,
} from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import type { SignedType, SuitedKey } from './payloads.js';
import { documentTyp, type SignedDocument } from './signed-document.js';

/** A key that may sign a document, and for whom it counts. */
export interface ListedKey {
  readonly kid: string;
  readonly organisation: string;
  /** `owner`: a county's or partner's statement key; `panel`: one of the roots or officers, of whom any will do. */
  readonly role: 'owner' | 'panel';
  /** A compromised key, or one of a suspended owner, verifies nothing. */
  readonly isUsable: boolean;
  /** Never rejects: a point off its curve gives a key that verifies nothing. */
  readonly verificationKey: () => Promise<VerificationKey>;
}

/** Who must sign: every one of `owners`, and `panel` others; each of a different organisation. */
export interface SignerRule {
  readonly owners: readonly string[];
  readonly panel: number;
}

/** A document with the signatures it needs; `inert` when it has them only by counting keys that verify nothing any more. */
export interface CheckedSignatures {
  readonly standing: 'sound' | 'inert';
  /** The signatures that were found valid, as text. */
  readonly valid: ReadonlySet<string>;
}

/**
 * Checks that a document carries the signatures it needs (`docs/wire.md`, "signed by"). Signatures by keys that are not
 * listed for it are ignored and never counted; an invalid one by a listed key refuses the document. Several signatures of one
 * key, or of several keys of one organisation, count once.
 * @param known signatures that were found valid over this very payload before; they are not verified again
 */
export async function checkSignatures(
  signed: SignedDocument,
  type: SignedType,
  keys: ReadonlyMap<string, ListedKey>,
  rule: SignerRule,
  known: ReadonlySet<string>,
  port: CryptoPort,
): Promise<Result<CheckedSignatures, AllianceFault>> {
  const signers: ListedKey[] = [];
  const valid = new Set<string>();
  for (const token of signed.signatures) {
    const parsed = parseDetachedJws(token, signed.payload, documentTyp(type));
    if (!parsed.ok || Object.keys(parsed.value.header).length !== 3) return fail('SIGNATURE_MALFORMED');
    const key = parsed.value.kid === undefined ? undefined : keys.get(parsed.value.kid);
    if (key === undefined) continue;
    if (!known.has(token) && !(await isSignedBy(parsed.value, await key.verificationKey(), port)))
      return fail('SIGNATURE_INVALID');
    valid.add(token);
    signers.push(key);
  }
  if (!isMet(rule, signers)) return fail('SIGNATURES_MISSING');
  const usable = signers.filter((signer) => signer.isUsable);
  return pass({ standing: isMet(rule, usable) ? 'sound' : 'inert', valid });
}

function isMet(rule: SignerRule, signers: readonly ListedKey[]): boolean {
  const owners = new Set(rule.owners);
  const signed = new Set(signers.filter(({ role }) => role === 'owner').map(({ organisation }) => organisation));
  const panel = new Set(signers.filter(({ role }) => role === 'panel').map(({ organisation }) => organisation));
  return (
    owners.size === rule.owners.length &&
    rule.owners.every((owner) => signed.has(owner)) &&
    [...panel].filter((organisation) => !owners.has(organisation)).length >= rule.panel
  );
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
