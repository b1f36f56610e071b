import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalJson, encodeBase64url, type JsonObject } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, generateTestKey, SMALL_ALLIANCE, type BuiltAlliance } from '#libs/testing';
import { parseAnchor, parseBundle } from './bundle.js';
import type { DocumentType } from './payloads.js';
import {
  addSignature,
  documentDigest,
  parsePayload,
  parseSignedDocument,
  readDocument,
  readDocumentOf,
  signDocument,
} from './signed-document.js';

const NOW = 1_795_000_000;
const encoder = new TextEncoder();
let alliance: BuiltAlliance;
const samples = new Map<string, JsonObject>();
beforeAll(async () => {
  alliance = await buildAlliance(SMALL_ALLIANCE, NOW);
  const { plan, bundle } = alliance;
  const add = (type: DocumentType, content: object | undefined) => samples.set(type, { ...content, type });
  add('member', plan.members[0]);
  add('partner', plan.partners[0]);
  add('scheme', plan.schemes[0]);
  add('agreement', plan.agreements[0]);
  add('table', plan.tables[0]);
  add('offer', plan.offers[1]);
  for (const type of ['delegation', 'round'] as const) {
    const read = await readDocumentOf(type, bundle[type], nodeCrypto);
    samples.set(type, (read.ok ? { ...read.value.payload } : {}) as JsonObject);
  }
});

function parsed(payload: JsonObject): string {
  const outcome = parsePayload(canonicalJson(payload));
  return outcome.ok ? 'ok' : outcome.fault;
}

const TYPES = ['delegation', 'round', 'member', 'partner', 'scheme', 'agreement', 'table', 'offer'];

describe('the payload of a document (docs/wire.md, Signed documents)', () => {
  it.each(TYPES)('%s has exactly its members: none more, none less, none null', (type) => {
    const sample = samples.get(type) ?? {};
    expect(parsed(sample)).toBe('ok');
    expect(parsed({ ...sample, extra: 1 })).toBe('PAYLOAD_MALFORMED');
    for (const member of Object.keys(sample)) {
      const { [member]: _, ...others } = sample;
      expect(parsed(others)).toMatch(/PAYLOAD_MALFORMED|DOCUMENT_TYPE_WRONG/);
      expect(parsed({ ...sample, [member]: null })).toMatch(/PAYLOAD_MALFORMED|DOCUMENT_TYPE_WRONG/);
    }
  });

  it.each([
    ['member', { id: 'http://rongcheng.example' }],
    ['member', { id: 'https://Rongcheng.example' }],
    ['member', { id: 'https://rongcheng.example/?a' }],
    ['member', { id: 'https://user@rongcheng.example' }],
    ['member', { id: `https://${'a'.repeat(200)}.example` }],
    ['member', { id: 'https://rongcheng.example/' }],
    ['member', { id: 'https://rongcheng.example/a' }],
    ['member', { id: 'https://rongcheng.example:443' }],
    ['member', { id: 'https://rongcheng.example.' }],
    ['member', { id: 'https://192.0.2.1' }],
    ['member', { id: 'https://0x7f.1' }],
    ['member', { statusLists: ['https://a.example/s/../1'] }],
    ['member', { statusLists: ['https://a.example/./1'] }],
    ['member', { statusLists: ['https://a.example:443/s/1'] }],
    ['member', { statusLists: ['https://a.example'] }],
    ['agreement', { counties: ['https://rongcheng.example/'] }],
    ['scheme', { member: 'https://rongcheng.example/' }],
    ['partner', { hostCounty: 'https://rongcheng.example/' }],
    ['member', { version: 0 }],
    ['member', { version: 1.5 }],
    ['member', { version: '1' }],
    ['member', { name: { zh: '' } }],
    ['member', { name: { zh: '荣成', fr: 'x' } }],
    ['member', { name: { zh: 'a\u0000b' } }],
    ['member', { statusLists: ['https://a.example/s/1', 'https://a.example/s/1'] }],
    ['partner', { hostCounty: 'rugao' }],
    ['partner', { id: 'rugao spot' }],
    ['partner', { id: '如皋' }],
    ['partner', { id: 'https://rongcheng.example' }],
    ['partner', { sites: [{ id: 'east', name: { zh: '东' }, lanes: [] }] }],
    [
      'partner',
      {
        sites: [
          { id: 'east', name: { zh: '东' } },
          { id: 'east', name: { zh: '西' } },
        ],
      },
    ],
    ['scheme', { grades: ['AA', 'AA', 'A'] }],
    ['scheme', { grades: ['ＡＡ', 'A'] }],
    ['scheme', { grades: ['constructor', 'A'] }],
    ['scheme', { positiveFloor: 'AAAA' }],
    ['scheme', { fingerprint: 'AAAA' }],
    ['scheme', { basis: 'Graded!' }],
    ['agreement', { from: '2026-02-30' }],
    ['agreement', { from: '2036-12-31', to: '2026-01-01' }],
    ['agreement', { counties: ['rongcheng'] }],
    ['table', { map: { AA: 'B' } }],
    ['table', { map: { AA: 'AA' }, excluded: ['AA'] }],
    ['table', { map: { aa: 'AA' } }],
    ['table', { effectiveFrom: '2026-1-1' }],
    ['offer', { band: 'B' }],
    ['offer', { effect: { kind: 'surcharge', percent: 10 } }],
    ['offer', { effect: { kind: 'free', percent: 10 } }],
    ['offer', { effect: { kind: 'percent_off', percent: 100 } }],
    ['offer', { effect: { kind: 'percent_off', percent: -5 } }],
    ['offer', { uses: { n: 0, per: 'day' } }],
    ['offer', { uses: { n: 1, per: 'week' } }],
    ['offer', { party: { adults: 0, children: 0, seniors: 0 } }],
    ['offer', { freshnessSeconds: 7 * 86_400 + 1 }],
    ['offer', { holderCheck: 'none' }],
    ['offer', { blackoutDays: ['2026-13-01'] }],
    ['offer', { dailyLimit: 0 }],
    ['offer', { to: '2025-01-01' }],
    [
      'offer',
      { prices: { currency: 'CNY', adultFen: 1, childFen: 1, seniorFen: 1, statutory: { childFen: 2, seniorFen: 0 } } },
    ],
    ['round', { docs_root: 'AAAA' }],
    ['round', { suspended: ['AAAA'] }],
    ['round', { iat: -1 }],
    ['round', { iat: 2 ** 53 }],
    ['round', { exp: 0 }],
    ['delegation', { officers: [] }],
    ['delegation', { epoch: 1.5 }],
  ])('%s is refused with %j', (type, change) => {
    expect(parsed({ ...samples.get(type), ...change })).toBe('PAYLOAD_MALFORMED');
  });

  it.each([
    { id: 'https://rongcheng.example:4430' },
    { id: 'https://credit.rongcheng.gov.example:8443' },
    { id: 'https://xn--fiqs8s.example' },
    { statusLists: ['https://a.example/s/1', 'https://a.example/s/1.jwt', 'https://a.example/s/..1/'] },
  ])('takes an origin and a list below one in their one form: %j', (change) => {
    expect(parsed({ ...samples.get('member'), ...change })).toBe('ok');
  });

  it('takes keys in their required members only, once, with a suite and a purpose of the profile', () => {
    const sample = samples.get('member') ?? {};
    const [key] = (sample['keys'] ?? []) as readonly { readonly jwk: JsonObject }[];
    const withKeys = (...keys: readonly object[]) => parsed({ ...sample, keys } as JsonObject);
    expect(withKeys({ ...key })).toBe('ok');
    expect(withKeys({ ...key, jwk: { ...key?.jwk, kid: 'x' } })).toBe('PAYLOAD_MALFORMED');
    expect(withKeys({ ...key, jwk: { ...key?.jwk, d: 'AAAA' } })).toBe('PAYLOAD_MALFORMED');
    expect(withKeys({ ...key, alg: 'EdDSA' })).toBe('PAYLOAD_MALFORMED');
    expect(withKeys({ ...key, alg: 'none' })).toBe('PAYLOAD_MALFORMED');
    expect(withKeys({ ...key, purpose: 'officer' })).toBe('PAYLOAD_MALFORMED');
    expect(withKeys({ ...key, status: 'trusted' })).toBe('PAYLOAD_MALFORMED');
    expect(withKeys({ ...key, jku: 'https://a.example' })).toBe('PAYLOAD_MALFORMED');
    expect(withKeys({ ...key }, { ...key })).toBe('PAYLOAD_MALFORMED');
  });

  it('lets a partner have keys for statements and receipts only: who attests is a member', () => {
    const sample = samples.get('partner') ?? {};
    const [key] = (sample['keys'] ?? []) as readonly object[];
    for (const purpose of ['statement', 'receipt', 'attest', 'status'])
      expect(parsed({ ...sample, keys: [{ ...key, purpose }] })).toBe(
        purpose === 'attest' || purpose === 'status' ? 'PAYLOAD_MALFORMED' : 'ok',
      );
  });

  it('is one of the known types', () => {
    expect(parsed({ type: 'head' })).toBe('DOCUMENT_TYPE_WRONG');
    expect(parsed({ type: 'toString' })).toBe('DOCUMENT_TYPE_WRONG');
  });

  it('is canonical JSON (RFC 8785): one meaning, one digest', () => {
    const text = new TextDecoder().decode(canonicalJson(samples.get('table') ?? {}));
    const payload = JSON.parse(text) as JsonObject;
    const spaced = parsePayload(encoder.encode(JSON.stringify(payload, undefined, 1)));
    expect(spaced).toEqual({ ok: false, fault: 'PAYLOAD_NOT_CANONICAL' });
    const reversed = Object.fromEntries(Object.entries(payload).toReversed());
    expect(parsePayload(encoder.encode(JSON.stringify(reversed)))).toEqual({
      ok: false,
      fault: 'PAYLOAD_NOT_CANONICAL',
    });
    const twice = parsePayload(encoder.encode(text.replace('"version":1', '"version":1,"version":1')));
    expect(twice).toEqual({ ok: false, fault: 'PAYLOAD_MALFORMED' });
    const lone = parsePayload(encoder.encode('{"id":"\\ud800","type":"table"}'));
    expect(lone).toEqual({ ok: false, fault: 'PAYLOAD_MALFORMED' });
  });

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.jsonValue(), fc.string(), (type, value, member) => {
        expect(typeof parsePayload(encoder.encode(JSON.stringify({ ...samples.get(type), [member]: value }))).ok).toBe(
          'boolean',
        );
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parsePayload(bytes).ok).toBe(false);
      }),
    );
  });
});

describe('a signed document (docs/wire.md, Two envelopes)', () => {
  it('keeps its digest whoever signs; a second signature of a key replaces the first', async () => {
    const { officers } = alliance.keys;
    const content = alliance.plan.agreements[0];
    if (content === undefined) throw new Error('planned');
    const one = await signDocument('agreement', content, [officers[0]], nodeCrypto);
    const two = await addSignature(one, 'agreement', officers[1], nodeCrypto);
    const three = await addSignature(two, 'agreement', officers[0], nodeCrypto);
    expect([one, two, three].map(({ signatures }) => signatures.length)).toEqual([1, 2, 2]);
    expect(three.signatures[0]).toBe(two.signatures[1]);
    expect(await documentDigest(three, nodeCrypto)).toBe(await documentDigest(one, nodeCrypto));
    const read = await readDocument(three, nodeCrypto);
    expect(read).toMatchObject({
      ok: true,
      value: { type: 'agreement', digest: await documentDigest(one, nodeCrypto) },
    });
  });

  it('is not signed when no gate would read it', async () => {
    const content = alliance.plan.agreements[0];
    if (content === undefined) throw new Error('planned');
    await expect(signDocument('agreement', { ...content, version: 0 }, [], nodeCrypto)).rejects.toThrow(TypeError);
  });

  it.each([
    undefined,
    'x',
    {},
    { payload: 'AAAA' },
    { payload: '', signatures: [] },
    { payload: 'AA=', signatures: [] },
    { payload: 'AAAA', signatures: ['a.b.c'] },
    { payload: 'AAAA', signatures: [], more: 1 },
    { payload: 'AAAA', signatures: Array.from({ length: 17 }, (_, index) => `a..b${index}`) },
  ])('is refused as %j', (value) => {
    expect(parseSignedDocument(value)).toEqual({ ok: false, fault: 'DOCUMENT_MALFORMED' });
  });

  it('has canonical base64url as payload', async () => {
    const broken = { payload: 'AAB', signatures: [] };
    expect(await readDocument(broken, nodeCrypto)).toEqual({ ok: false, fault: 'DOCUMENT_MALFORMED' });
    await expect(documentDigest(broken, nodeCrypto)).rejects.toThrow(TypeError);
    const empty = { payload: encodeBase64url(encoder.encode('{}')), signatures: [] };
    expect(await readDocumentOf('round', empty, nodeCrypto)).toEqual({ ok: false, fault: 'DOCUMENT_TYPE_WRONG' });
  });
});

describe('anchor and bundle (docs/wire.md)', () => {
  it('are read back from JSON as they were', () => {
    expect(parseAnchor(JSON.parse(JSON.stringify(alliance.anchor)) as JsonObject)).toEqual({
      ok: true,
      value: alliance.anchor,
    });
    expect(parseBundle(JSON.parse(JSON.stringify(alliance.bundle)) as JsonObject)).toEqual({
      ok: true,
      value: alliance.bundle,
    });
  });

  it('refuse an anchor whose threshold is one, or more than its organisations can meet', async () => {
    const { keys } = alliance.anchor;
    const jwk = (await generateTestKey()).publicJwk;
    const same = { jwk, alg: 'ES256' as const, organisation: 'root-1' };
    const anchors: readonly object[] = [
      { threshold: 1, keys },
      { threshold: 4, keys },
      { threshold: 2, keys: [keys[0], same] },
      { threshold: 2, keys: [keys[0], keys[0]] },
      { keys },
      [],
    ];
    for (const anchor of anchors)
      expect(parseAnchor(anchor as JsonObject)).toEqual({ ok: false, fault: 'ANCHOR_MALFORMED' });
  });

  it('refuse a bundle with a part missing, added or of another kind', () => {
    const whole: JsonObject = JSON.parse(JSON.stringify(alliance.bundle)) as JsonObject;
    const bundles = [
      ...Object.keys(whole).map((part) => ({ ...whole, [part]: undefined })),
      { ...whole, head: {} },
      { ...whole, extra: [] },
      { ...whole, documents: [{}] },
      undefined,
    ];
    for (const bundle of bundles) expect(parseBundle(bundle)).toEqual({ ok: false, fault: 'BUNDLE_MALFORMED' });
  });
});
