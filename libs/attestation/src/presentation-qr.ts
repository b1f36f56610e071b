import { deflateSync, Inflate } from 'fflate';
import { decodeBase64url, encodeBase64url } from '#libs/jose-profile';
import { decodeBase41, encodeBase41 } from './base41.js';

/** Version of the container. A change of the container or of the dictionary takes the next number. */
const VERSION = 1;
const MAX_CONTAINER_BYTES = 4_096;
const MAX_TEXT_CHARS = 4_096;
const LINK = /^HTTPS:\/\/[A-Z0-9.-]{1,64}\/#/;

/** What nearly every presentation contains, in the order it contains it: the preset dictionary of RFC 1951 streams. */
const DICTIONARY = new TextEncoder().encode(
  '{"name":"*","id_last4":"","person",["{"alg":"ES256","kid":"{"alg":"ES256","typ":"kb+jwt"}{"aud":"","iat":17","nonce":"","offer":"","sd_hash":"' +
    '","typ":"dc+sd-jwt"}{"_sd":[""],"at_least":{"_sd":["","",""]},"cnf":{"jwk":{"crv":"P-256","kty":"EC","x":"","y":""}},"exp":17,"iat":17,"iss":"https://' +
    '.example","partner":"-spot-live-hotel","scheme":{"fingerprint":"","id":"cn-37"},"status":{"status_list":{"idx":,"uri":"https://.example/s/1"}},"vct":"https://alliance.example/vct/tier/1"}["","A",true]["","AA",true]["","AAA",true]',
);

/**
 * The text a phone shows: `HTTPS://<host>/#` and the presentation in Base41. Its base64url parts travel as raw bytes
 * (lengths first, then all bytes, deflated with the preset dictionary), so nothing is signed twice or re-serialised.
 * @param host upper-case host of the page that opens when a messenger scans the code
 * @throws RangeError when `presentation` is not made of canonical base64url parts
 */
export function encodePresentationQr(presentation: string, host: string): string {
  const sections = presentation.split('~').map((section) => section.split('.'));
  const parts = sections.flat().map((part) => decodeBase64url(part));
  const lengths: number[] = [VERSION, sections.length];
  for (const section of sections) lengths.push(section.length);
  for (const part of parts) {
    if (part === undefined || part.length > 0xffff) throw new RangeError('not a presentation');
    lengths.push(part.length >> 8, part.length & 0xff);
  }
  const body = concat([Uint8Array.from(lengths), ...parts.map((part) => part ?? new Uint8Array())]);
  return `HTTPS://${host}/#${encodeBase41(deflateSync(body, { level: 9, dictionary: DICTIONARY }))}`;
}

/** The presentation in a scanned text; `undefined` when it is not such a link, or its container is not canonical. */
export function decodePresentationQr(text: string): string | undefined {
  const link = text.length <= MAX_TEXT_CHARS ? LINK.exec(text) : null;
  const packed = link ? decodeBase41(text.slice(link[0].length)) : undefined;
  const body = packed && inflate(packed);
  if (body === undefined || body[0] !== VERSION) return undefined;
  const sectionCount = body[1] ?? 0;
  const partCounts = [...body.subarray(2, 2 + sectionCount)];
  const partTotal = partCounts.reduce((sum, count) => sum + count, 0);
  let at = 2 + sectionCount + 2 * partTotal;
  if (partCounts.length !== sectionCount || sectionCount === 0 || at > body.length) return undefined;
  let part = 2 + sectionCount;
  const sections: string[] = [];
  for (const count of partCounts) {
    const texts: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const length = (body[part]! << 8) | body[part + 1]!;
      part += 2;
      if (at + length > body.length) return undefined;
      texts.push(encodeBase64url(body.subarray(at, at + length)));
      at += length;
    }
    sections.push(texts.join('.'));
  }
  return at === body.length ? sections.join('~') : undefined;
}

/** Inflates in small steps and stops at the first byte too many; `undefined` for a damaged stream. */
function inflate(packed: Uint8Array): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  let total = 0;
  let isComplete = false;
  try {
    const stream = new Inflate({ dictionary: DICTIONARY }, (chunk, final) => {
      total += chunk.length;
      if (total > MAX_CONTAINER_BYTES) throw new RangeError('container too large');
      chunks.push(chunk.slice());
      isComplete = final;
    });
    for (let at = 0; at < packed.length; at += 256)
      stream.push(packed.subarray(at, at + 256), at + 256 >= packed.length);
  } catch {
    return undefined;
  }
  return isComplete ? concat(chunks) : undefined;
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
