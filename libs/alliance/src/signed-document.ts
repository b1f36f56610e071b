import {
  canonicalJson,
  decodeBase64url,
  encodeBase64url,
  fail,
  isCanonicalJson,
  parseDetachedJws,
  parseStrictObject,
  pass,
  signDetachedJws,
  type CryptoPort,
  type JsonBounds,
  type JsonObject,
  type JsonValue,
  type Result,
  type Signer,
} from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import { list, matching, object, where } from './form.js';
import { PAYLOAD_FORMS } from './payload-forms.js';
import type { PayloadOf, SignedType } from './payloads.js';
import { MAX_SIGNATURES } from './shared-forms.js';

/** What several organisations sign: `docs/wire.md`, second envelope. */
export interface SignedDocument {
  /** Base64url of the canonical JSON. */
  readonly payload: string;
  /** Compact JWS with detached payload (RFC 7515 appendix F), in no order. */
  readonly signatures: readonly string[];
}

/** A document taken apart and checked for form. Nothing in it is trusted yet. */
export interface ReadDocument<Type extends SignedType> {
  readonly type: Type;
  readonly payload: PayloadOf[Type];
  /** `base64url(SHA-256(payload bytes))`: the same whoever signed. */
  readonly digest: string;
  readonly signed: SignedDocument;
}

export type AnyReadDocument = { readonly [Type in SignedType]: ReadDocument<Type> }[SignedType];

const MAX_PAYLOAD_BYTES = 524_288;
export const DOCUMENT_JSON_BOUNDS: JsonBounds = { maxBytes: MAX_PAYLOAD_BYTES, maxDepth: 8, maxValues: 65_536 };

const signedDocument = object<SignedDocument>({
  payload: where(matching(/^[A-Za-z0-9_-]+$/), ({ length }) => length <= Math.ceil((MAX_PAYLOAD_BYTES * 4) / 3)),
  signatures: list(
    where(matching(/^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+$/), ({ length }) => length <= 1_024),
    { max: MAX_SIGNATURES },
  ),
});

export function documentTyp(type: SignedType): string {
  return `xinqiao-${type}+jwt`;
}

/** Checks the envelope of a signed document; what is inside is for `readDocument`. */
export function parseSignedDocument(value: JsonValue | undefined): Result<SignedDocument, AllianceFault> {
  const document = signedDocument(value);
  return document ? pass(document) : fail('DOCUMENT_MALFORMED');
}

/**
 * Parses payload bytes: canonical JSON (RFC 8785) of one type, with exactly the members of `docs/wire.md`. Only canonical
 * bytes are read, so that one meaning has one digest.
 */
export function parsePayload(bytes: Uint8Array): Result<PayloadOf[SignedType], AllianceFault> {
  const parsed = parseStrictObject(bytes, DOCUMENT_JSON_BOUNDS);
  if (!parsed.ok) return fail('PAYLOAD_MALFORMED');
  const type = parsed.value['type'];
  if (!isSignedType(type)) return fail('DOCUMENT_TYPE_WRONG');
  const payload = PAYLOAD_FORMS[type](parsed.value);
  if (payload === undefined) return fail('PAYLOAD_MALFORMED');
  return isCanonicalJson(bytes, parsed.value) ? pass(payload) : fail('PAYLOAD_NOT_CANONICAL');
}

/**
 * Parses a signed document's payload and names its digest. Verifies no signature.
 * @param known documents read before, by digest: a payload that is among them is not parsed again
 */
export async function readDocument(
  signed: SignedDocument,
  port: CryptoPort,
  known?: ReadonlyMap<string, Pick<AnyReadDocument, 'payload'>>,
): Promise<Result<AnyReadDocument, AllianceFault>> {
  const bytes = decodeBase64url(signed.payload);
  if (bytes === undefined) return fail('DOCUMENT_MALFORMED');
  const digest = encodeBase64url(await port.sha256(bytes));
  const before = known?.get(digest);
  const payload = before ? pass(before.payload) : parsePayload(bytes);
  if (!payload.ok) return payload;
  return pass({ type: payload.value.type, payload: payload.value, digest, signed } as AnyReadDocument);
}

/** As `readDocument`, for a document that must be of one type. */
export async function readDocumentOf<Type extends SignedType>(
  type: Type,
  signed: SignedDocument,
  port: CryptoPort,
): Promise<Result<ReadDocument<Type>, AllianceFault>> {
  const read = await readDocument(signed, port);
  if (!read.ok) return read;
  return isOfType(read.value, type) ? pass(read.value) : fail('DOCUMENT_TYPE_WRONG');
}

/**
 * Makes a document of canonical bytes and signs it with each signer. Signers of other organisations add theirs with
 * `addSignature`, over the same bytes.
 * @param content the members of the payload besides `type`
 * @throws TypeError when the content has not the form of its type: nobody signs what no gate reads
 */
export async function signDocument<Type extends SignedType>(
  type: Type,
  content: Omit<PayloadOf[Type], 'type'>,
  signers: readonly Signer[],
  port: CryptoPort,
): Promise<SignedDocument> {
  const bytes = canonicalJson({ ...asJson(content), type });
  const parsed = parsePayload(bytes);
  if (!parsed.ok) throw new TypeError(`not a ${type} document: ${parsed.fault}`);
  let document: SignedDocument = { payload: encodeBase64url(bytes), signatures: [] };
  for (const signer of signers) document = await addSignature(document, type, signer, port);
  return document;
}

/** The document with one more signature; a signature the same key made before is replaced. The digest stays. */
export async function addSignature(
  document: SignedDocument,
  type: SignedType,
  signer: Signer,
  port: CryptoPort,
): Promise<SignedDocument> {
  const signature = await signDetachedJws(documentTyp(type), document.payload, signer, port);
  const others = document.signatures.filter((each) => {
    const parsed = parseDetachedJws(each, document.payload, documentTyp(type));
    return !parsed.ok || parsed.value.kid !== signer.kid;
  });
  return { payload: document.payload, signatures: [...others, signature] };
}

/**
 * The digest of a document: `base64url(SHA-256(payload bytes))`.
 * @throws TypeError when the payload is not canonical base64url
 */
export async function documentDigest(document: SignedDocument, port: CryptoPort): Promise<string> {
  const bytes = decodeBase64url(document.payload);
  if (bytes === undefined) throw new TypeError('the payload of a document is base64url');
  return encodeBase64url(await port.sha256(bytes));
}

function isSignedType(type: JsonValue | undefined): type is SignedType {
  return typeof type === 'string' && Object.hasOwn(PAYLOAD_FORMS, type);
}

function isOfType<Type extends SignedType>(
  document: AnyReadDocument,
  type: Type,
): document is Extract<AnyReadDocument, ReadDocument<Type>> {
  return document.type === type;
}

/** Interfaces lack the index signature of `JsonObject`; `canonicalJson` refuses what JSON cannot carry. */
function asJson(content: object): JsonObject {
  return content as JsonObject;
}
