import { canonicalJson, encodeBase64url, type JsonObject, type JsonValue } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { editEncoded } from './edit-encoded.js';
import { editJson } from './edit-json.js';
import { editSignature } from './edit-signature.js';
import type { HostileWorld, NamedKey } from './hostile-world.js';
import type { Edits } from './recipe.js';
import { asText, type ValueReader } from './values.js';

/** A good token before anything is edited. */
export interface TokenPlan {
  readonly typ: string;
  /** Its claims, or the base64url of a payload that travels beside it. */
  readonly payload: JsonObject | string;
  readonly signer: string;
  /** Whether the header names the key; a key-binding JWT's does not. */
  readonly hasKid?: boolean;
}

export interface BuiltToken {
  readonly text: string;
  /** The bytes of the payload that is signed; none where it travels beside the token. */
  readonly payload: Buffer;
}

/**
 * Builds a token and signs it after its header and payload were edited, so that only the rule a case is about is broken. An edit
 * `sign` names the key: `attacker` is an honest stranger, `attacker as online` claims the other's `kid`.
 */
export async function buildToken(
  { typ, payload: claims, signer, hasKid = true }: TokenPlan,
  edits: Edits,
  world: HostileWorld,
  valueOf: ValueReader,
): Promise<BuiltToken> {
  const { key, claimed } = signerOf(edits.order('sign')?.[0] ?? signer, world);
  const plain = { alg: claimed.key.suite, ...(hasKid ? { kid: claimed.kid } : {}), typ };
  const header = editPart(Buffer.from(canonicalJson(plain)), edits.take('header'), valueOf);
  const isDetached = typeof claims === 'string';
  const payload = isDetached
    ? { bytes: Buffer.alloc(0), signed: claims, shown: '' }
    : editPart(Buffer.from(canonicalJson(claims)), edits.take('payload'), valueOf);
  const input = `${header.signed}.${payload.signed}`;
  const own = edits.take('signature');
  const signature = editSignature(await sign(key, input), input, own.only('json'), valueOf);
  const signatureText = editEncoded(encodeBase64url(signature), own.only('text'), valueOf);
  const text = `${header.shown}.${payload.shown}.${signatureText}`;
  return { text: editEncoded(text, edits.only('text'), valueOf), payload: payload.bytes };
}

/** A JSON part once edited: its bytes and base64url as they are signed, and as they are shown after `:after` edits. */
export function editPart(
  plain: Buffer,
  edits: Edits,
  valueOf: ValueReader,
): { readonly bytes: Buffer; readonly signed: string; readonly shown: string } {
  const bytes = editJson(plain, edits.only('json'), valueOf);
  const signed = editEncoded(encodeBase64url(bytes), edits.only('text'), valueOf);
  const after = edits.only('after');
  return { bytes, signed, shown: after.isEmpty ? signed : encodeBase64url(editJson(bytes, after, valueOf)) };
}

function signerOf(order: JsonValue, world: HostileWorld): { readonly key: NamedKey; readonly claimed: NamedKey } {
  const [signing, claimed = signing] = asText(order).split(' as ');
  return { key: world.key(signing!), claimed: world.key(claimed!) };
}

/** Drawn again until it has a letter in which the two base64 alphabets differ. */
async function sign(key: NamedKey, input: string): Promise<Buffer> {
  for (;;) {
    const signature = Buffer.from(await nodeCrypto.sign(key.key, input));
    if (key.key.suite !== 'ES256' || /[-_]/.test(encodeBase64url(signature))) return signature;
  }
}
