import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deflateSync } from 'fflate';
import QRCode from 'qrcode';
import { decodeBase64url, encodeBase64url, type SuiteName } from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { decodeBase41, encodeBase41 } from './base41.js';
import { issueTierAttestation } from './issue-tier-attestation.js';
import { signKeyBinding } from './key-binding.js';
import { decodePresentationQr, encodePresentationQr, MAX_QR_CHARS, QR_LEVEL } from './presentation-qr.js';
import { fromSkeleton, toSkeleton } from './presentation-skeleton.js';

const HOST = 'XINQIAO.EXAMPLE';

/** A presentation with fresh keys, of one threshold and, where named, the masked person. */
async function present(alg: SuiteName = 'ES256', person?: string): Promise<string> {
  const county = await nodeSigner(alg, await generatePrivateJwk(alg));
  const holder = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const token = await issueTierAttestation(
    {
      iss: 'https://rongcheng.example',
      iat: 1_795_363_200,
      exp: 1_796_572_800,
      vct: 'https://alliance.example/vct/tier/1',
      cnf: holder.publicJwk,
      partner: 'rugao-spot',
      status: { idx: 70_000, uri: 'https://rongcheng.example/s/1' },
      scheme: { id: 'cn-371082-credit', fingerprint: encodeBase64url(nodeCrypto.randomBytes(16)) },
      positiveGrades: ['AAA', 'AA', 'A'],
      heldGrades: ['AA', 'A'],
      person: { name: person ?? '王*明', idLast4: '123X' },
    },
    county,
    nodeCrypto,
  );
  const [jws, threshold, , masked] = token.split('~');
  const shown = [jws, threshold, ...(person === undefined ? [] : [masked]), ''].join('~');
  const claims = { iat: 1_795_400_000, aud: 'rugao-spot-east', offer: 'rugao-free-aa' };
  const nonce = encodeBase64url(nodeCrypto.randomBytes(16));
  return shown + (await signKeyBinding(shown, { ...claims, nonce }, holder.key, nodeCrypto));
}

let presentation: string;
let text: string;
beforeAll(async () => {
  presentation = await present();
  text = encodePresentationQr(presentation, HOST);
});

const ascii = (value: string): Uint8Array => new TextEncoder().encode(value);
const concat = (...chunks: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(chunks));

/** A text with any content: as `encodePresentationQr` makes it, but with no preset dictionary used and nothing checked. */
function pack(skeleton: Uint8Array, values: Uint8Array, { version = 2, lengthOff = 0 } = {}): string {
  const deflated = deflateSync(skeleton);
  const length = deflated.length + lengthOff;
  return `HTTPS://${HOST}/#${encodeBase41(concat(Uint8Array.of(version, length >> 8, length & 255), deflated, values))}`;
}

describe('Base41', () => {
  it('gives every byte string back and one text only for it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeBase41(encodeBase41(bytes))).toEqual(bytes);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Z$*\-.:]{0,12}$/), (any) => {
        const bytes = decodeBase41(any);
        expect(bytes === undefined || encodeBase41(bytes) === any).toBe(true);
      }),
    );
  });

  it('refuses foreign characters, impossible lengths and overflow', () => {
    for (const other of ['0', 'abc', '0 0', '%00', ':::', '::']) expect(decodeBase41(other)).toBeUndefined();
  });
});

describe('the QR text of a presentation (design §4.2)', () => {
  it.each<[SuiteName, string | undefined]>([
    ['ES256', undefined],
    ['EdDSA', undefined],
    ['ES256', '阿依古丽·买买提*'],
  ])('gives the presentation back byte for byte: issuer %s, person %s', async (alg, person) => {
    const other = await present(alg, person);
    expect(decodePresentationQr(encodePresentationQr(other, HOST))).toBe(other);
  });

  it('gives back whatever was signed: white space, escapes and texts that only look like digests', () => {
    const json = fc.oneof(
      fc.json({ maxDepth: 2 }),
      fc
        .array(fc.stringMatching(/^[\w-]{22}$|^[\w-]{43}$/), { maxLength: 4 })
        .map((values) => JSON.stringify(values, null, 1)),
      fc.string({ unit: 'binary' }),
    );
    const part = json.map((value) => encodeBase64url(ascii(value)));
    const signature = fc.uint8Array({ minLength: 64, maxLength: 64 }).map(encodeBase64url);
    const jws = fc.tuple(part, part, signature).map((parts) => parts.join('.'));
    const any = fc
      .tuple(jws, fc.array(part, { maxLength: 3 }), fc.option(jws, { nil: '' }))
      .map(([issued, disclosures, binding]) => [issued, ...disclosures, binding].join('~'))
      .filter((value) => value.length < 900);
    fc.assert(fc.property(any, (value) => decodePresentationQr(encodePresentationQr(value, HOST)) === value));
  });

  it('is alphanumeric but for the # itself, and within version 22 at level L, link prefix included', () => {
    const code = QRCode.create(text, { errorCorrectionLevel: QR_LEVEL });
    expect(text.replace('#', '')).toMatch(/^[0-9A-Z$*\-.:/]+$/);
    expect(code.segments.map((segment) => segment.mode.id)).toEqual(['Alphanumeric', 'Byte', 'Alphanumeric']);
    expect(code.version).toBeLessThanOrEqual(22);
  });

  it('bounds the text at the last character that version 22 at level L takes, for every length of the host', () => {
    for (const host of ['X', 'XY'])
      for (const [chars, version] of [
        [MAX_QR_CHARS, 22],
        [MAX_QR_CHARS + 1, 23],
      ] as const)
        expect(QRCode.create(`HTTPS://${host}/#`.padEnd(chars, 'A'), { errorCorrectionLevel: 'L' }).version).toBe(
          version,
        );
  });

  it('throws rather than make a text that does not fit, or one of no presentation or no host', () => {
    const [jws, disclosure, binding] = presentation.split('~');
    const isFit = (other: string, host = HOST): boolean => {
      try {
        return encodePresentationQr(other, host) !== '';
      } catch (error) {
        return !(error instanceof RangeError);
      }
    };
    expect(isFit(presentation)).toBe(true);
    const notUtf8 = encodeBase64url(Uint8Array.of(0x22, 0xfb, 0x22));
    const long = encodeBase64url(ascii(JSON.stringify(nodeCrypto.randomBytes(400).join('x'))));
    const others = [
      [jws, disclosure, long, binding],
      [jws, disclosure, notUtf8, binding],
      [jws, disclosure, 'A'.repeat(8_192), binding],
    ].map((sections) => sections.join('~'));
    for (const other of [...others, 'A', `${presentation}=`, presentation.slice(0, -3)])
      expect(isFit(other)).toBe(false);
    for (const host of ['', 'xinqiao.example', 'X/Y', 'X'.repeat(65)]) expect(isFit(presentation, host)).toBe(false);
  });
});

describe('the QR text on its way (design §4.2: messengers, browsers, keyboard wedges)', () => {
  it('is a link whose fragment a URL parser leaves as it is; with scheme and host in small letters it still reads', () => {
    const opened = new URL(text).href;
    expect(opened).toBe(text.replace(`HTTPS://${HOST}`, `https://${HOST.toLowerCase()}`));
    expect(decodePresentationQr(opened)).toBe(presentation);
  });

  it('has nothing that escaping, unescaping, form encoding, trimming or JSON would change', () => {
    expect(encodeURI(text)).toBe(text);
    expect(decodeURI(text)).toBe(text);
    expect(decodeURIComponent(text)).toBe(text);
    expect(text.trim()).toBe(text);
    expect(text.normalize('NFKC')).toBe(text);
    expect(JSON.stringify(text)).toBe(`"${text}"`);
  });

  it('is not read with a fragment in small letters, or with anything before or behind it', () => {
    const fragment = text.slice(text.indexOf('#'));
    const others = [
      text.replace(fragment, fragment.toLowerCase()),
      ` ${text}`,
      `${text}\n`,
      `${text}?`,
      text.replace('/#', '/x#'),
    ];
    for (const other of [...others, text.replace('HTTPS', 'HTTP'), fragment])
      expect(decodePresentationQr(other)).toBeUndefined();
  });
});

describe('hostile QR texts', () => {
  it('are refused without throwing: noise as text, as container, as skeleton', () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (noise) => refusesOrReads(`HTTPS://X/#${noise}`)));
    fc.assert(fc.property(bytes, (noise) => refusesOrReads(`HTTPS://X/#${encodeBase41(noise)}`)));
    fc.assert(fc.property(bytes, bytes, (noise, values) => refusesOrReads(pack(noise, values))));
  });

  it('are refused when they are cut short, too long, of another version or of a wrong length', () => {
    const { skeleton, values } = toSkeleton(presentation);
    expect(decodePresentationQr(pack(skeleton, values))).toBe(presentation);
    const others = [
      '',
      'HTTPS://X/#',
      'HTTPS://X/#00',
      text.slice(0, -3),
      text.padEnd(MAX_QR_CHARS + 3, '0'),
      pack(skeleton, values, { version: 1 }),
      pack(skeleton, values, { lengthOff: -1 }),
      pack(skeleton, values, { lengthOff: 2_000 }),
    ];
    for (const other of others) expect(decodePresentationQr(other)).toBeUndefined();
  });

  it('cannot make the decoder inflate more than 4,096 bytes', () => {
    const bomb = pack(new Uint8Array(900_000), new Uint8Array());
    expect(bomb.length).toBeLessThanOrEqual(MAX_QR_CHARS);
    expect(decodePresentationQr(bomb)).toBeUndefined();
    const full = ascii('"'.padEnd(4_096, 'x'));
    expect(decodePresentationQr(pack(full, new Uint8Array()))).toBe(encodeBase64url(full));
    expect(decodePresentationQr(pack(concat(full, ascii('x')), new Uint8Array()))).toBeUndefined();
  });

  it('cannot make the decoder put together more sections, parts or values than a presentation has', () => {
    const marks = (skeleton: string, values = new Uint8Array()) => ({
      skeleton: Buffer.from(skeleton, 'latin1'),
      values,
    });
    expect(fromSkeleton(marks('\u00FF'.repeat(9)))).toBe('~'.repeat(9));
    expect(fromSkeleton(marks('\u00FF'.repeat(10)))).toBeUndefined();
    expect(fromSkeleton(marks('\u00FF'.repeat(4_096)))).toBeUndefined();
    expect(() => toSkeleton('~'.repeat(10))).toThrow(RangeError);

    const signature = new Uint8Array(64);
    const jws = `..${encodeBase64url(signature)}`;
    expect(fromSkeleton(marks('\u00FE\u00FE\u00FD', signature))).toBe(jws);
    expect(fromSkeleton(marks('\u00FE\u00FE\u00FD\u00FE', signature))).toBeUndefined();
    expect(() => toSkeleton(`${jws}.`)).toThrow(RangeError);

    for (const [many, bytes] of [
      ['\u00FC'.repeat(4_000), 600],
      ['\u00FC\u00FF'.repeat(2_000), 64_000],
      ['\u00FC\u00FE'.repeat(2_000), 64_000],
    ] as const) {
      const values = new CountedBytes(bytes);
      expect(fromSkeleton(marks(many, values))).toBeUndefined();
      expect(values.taken).toBe(0);
    }
    const { skeleton, values: real } = toSkeleton(presentation);
    const counted = new CountedBytes(real);
    expect(fromSkeleton({ skeleton, values: counted })).toBe(presentation);
    expect(counted.taken).toBeGreaterThan(8);
  });

  it('that write the skeleton in a second way are refused: one skeleton, one presentation', () => {
    const { skeleton, values } = toSkeleton(presentation);
    const binary = Buffer.from(skeleton).toString('latin1');
    const isRefused = (other: string, otherValues = values): boolean =>
      fromSkeleton({ skeleton: Buffer.from(other, 'latin1'), values: otherValues }) === undefined;
    const firstValue = encodeBase64url(values.subarray(0, 32));
    expect(isRefused(binary)).toBe(false);
    expect(isRefused(binary.replace('\u00FC', `"${firstValue}"`), values.subarray(32))).toBe(true);
    expect(isRefused(binary, values.subarray(1))).toBe(true);
    expect(isRefused(binary, concat(values, Uint8Array.of(0)))).toBe(true);
    expect(isRefused(`\u00FD${binary}`)).toBe(true);
    expect(isRefused(`\u00FB${binary}`)).toBe(true);
    fc.assert(
      fc.property(fc.stringMatching(/^[\u00FB-\u00FF"a]{0,12}$/), fc.nat(200), (marks, length) => {
        const streams = { skeleton: Buffer.from(marks, 'latin1'), values: new Uint8Array(length) };
        const read = fromSkeleton(streams);
        if (read === undefined) return true;
        const again = toSkeleton(read);
        return Buffer.from(again.skeleton).equals(streams.skeleton) && again.values.length === length;
      }),
      { numRuns: 1_000 },
    );
  });

  it('may deflate one skeleton in several ways, which is why nothing is remembered by the text (design §4)', () => {
    const { skeleton, values } = toSkeleton(presentation);
    const others = [pack(skeleton, values), text];
    expect(new Set(others).size).toBe(2);
    expect(others.map(decodePresentationQr)).toEqual([presentation, presentation]);
  });
});

/** Bytes that count how often some of them are taken out. */
class CountedBytes extends Uint8Array {
  taken = 0;

  override subarray(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
    this.taken += 1;
    return new Uint8Array(this.slice(begin, end));
  }
}

/** Whether a text is refused, or read as what is made of canonical base64url parts. */
function refusesOrReads(any: string): boolean {
  const read = decodePresentationQr(any);
  return read === undefined || read.split(/[~.]/).every((part) => decodeBase64url(part) !== undefined);
}
