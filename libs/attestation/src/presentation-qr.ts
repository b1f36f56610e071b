import { deflateSync, Inflate } from 'fflate';
import { decodeBase41, encodeBase41 } from './base41.js';
import { fromSkeleton, SKELETON_DICTIONARY, toSkeleton } from './presentation-skeleton.js';

/** Version of the container. A change of the container or of the dictionary takes the next number. */
const VERSION = 2;
const HEAD_BYTES = 3;
const MAX_SKELETON_BYTES = 4_096;
const HOST = /^[A-Z0-9.-]{1,64}$/;
/** A browser writes scheme and host in small letters when a messenger opens the link; the fragment it leaves alone. */
const LINK = /^https:\/\/[a-z0-9.-]{1,64}\/#/i;

/** Error correction level for drawing the text: L reads better than M at equal size, as its modules are larger (ADR 6). */
export const QR_LEVEL = 'L';

/** The longest text that fits version 22 at level L (1,006 codewords, three segments because of the `#`). */
export const MAX_QR_CHARS = 1_453;

/**
 * The text a phone shows: `HTTPS://<host>/#` and a container in Base41: version, length of the deflated skeleton (16 bits),
 * the skeleton, the values. The bytes that were signed come back exactly; nothing is signed twice or re-serialised.
 * @param host upper-case host of the page that opens when a messenger scans the code
 * @throws RangeError when `presentation` is none (see `toSkeleton`), `host` is no upper-case host, or the text would not fit
 * version 22 at level L: names beyond the bounds of ADR 6, for which the session is the way
 */
export function encodePresentationQr(presentation: string, host: string): string {
  if (!HOST.test(host)) throw new RangeError('not an upper-case host');
  const { skeleton, values } = toSkeleton(presentation);
  const deflated = deflateSync(skeleton, { level: 9, dictionary: SKELETON_DICTIONARY });
  const head = Uint8Array.of(VERSION, deflated.length >> 8, deflated.length & 0xff);
  const text = `HTTPS://${host}/#${encodeBase41(concat([head, deflated, values]))}`;
  if (text.length > MAX_QR_CHARS) throw new RangeError('does not fit the QR code');
  return text;
}

/** The presentation in a scanned text; `undefined` when it is not such a link, or its container is not canonical. */
export function decodePresentationQr(text: string): string | undefined {
  const link = text.length <= MAX_QR_CHARS ? LINK.exec(text) : null;
  const container = link ? decodeBase41(text.slice(link[0].length)) : undefined;
  if (container === undefined || container.length < HEAD_BYTES || container[0] !== VERSION) return undefined;
  const end = HEAD_BYTES + ((container[1]! << 8) | container[2]!);
  const skeleton = end <= container.length ? inflate(container.subarray(HEAD_BYTES, end)) : undefined;
  return skeleton && fromSkeleton({ skeleton, values: container.subarray(end) });
}

/** Inflates in small steps and stops at the first byte too many; `undefined` for a damaged stream. */
function inflate(packed: Uint8Array): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  let total = 0;
  let isComplete = false;
  try {
    const stream = new Inflate({ dictionary: SKELETON_DICTIONARY }, (chunk, final) => {
      total += chunk.length;
      if (total > MAX_SKELETON_BYTES) throw new RangeError('skeleton too large');
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
