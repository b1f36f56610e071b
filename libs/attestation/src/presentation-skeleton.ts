import { decodeBase64url, encodeBase64url } from '#libs/jose-profile';
import { MAX_SECTIONS } from './split-sd-jwt.js';

/**
 * A presentation in two streams. `skeleton` is what compresses: the JSON texts of its parts, with a mark wherever a value of
 * fixed length stood. `values` is what cannot be compressed (digests, salts, nonces, coordinates, signatures), one after the other.
 */
export interface PresentationSkeleton {
  readonly skeleton: Uint8Array;
  readonly values: Uint8Array;
}

// Bytes that UTF-8, and so JSON, has nowhere: none of them can be part of what was signed.
const MARK_16 = '\u00FB';
const MARK_32 = '\u00FC';
const MARK_SIGNATURE = '\u00FD';
const PART = '\u00FE';
const SECTION = '\u00FF';
const FIRST_MARK = 0xfb;
const SIGNATURE_BYTES = 64;
const VALUE_BYTES: Readonly<Record<string, number>> = {
  [MARK_16]: 16,
  [MARK_32]: 32,
  [MARK_SIGNATURE]: SIGNATURE_BYTES,
};
const MARKS = /[\u00FB\u00FC]/g;
const RESERVED = /[\u00FB-\u00FF]/;
/** 16 and 32 bytes in base64url as a JSON string; its bytes stand in for it, quotation marks and all. */
const FIXED_LENGTH = /"([A-Za-z0-9_-]{22}|[A-Za-z0-9_-]{43})"/g;
const MAX_CHARS = 8_192;
/** Of a compact JWS; a disclosure is one. */
const MAX_PARTS = 3;

/**
 * Takes apart `<jws>~<disclosure>~…~[<jws>]`. One presentation has one skeleton.
 * @throws RangeError when it is over 8,192 characters, has more sections or parts than a presentation can have, is not made of
 * canonical base64url parts, a signature is not 64 bytes long, or a text has a byte that no UTF-8 has
 */
export function toSkeleton(presentation: string): PresentationSkeleton {
  const { skeleton, values } = takeApart(presentation);
  return { skeleton: toBytes(skeleton), values: toBytes(values) };
}

/** Puts a presentation together again; `undefined` unless the two streams are exactly what `toSkeleton` makes of it. */
export function fromSkeleton(streams: PresentationSkeleton): string | undefined {
  if (!areMarksSound(streams)) return undefined;
  const skeleton = toBinaryText(streams.skeleton);
  const values = toBinaryText(streams.values);
  const presentation = putTogether(skeleton, streams.values);
  try {
    // What can be written in two ways (a value left unmarked, a mark too many, bytes left over) is told by doing it again.
    const again = takeApart(presentation);
    return again.skeleton === skeleton && again.values === values ? presentation : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the marks are as many as a presentation can have and stand for just the values there are. Counted before anything is
 * built: a text of fifty characters can inflate to thousands of marks, each of which is work.
 */
function areMarksSound({ skeleton, values }: PresentationSkeleton): boolean {
  let sections = 1;
  let parts = 1;
  let valueBytes = 0;
  for (const byte of skeleton) {
    if (byte < FIRST_MARK) continue;
    const mark = String.fromCharCode(byte);
    if (mark === SECTION) {
      sections += 1;
      parts = 1;
    } else if (mark === PART) parts += 1;
    else valueBytes += VALUE_BYTES[mark] ?? 0;
    if (sections > MAX_SECTIONS || parts > MAX_PARTS) return false;
  }
  return valueBytes === values.length;
}

function takeApart(presentation: string): { readonly skeleton: string; readonly values: string } {
  if (presentation.length > MAX_CHARS) throw new RangeError('too large');
  let values = '';
  const texts = presentation.split('~', MAX_SECTIONS + 1).map((section) => section.split('.', MAX_PARTS + 1));
  if (texts.length > MAX_SECTIONS || texts.some((parts) => parts.length > MAX_PARTS))
    throw new RangeError('more sections or parts than a presentation has');
  const sections = texts.map((parts) =>
    parts.map((part, index) => {
      const bytes = decodeBase64url(part);
      if (bytes === undefined) throw new RangeError('not canonical base64url');
      const text = toBinaryText(bytes);
      if (index === 2) {
        if (bytes.length !== SIGNATURE_BYTES) throw new RangeError('not a signature of 64 bytes');
        values += text;
        return MARK_SIGNATURE;
      }
      if (RESERVED.test(text)) throw new RangeError('not UTF-8');
      return text.replace(FIXED_LENGTH, (quoted: string, value: string) => {
        const raw = decodeBase64url(value);
        if (raw === undefined) return quoted;
        values += toBinaryText(raw);
        return raw.length === 16 ? MARK_16 : MARK_32;
      });
    }),
  );
  return { skeleton: sections.map((parts) => parts.join(PART)).join(SECTION), values };
}

function putTogether(skeleton: string, values: Uint8Array): string {
  let at = 0;
  const take = (length: number): string => encodeBase64url(values.subarray(at, (at += length)));
  const sections = skeleton.split(SECTION).map((section) =>
    section.split(PART).map((part) => {
      if (part === MARK_SIGNATURE) return take(SIGNATURE_BYTES);
      return encodeBase64url(toBytes(part.replace(MARKS, (mark) => `"${take(mark === MARK_16 ? 16 : 32)}"`)));
    }),
  );
  return sections.map((parts) => parts.join('.')).join('~');
}

/** One character per byte, so that text tools work on bytes that need not be UTF-8. */
function toBinaryText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function toBytes(binaryText: string): Uint8Array {
  const bytes = new Uint8Array(binaryText.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binaryText.charCodeAt(at);
  return bytes;
}

/** What nearly every skeleton contains, about in the order it contains it: the preset dictionary for deflating it. */
export const SKELETON_DICTIONARY = toBytes(
  [
    `,{"name":"*","id_last4":"X"}]${SECTION}[${MARK_16},"person"`,
    `{"alg":"EdDSA","kid":{"alg":"ES256","kid":${MARK_32},"typ":"dc+sd-jwt"}${PART}`,
    `{"_sd":[${MARK_32}],"at_least":{"_sd":[${MARK_32},${MARK_32},${MARK_32},${MARK_32}]},`,
    `"cnf":{"jwk":{"crv":"P-256","kty":"EC","x":${MARK_32},"y":${MARK_32}}},"exp":1,"iat":1,"iss":"https://.gov.cn.example",`,
    `"partner":"-spot-live-hotel","scheme":{"fingerprint":${MARK_16},"id":"cn-37"},`,
    `"status":{"status_list":{"idx":,"uri":"https://.example/s/1"}},"vct":"https://alliance.example/vct/tier/1"}`,
    `${PART}${MARK_SIGNATURE}${SECTION}[${MARK_16},"AAA",true]${SECTION}[${MARK_16},"AA",true]${SECTION}[${MARK_16},"A",true]`,
    `${SECTION}{"alg":"ES256","typ":"kb+jwt"}${PART}{"aud":"-east","iat":1,"nonce":${MARK_16},"offer":"-free-half-aa",`,
    `"sd_hash":${MARK_32}}${PART}${MARK_SIGNATURE}`,
  ].join(''),
);
