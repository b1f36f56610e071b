import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentTyp } from '#libs/alliance';
import {
  canonicalJson,
  encodeBase64url,
  isSignedBy,
  type JsonObject,
  parseCompactJws,
  parseDetachedJws,
} from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { waitFor } from '#libs/testing';
import {
  type Answer,
  type Ask,
  COUNTY_ID,
  runCounty,
  type RunningCounty,
} from '../../../../test/county/running-county.js';

/** A federation that takes statements over HTTPS alone, and says what the test wants it to say. */
const received: { readonly id: string; readonly jws: string }[] = [];
let reply: object = { accepted: true };
let federation: Server;
let county: RunningCounty;
let manager: Ask;

beforeAll(async () => {
  federation = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/statements') received.push(JSON.parse(Buffer.concat(chunks).toString()) as never);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(reply));
    });
  });
  await new Promise<void>((resolve) => {
    federation.listen(0, '127.0.0.1', resolve);
  });
  const { port } = federation.address() as AddressInfo;
  county = await runCounty({ federationUrl: `http://127.0.0.1:${port}` });
  manager = await county.as('county_manager');
});
afterAll(async () => {
  await county.close();
  await new Promise((resolve) => {
    federation.close(resolve);
  });
});

interface Statement {
  readonly iss: string;
  readonly jti: string;
  readonly kind: string;
  readonly body: JsonObject;
}

/** The next statement that arrives, its signature verified with the county's statement key. */
async function arrived(answer: Answer): Promise<Statement> {
  expect(answer.status).toBe(202);
  const { jws } = await waitFor(() => received.find(({ id }) => id === answer.body['statement']));
  const parsed = parseCompactJws(jws, { typ: 'xinqiao-statement+jwt' });
  if (!parsed.ok) throw new Error(parsed.fault);
  const key = await nodeCrypto.importPublicKey('ES256', county.statementKey);
  expect(await isSignedBy(parsed.value, key, nodeCrypto)).toBe(true);
  return parsed.value.payload as JsonObject & Statement;
}

async function isCountySignature(signature: unknown, payload: string, type: 'scheme' | 'table'): Promise<boolean> {
  const parsed = parseDetachedJws(String(signature), payload, documentTyp(type));
  const key = await nodeCrypto.importPublicKey('ES256', county.statementKey);
  return parsed.ok && (await isSignedBy(parsed.value, key, nodeCrypto));
}

const countersign = (payload: unknown): Promise<Answer> => manager('POST', '/v1/admin/countersignatures', { payload });
const outbox = async (): Promise<Answer['body']> => (await manager('GET', '/v1/admin/outbox')).body;

async function table(changes: JsonObject = {}): Promise<JsonObject> {
  const [row] = await county.database.query<readonly { readonly fingerprint: string }[]>(
    'SELECT fingerprint FROM scheme_version',
  );
  const scheme = { id: 'cn-371003-haibei', fingerprint: String(row?.fingerprint) };
  const map = { AAA: 'AAA', AA: 'AA', A: 'A' };
  const terms = { version: 1, map, excluded: ['B', 'C', 'D'], effectiveFrom: '2026-01-01' };
  return { type: 'table', id: 'wendeng', scheme, ...terms, ...changes };
}

const partner = (changes: JsonObject = {}): JsonObject => ({
  type: 'partner',
  id: 'wendeng-inn',
  version: 1,
  name: { zh: '客栈' },
  place: '371003',
  hostCounty: COUNTY_ID,
  sites: [{ id: 'inn', name: { zh: '客栈' } }],
  keys: [],
  ...changes,
});

const offer = (changes: JsonObject = {}): JsonObject => ({
  type: 'offer',
  id: 'inn-20',
  version: 1,
  partner: 'wendeng-inn',
  agreement: 'lv',
  band: 'A',
  title: { zh: '住宿八折' },
  effect: { kind: 'percent_off', percent: 20 },
  uses: { n: 1, per: 'order' },
  party: { adults: 2, children: 0, seniors: 0 },
  holderCheck: 'device',
  freshnessSeconds: 259_200,
  from: '2026-01-01',
  to: '2026-12-31',
  blackoutDays: [],
  ...changes,
});

describe('countersigning before anything is declared', () => {
  it('is refused: a table must be of a scheme and fingerprint this county declared', async () => {
    expect(await countersign(await table())).toMatchObject({ status: 422, body: { code: 'COUNTERSIGNATURE_REFUSED' } });
    expect(received).toEqual([]);
  });
});

describe('declaring the scheme', () => {
  it('sends grades and fingerprint with the county signature, and no threshold, rule or score', async () => {
    const { body, iss, kind } = await arrived(await manager('POST', '/v1/admin/scheme-declarations', {}));
    expect([iss, kind]).toEqual([COUNTY_ID, 'scheme-declaration']);
    const { payload } = body as { readonly payload: string };
    expect(await isCountySignature(body['signature'], payload, 'scheme')).toBe(true);
    const declared = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JsonObject;
    expect(declared).toMatchObject({ type: 'scheme', member: COUNTY_ID, positiveFloor: 'A', basis: 'graded' });
    expect(Object.keys(declared).toSorted()).toEqual([
      'basis',
      'fingerprint',
      'grades',
      'id',
      'member',
      'name',
      'positiveFloor',
      'subject',
      'type',
    ]);
  });

  it('said again is the same statement', async () => {
    const again = await manager('POST', '/v1/admin/scheme-declarations');
    expect(again.body['statement']).toBe(received[0]?.id);
    expect(received).toHaveLength(1);
    expect(await outbox()).toMatchObject({ pending: 0, rejected: 0, messages: [{ state: 'delivered', attempts: 1 }] });
  });
});

describe('countersigning', () => {
  it('signs exactly the canonical bytes of a sound table', async () => {
    const payload = await table();
    const answer = await countersign(payload);
    const { body, kind } = await arrived(answer);
    const bytes = canonicalJson(payload);
    expect([kind, body['digest']]).toEqual(['document-signature', encodeBase64url(await nodeCrypto.sha256(bytes))]);
    expect(answer.body['digest']).toBe(body['digest']);
    expect(await isCountySignature(body['signature'], encodeBase64url(bytes), 'table')).toBe(true);
  });

  it.each<readonly [string, JsonObject]>([
    ['is not monotone', { map: { AAA: 'A', AA: 'AA', A: 'A' } }],
    ['maps a grade under the floor', { map: { AAA: 'AAA', AA: 'AA', A: 'A', B: 'A' }, excluded: ['C', 'D'] }],
    ['leaves a grade out', { excluded: ['B', 'C'] }],
    [
      'is of a fingerprint never declared',
      { scheme: { id: 'cn-371003-haibei', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' } },
    ],
    ['is of a scheme of another county', { scheme: { id: 'cn-371082-haibei', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' } }],
    ['has an unknown band', { map: { AAA: 'AAAA', AA: 'AA', A: 'A' } }],
    ['has an unknown member', { note: 'please' }],
  ])('refuses a table that %s', async (_, changes) => {
    const answer = await countersign(await table(changes));
    expect([answer.status, answer.body['code']]).toEqual([422, 'COUNTERSIGNATURE_REFUSED']);
    expect(JSON.stringify(answer.body['fields'])).toContain('/payload');
  });

  it('signs a partner hosted here, and then its offers; never those of others', async () => {
    expect((await countersign(offer())).body['code']).toBe('COUNTERSIGNATURE_REFUSED');
    expect((await countersign(partner({ hostCounty: 'https://rushan.example' }))).body['code']).toBe(
      'COUNTERSIGNATURE_REFUSED',
    );
    expect((await countersign(partner())).status).toBe(202);
    expect((await countersign(offer())).status).toBe(202);
    expect((await countersign(offer({ partner: 'rushan-live' }))).body['code']).toBe('COUNTERSIGNATURE_REFUSED');
  });

  it('signs again a scheme that it declared, also when it grades by another now, and no word of it changed', async () => {
    const { body } = await arrived(await manager('POST', '/v1/admin/scheme-declarations'));
    const { payload: text } = body as { readonly payload: string };
    const scheme = JSON.parse(Buffer.from(text, 'base64url').toString()) as JsonObject;
    // As it was before: declared here once, and graded by no more.
    const former: JsonObject = { ...scheme, fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA', positiveFloor: 'AA' };
    expect((await countersign(former)).body['code']).toBe('COUNTERSIGNATURE_REFUSED');
    const bytes = canonicalJson(former);
    const digest = encodeBase64url(await nodeCrypto.sha256(bytes));
    await county.database.query('INSERT INTO scheme_declaration VALUES ($1, $2, $3, $4, now())', [
      former['id'],
      former['fingerprint'],
      digest,
      JSON.stringify(former),
    ]);
    const again = await arrived(await countersign(former));
    expect([again.kind, again.body['digest']]).toEqual(['document-signature', digest]);
    expect(await isCountySignature(again.body['signature'], encodeBase64url(bytes), 'scheme')).toBe(true);
    expect((await countersign({ ...former, positiveFloor: 'A' })).body['code']).toBe('COUNTERSIGNATURE_REFUSED');
  });

  it('signs no other type, and nothing that is no document', async () => {
    const agreement = {
      type: 'agreement',
      id: 'x',
      version: 1,
      name: { zh: 'x' },
      counties: [],
      schemes: [],
      partners: [],
    };
    for (const payload of [
      { ...agreement, legalBasis: 'x', from: '2026-01-01', to: '2026-12-31' },
      {},
      { type: 'head' },
    ])
      expect((await countersign(payload)).body['code']).toBe('COUNTERSIGNATURE_REFUSED');
    expect((await countersign('text')).body['code']).toBe('BODY_INVALID');
    expect((await countersign(partner({ version: 2 ** 53 }))).body['code']).toBe('COUNTERSIGNATURE_REFUSED');
    expect((await countersign(partner({ id: '\ud800' }))).body['code']).toBe('BODY_INVALID');
  });

  it('shows what the federation refused, and offers it once more when it is said again', async () => {
    reply = { accepted: false, code: 'DOCUMENT_UNKNOWN' };
    const payload = await table({ version: 2, effectiveFrom: '2027-01-01' });
    const { body } = await countersign(payload);
    const message = await waitFor(async () => {
      const { messages } = (await outbox()) as { readonly messages: readonly (JsonObject & { readonly id: string })[] };
      return messages.find(({ id, state }) => id === body['statement'] && state === 'rejected');
    });
    expect(message).toMatchObject({ code: 'DOCUMENT_UNKNOWN', attempts: 1 });
    reply = { accepted: true };
    await countersign(payload);
    await waitFor(async () => (await outbox())['rejected'] === 0 && (await outbox())['pending'] === 0);
  });

  it('is for the county manager; the outbox also for auditors', async () => {
    for (const [role, path, status] of [
      ['auditor', 'countersignatures', 403],
      ['issuing_officer', 'scheme-declarations', 403],
    ] as const)
      expect((await (await county.as(role))('POST', `/v1/admin/${path}`, { payload: {} })).status).toBe(status);
    expect((await (await county.as('auditor'))('GET', '/v1/admin/outbox')).status).toBe(200);
    expect((await (await county.as('collector'))('GET', '/v1/admin/outbox')).status).toBe(403);
    // A village's office does not speak for the county.
    const village = await county.asIn('371003100', 'county_manager');
    for (const [method, path, body] of [
      ['POST', '/v1/admin/scheme-declarations', undefined],
      ['POST', '/v1/admin/countersignatures', { payload: {} }],
      ['GET', '/v1/admin/outbox', undefined],
    ] as const)
      expect((await village(method, path, body)).body['code']).toBe('PLACE_OUT_OF_SCOPE');
  });
});

describe('issuer metadata (SD-JWT VC: JWT VC Issuer Metadata)', () => {
  it('lists the public attest key with kid, use and alg, and none that must not sign a credential', async () => {
    const { body } = await county.ask('GET', '/.well-known/jwt-vc-issuer');
    const facts = { kid: expect.stringMatching(/^[\w-]{43}$/), use: 'sig', alg: 'ES256' };
    expect(body).toEqual({
      issuer: COUNTY_ID,
      jwks: {
        keys: [{ ...county.attestKey, ...facts }],
      },
    });
  });
});
