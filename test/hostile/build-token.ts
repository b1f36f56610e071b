import { canonicalJson, encodeBase64url, type JsonObject } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { editEncoded } from './edit-encoded.js';
import { editJson } from './edit-json.js';
import { editSignature } from './edit-signature.js';
import type { HostileWorld, NamedKey } from './hostile-world.js';
import type { Edits } from './recipe.js';
import type { ValueReader } from './values.js';

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
  /** The claims as they stand in the payload; `undefined` when they are not readable any more. */
  readonly payload: JsonObject | undefined;
}

/**
 * Builds a token and signs it after its header and payload were edited, so that only the rule a case is about is broken. An edit
 * `sign` names the key: `attacker` is an honest stranger, `attacker as online` claims the other's `kid`.
 */
export async function buildToken(
  plan: TokenPlan,
  edits: Edits,
  world: HostileWorld,
  valueOf: ValueReader,
): Promise<BuiltToken> {
  const { key, claimed } = signerOf(edits.order('sign')?.[0] ?? plan.signer, world);
  const kid = plan.hasKid === false ? {} : { kid: claimed.kid };
  const plain = Buffer.from(canonicalJson({ alg: claimed.key.suite, ...kid, typ: plan.typ }));
  const header = editJson(plain, edits.take('header').only('json'), valueOf);
  const headerText = editEncoded(encodeBase64url(header), edits.take('header').only('text'), valueOf);
  const isDetached = typeof plan.payload === 'string';
  const payload = isDetached
    ? undefined
    : editJson(Buffer.from(canonicalJson(plan.payload as JsonObject)), edits.take('payload').only('json'), valueOf);
  const payloadText =
    payload === undefined
      ? (plan.payload as string)
      : editEncoded(encodeBase64url(payload), edits.take('payload').only('text'), valueOf);
  const input = `${headerText}.${payloadText}`;
  const signature = editSignature(await sign(key, input), input, edits.take('signature').only('json'), valueOf);
  const signatureText = editEncoded(encodeBase64url(signature), edits.take('signature').only('text'), valueOf);
  const after = edits.take('payload').only('after');
  const shownPayload = payload && !after.isEmpty ? encodeBase64url(editJson(payload, after, valueOf)) : payloadText;
  const text = `${headerText}.${isDetached ? '' : shownPayload}.${signatureText}`;
  return { text: editEncoded(text, edits.only('text'), valueOf), payload: payload && readable(payload) };
}

function signerOf(order: unknown, world: HostileWorld): { readonly key: NamedKey; readonly claimed: NamedKey } {
  const [signing, claimed = signing] = String(order).split(' as ');
  return { key: world.key(signing!), claimed: world.key(claimed!) };
}

/** Drawn again until it has a letter in which the two base64 alphabets differ. */
async function sign(key: NamedKey, input: string): Promise<Buffer> {
  for (;;) {
    const signature = Buffer.from(await nodeCrypto.sign(key.key, input));
    if (key.key.suite !== 'ES256' || /[-_]/.test(encodeBase64url(signature))) return signature;
  }
}

function readable(bytes: Buffer): JsonObject | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as JsonObject;
  } catch {
    return undefined;
  }
}
