import { decodeBase64url } from './base64url.js';
import { fail, pass, type Result } from './result.js';
import {
  parseStrictObject,
  TOKEN_JSON_BOUNDS,
  type JsonBounds,
  type JsonFault,
  type JsonObject,
} from './strict-json.js';
import { isSuiteName, SUITES, type SuiteName } from './suites.js';

export type JwsFault =
  | JsonFault
  | 'JWS_TOO_LARGE'
  | 'JWS_MALFORMED'
  | 'JWS_NOT_CANONICAL'
  | 'JWS_ALG_UNKNOWN'
  | 'JWS_TYP_WRONG'
  | 'JWS_CRIT_REFUSED'
  | 'JWS_KID_MALFORMED'
  | 'JWS_SIGNATURE_LENGTH';

/** A compact JWS taken apart and checked for form. Nothing in it is trusted yet. */
export interface ParsedJws {
  readonly alg: SuiteName;
  readonly typ: string;
  /** Present unless the profile for this `typ` has no `kid` (key-binding JWTs). Only ever a key into a pinned set. */
  readonly kid: string | undefined;
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** ASCII `protected.payload` (RFC 7515 §5.1): what identity for replay, quota and receipts is derived from. */
  readonly signingInput: string;
  readonly signature: Uint8Array;
}

export interface JwsForm {
  /** The exact `typ` (RFC 8725 §3.11); compared as it stands, without a media type prefix. */
  readonly typ: string;
  readonly maxChars?: number;
  readonly bounds?: JsonBounds;
}

const MAX_CHARS = 16_384;
const THUMBPRINT_CHARS = 43;

/**
 * Parses a compact JWS (RFC 7515 §7.1) of exactly one `typ`. Refused: anything not three canonical base64url parts, `alg`
 * outside the profile (so also `none`), `crit` and `b64` whatever they hold, a `kid` that is not a thumbprint. Headers
 * that carry or point to keys (`jwk`, `jku`, `x5u`, `x5c`, `trust_chain`) are never read here.
 */
export function parseCompactJws(token: string, form: JwsForm): Result<ParsedJws, JwsFault> {
  if (token.length > (form.maxChars ?? MAX_CHARS)) return fail('JWS_TOO_LARGE');
  const parts = token.split('.', 4);
  const [protectedPart, payloadPart, signaturePart] = parts;
  if (parts.length !== 3 || !protectedPart || !payloadPart || !signaturePart) return fail('JWS_MALFORMED');
  const payloadBytes = decodeBase64url(payloadPart);
  if (payloadBytes === undefined) return fail('JWS_NOT_CANONICAL');
  const payload = parseStrictObject(payloadBytes, form.bounds ?? TOKEN_JSON_BOUNDS);
  if (!payload.ok) return payload;
  const head = parseHeader(protectedPart, form.typ);
  if (!head.ok) return head;
  const signature = parseSignature(signaturePart, head.value.alg);
  if (!signature.ok) return signature;
  const { alg, typ, kid, header } = head.value;
  const signingInput = token.slice(0, -signaturePart.length - 1);
  return pass({ alg, typ, kid, header, payload: payload.value, signingInput, signature: signature.value });
}

/**
 * Parses a compact JWS with detached payload (`protected..signature`, RFC 7515 appendix F) over bytes that travel beside it.
 * @param payloadPart the base64url text of the payload
 */
export function parseDetachedJws(
  token: string,
  payloadPart: string,
  typ: string,
): Result<Omit<ParsedJws, 'payload'>, JwsFault> {
  if (token.length > MAX_CHARS) return fail('JWS_TOO_LARGE');
  const parts = token.split('.', 4);
  const [protectedPart, empty, signaturePart] = parts;
  if (parts.length !== 3 || !protectedPart || empty !== '' || !signaturePart) return fail('JWS_MALFORMED');
  const head = parseHeader(protectedPart, typ);
  if (!head.ok) return head;
  const signature = parseSignature(signaturePart, head.value.alg);
  if (!signature.ok) return signature;
  const { alg, kid, header } = head.value;
  return pass({ alg, typ, kid, header, signature: signature.value, signingInput: `${protectedPart}.${payloadPart}` });
}

type ParsedHeader = Pick<ParsedJws, 'alg' | 'typ' | 'kid' | 'header'>;

/** Headers of good form by their text, since few signers sign much: what a text says never changes, so nothing depends on it. */
const known = new Map<string, ParsedHeader>();
const MAX_KNOWN = 1_024;
const MAX_KNOWN_CHARS = 256;

function parseHeader(protectedPart: string, typ: string): Result<ParsedHeader, JwsFault> {
  const before = known.get(protectedPart);
  if (before !== undefined && before.typ === typ) return pass(before);
  const head = readHeader(protectedPart, typ);
  if (head.ok && protectedPart.length <= MAX_KNOWN_CHARS) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(protectedPart, head.value);
  }
  return head;
}

function readHeader(protectedPart: string, typ: string): Result<ParsedHeader, JwsFault> {
  const headerBytes = decodeBase64url(protectedPart);
  if (headerBytes === undefined) return fail('JWS_NOT_CANONICAL');
  const parsed = parseStrictObject(headerBytes, TOKEN_JSON_BOUNDS);
  if (!parsed.ok) return parsed;
  const header = parsed.value;
  const { alg, kid } = header;
  if (header['crit'] !== undefined || header['b64'] !== undefined) return fail('JWS_CRIT_REFUSED');
  if (!isSuiteName(alg)) return fail('JWS_ALG_UNKNOWN');
  if (header['typ'] !== typ) return fail('JWS_TYP_WRONG');
  if (kid !== undefined && !isThumbprint(kid)) return fail('JWS_KID_MALFORMED');
  return pass({ alg, typ, kid, header });
}

function parseSignature(signaturePart: string, alg: SuiteName): Result<Uint8Array, JwsFault> {
  const signature = decodeBase64url(signaturePart);
  if (signature === undefined) return fail('JWS_NOT_CANONICAL');
  return signature.length === SUITES[alg].signatureBytes ? pass(signature) : fail('JWS_SIGNATURE_LENGTH');
}

function isThumbprint(value: unknown): value is string {
  return typeof value === 'string' && value.length === THUMBPRINT_CHARS && decodeBase64url(value)?.length === 32;
}
