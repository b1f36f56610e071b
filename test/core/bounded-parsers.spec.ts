import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  acceptBundle,
  BUNDLE_JSON_BOUNDS,
  parseAnchor,
  parseBundle,
  parsePayload,
  parseSignedDocument,
} from '#libs/alliance';
import {
  decodeBase41,
  decodePresentationQr,
  encodePresentationQr,
  parseBadge,
  parseCard,
  parseDisclosure,
  parseKeyBinding,
  parsePresentation,
  parseVoucher,
} from '#libs/attestation';
import {
  decodeBase64url,
  isSuiteName,
  parseCompactJws,
  parseDetachedJws,
  parsePrivateJwk,
  parsePublicJwk,
  parseStrictJson,
  SUITES,
  TOKEN_JSON_BOUNDS,
  type JsonValue,
} from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList, type StatusListExpectation } from '#libs/status-list';
import { buildVisitWorld, statusListOf, type VisitWorld } from '#libs/testing';
import { anyEdit, anyEditInside } from './edits.js';
import { printedCard, vouchedFor } from './other-ways.js';

const NOW = 1_795_000_000;
const COUNTY = 'https://rongcheng.example';
const SUITE_NAMES = Object.keys(SUITES).filter(isSuiteName);
const WAYS = ['rotating_qr', 'session', 'voucher', 'card'] as const;

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const jsonOf = (text: string): JsonValue | undefined => {
  const parsed = parseStrictJson(bytesOf(text), BUNDLE_JSON_BOUNDS);
  return parsed.ok ? parsed.value : undefined;
};

/** Whatever takes text from a stranger: a scanner, a network, a disk. */
const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  parsePresentation,
  parseKeyBinding,
  parseCard,
  parseVoucher,
  parseBadge,
  parseDisclosure,
  decodePresentationQr,
  decodeBase41,
  decodeBase64url,
  parseCompactJws: (text) => parseCompactJws(text, { typ: 'dc+sd-jwt' }),
  parseDetachedJws: (text) => parseDetachedJws(text, text, 'xinqiao-member+jwt'),
  parseStrictJson: (text) => parseStrictJson(bytesOf(text), TOKEN_JSON_BOUNDS),
  parsePayload: (text) => parsePayload(bytesOf(text)),
  parseSignedDocument: (text) => parseSignedDocument(jsonOf(text)),
  parseBundle: (text) => parseBundle(jsonOf(text)),
  parseAnchor: (text) => parseAnchor(jsonOf(text)),
  parsePublicJwk: (text) => SUITE_NAMES.map((suite) => parsePublicJwk(jsonOf(text), suite)),
  parsePrivateJwk: (text) => SUITE_NAMES.map((suite) => parsePrivateJwk(jsonOf(text), suite)),
};

/** Text that no one meant: any bytes, any units (lone surrogates too), runs of what parsers split and count by. */
const noise: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xff_ff }), { maxLength: 100 }).map((units) => String.fromCharCode(...units)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc
    .tuple(fc.constantFrom('~', '.', '[', '{', '"', '\\', '{"a":', 'A', '..', '~~.', ':'), fc.nat({ max: 3_000 }))
    .map(([unit, count]) => unit.repeat(count)),
  fc.json(),
);

const part = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');

/** JSON that is nearly what the profile reads: the right members, now and then with anything for a value. */
const almost = (members: Readonly<Record<string, unknown>>): fc.Arbitrary<object> =>
  fc.record(
    Object.fromEntries(
      Object.entries(members).map(([name, value]) => [
        name,
        fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.jsonValue() }),
      ]),
    ),
    { noNullPrototype: true, requiredKeys: [] },
  );

function almostJws(typ: string, payload: Readonly<Record<string, unknown>>): fc.Arbitrary<string> {
  const header = almost({ alg: 'ES256', kid: 'A'.repeat(43), typ });
  const signature = fc.uint8Array({ minLength: 63, maxLength: 65 });
  return fc
    .tuple(header, almost(payload), signature)
    .map(([head, body, bytes]) => `${part(head)}.${part(body)}.${Buffer.from(bytes).toString('base64url')}`);
}

let world: VisitWorld;
let genuine: readonly string[];
let like: fc.Arbitrary<string>;
let list: StatusListExpectation;
beforeAll(async () => {
  world = await buildVisitWorld(NOW);
  const { bundle, anchor } = world.alliance;
  const proof = await world.issue();
  const shown = await world.present({ proof, withPerson: true });
  const [jws = '', disclosure = ''] = shown.split('~');
  const [card, voucher] = [await printedCard(world), await vouchedFor(world)];
  const token = await statusListOf(world.alliance, COUNTY, { iat: NOW - 60 });
  const documents = [bundle.delegation, bundle.round, ...bundle.documents];
  const payloads = documents.map(({ payload }) => Buffer.from(payload, 'base64url').toString('utf8'));
  const envelopes = documents.map((document) => JSON.stringify(document));
  const text = encodePresentationQr(await world.present({ proof }), 'P.EXAMPLE');
  const whole = [JSON.stringify(bundle), JSON.stringify(anchor), JSON.stringify(proof.privateJwk)];
  genuine = [
    shown,
    text,
    jws,
    shown.slice(shown.lastIndexOf('~') + 1),
    disclosure,
    token,
    card.text,
    voucher.text,
    ...payloads,
    ...envelopes,
    ...whole,
  ];

  const payload = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const bound = { iat: NOW, aud: 'rugao-spot-east', nonce: 'n', sd_hash: 'A'.repeat(43), offer: 'rugao-free-aa' };
  const disclosed = fc.array(fc.jsonValue(), { maxLength: 4 }).map(part);
  const presentation = fc
    .tuple(almostJws('dc+sd-jwt', payload), fc.array(disclosed, { maxLength: 10 }), almostJws('kb+jwt', bound))
    .map(([issued, shownOnes, binding]) => [issued, ...shownOnes, binding].join('~'));
  const edited = fc.constantFrom(...genuine).chain((each) => fc.oneof(anyEdit(each), anyEditInside(each)));
  const spliced = fc
    .tuple(fc.constantFrom(...genuine), fc.constantFrom(...genuine), fc.nat({ max: 800 }), fc.nat({ max: 800 }))
    .map(([one, other, end, start]) => one.slice(0, end) + other.slice(start));
  like = fc.oneof(presentation, edited, spliced);

  const key = await nodeCrypto.importPublicKey('ES256', world.alliance.keys.member(COUNTY).status.publicJwk);
  list = { uri: `${COUNTY}/s/1`, issuer: COUNTY, key };
});

describe('a parser answers whatever it is given, and never throws (design §1.2)', () => {
  it.each(Object.keys(PARSERS))('%s', (name) => {
    const parse = PARSERS[name] ?? (() => undefined);
    fc.assert(
      fc.property(fc.oneof(noise, like), (text) => {
        expect(parse(text)).toEqual(parse(text));
      }),
      { numRuns: 800 },
    );
  });

  it('decodeStatusList', async () => {
    const claims = {
      iss: COUNTY,
      sub: list.uri,
      iat: NOW,
      exp: NOW + 300,
      ttl: 60,
      status_list: { bits: 1, lst: 'eNo' },
    };
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, like, almostJws('statuslist+jwt', claims)), async (text) => {
        const decoded = await decodeStatusList(text, list, nodeCrypto);
        expect(decoded.ok && decoded.value.uri !== list.uri).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each(WAYS)('the gate, asked by way of %s: and grants nothing of it', async (way) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, like), async (text) => {
        fc.pre(!genuine.includes(text));
        const { decision } = await world.visit(text, { expectation: { way, nonce: 'n', offer: 'rugao-free-aa' } });
        expect(['granted', 'check_by_hand']).not.toContain(decision.code);
      }),
      { numRuns: 300 },
    );
  });

  it('acceptBundle, of whatever has the form of a bundle', async () => {
    const { anchor, bundle } = world.alliance;
    const signed = fc.record({
      payload: fc.oneof(like, fc.base64String()),
      signatures: fc.array(like, { maxLength: 3 }),
    });
    const changed = fc.oneof(
      signed.map((delegation) => ({ ...bundle, delegation })),
      signed.map((round) => ({ ...bundle, round })),
      like.map((head) => ({ ...bundle, head })),
      fc.array(signed, { maxLength: 3 }).map((documents) => ({ ...bundle, documents })),
    );
    await fc.assert(
      fc.asyncProperty(changed, async (each) => {
        expect((await acceptBundle({ anchor, bundle: each }, nodeCrypto)).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a parser’s work is bounded', () => {
  const HUGE = 64 * 1024 * 1024;

  it.each([
    ['parsePresentation', 'PRESENTATION_TOO_LARGE'],
    ['parseKeyBinding', 'JWS_TOO_LARGE'],
    ['parseCompactJws', 'JWS_TOO_LARGE'],
    ['parseDetachedJws', 'JWS_TOO_LARGE'],
    ['parseStrictJson', 'JSON_TOO_LARGE'],
    ['parsePayload', 'PAYLOAD_MALFORMED'],
  ])('%s refuses 64 MB unread', (name, fault) => {
    expect(PARSERS[name]?.('A'.repeat(HUGE))).toEqual({ ok: false, fault });
  });

  it.each(['parseCard', 'parseVoucher', 'parseBadge', 'parseDisclosure'])('%s refuses 64 MB', (name) => {
    expect(PARSERS[name]?.('A'.repeat(HUGE))).toMatchObject({ ok: false });
  });

  it('decodePresentationQr takes no text longer than a code can hold', () => {
    expect(decodePresentationQr(`HTTPS://P.EXAMPLE/#${'0'.repeat(HUGE)}`)).toBeUndefined();
  });

  it('parseBundle looks at every member a bounded number of times, however many documents there are', () => {
    const looksAt = (count: number): number => {
      const [document] = world.alliance.bundle.documents;
      const copies = Array.from({ length: count }, (_, at) => ({ ...document, payload: `A${at}` }));
      const text = JSON.stringify({ ...world.alliance.bundle, documents: copies });
      let looks = 0;
      const watched = watch(JSON.parse(text) as object, () => (looks += 1));
      expect(parseBundle(watched as JsonValue).ok).toBe(true);
      return looks;
    };
    const [few, many] = [looksAt(50), looksAt(500)];
    expect(many / few).toBeLessThan(10.5);
  });
});

/** The same value, every read of a member told. */
function watch<Value extends object>(value: Value, onLook: () => void): Value {
  return new Proxy(value, {
    get(target, name): unknown {
      onLook();
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'object' && member !== null ? watch(member, onLook) : member;
    },
  });
}
