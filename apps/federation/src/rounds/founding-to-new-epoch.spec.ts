import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AllianceTrust } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { tableInEffect } from '#libs/equivalence';
import { generateTestKey } from '#libs/testing';
import { signDocument } from '#libs/alliance';
import { expectStatus, FederationDesk, NOW } from '../../../../test/federation/federation-desk.js';

const DAY = 86_400;
let desk: FederationDesk;
let held: AllianceTrust;

beforeAll(async () => {
  desk = await FederationDesk.start();
});
afterAll(() => desk.close());

describe('what gates accept (design §4.5), step by step in the life of one alliance', () => {
  it('is nothing before the roots have delegated', async () => {
    const ready = await desk.get('/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.body.fields).toEqual([{ path: 'delegation', message: 'does not answer' }]);
    expect(await desk.get('/v1/head')).toMatchObject({ status: 404, body: { code: 'HEAD_NOT_PUBLISHED' } });
    expect(await desk.get('/v1/bundle')).toMatchObject({ status: 404, body: { code: 'HEAD_NOT_PUBLISHED' } });
    const member = desk.alliance.plan.members[0]!;
    expect(await desk.file('member', member)).toMatchObject({ status: 409, body: { code: 'FEDERATION_NOT_OPEN' } });
  });

  it('is the founding round', async () => {
    expectStatus(await desk.install(1), 201);
    expectStatus(await desk.get('/health/ready'), 200);
    expect(await desk.get('/v1/head')).toMatchObject({ status: 404, body: { code: 'HEAD_NOT_PUBLISHED' } });
    // Founded now, so the table that begins today would lack its notice; it was submitted before.
    const { members, partners, schemes, agreements, tables, offers } = desk.alliance.plan;
    for (const each of members) expectStatus(await desk.file('member', each), 201);
    for (const each of partners) expectStatus(await desk.file('partner', each), 201);
    for (const each of schemes) expectStatus(await desk.file('scheme', each), 201);
    for (const each of agreements) expectStatus(await desk.file('agreement', each), 201);
    for (const each of tables) expect((await desk.file('table', each)).body.code).toBe('LINT_FAILED');
    for (const each of tables) expectStatus(await desk.file('table', each, { submittedAt: NOW - 400 * DAY }), 201);
    for (const each of offers) expectStatus(await desk.file('offer', each), 201);
    expect((await desk.adopt()).body['adopted']).toBe(true);
    held = await desk.trust();
    expect(held).toMatchObject({ epoch: 1, seq: 1, round: 1, headIat: NOW });
    expect(held.documents.size).toBe(8);
    expect(held.offer('rugao-free-aa')?.suspended).toBe(false);
  });

  it('is a second table version, beside the first one', async () => {
    const [table] = desk.alliance.plan.tables;
    desk.clock.advance(60);
    const next = { ...table!, version: 2, effectiveFrom: '2026-12-01', id: 'rongcheng-table-2' };
    const filed = await desk.file('table', { ...next, map: { AAA: 'AA', AA: 'A' }, excluded: ['A', 'B', 'C', 'D'] });
    expectStatus(filed, 201);
    await desk.adopt();
    held = await desk.trust(held);
    expect(held).toMatchObject({ seq: 2, round: 2, headIat: NOW + 60 });
    expect(bandsOf(held, NOW)).toEqual(table!.map);
    expect(bandsOf(held, NOW + 30 * DAY)).toEqual({ AAA: 'AA', AA: 'A' });
  });

  it('is a suspension by one officer, at once', async () => {
    const digest = held.tableVersions('rongcheng', fingerprint())[0]!.digest;
    desk.clock.advance(60);
    expectStatus(await desk.suspend(digest), 201);
    held = await desk.trust(held);
    expect(held).toMatchObject({ seq: 3, round: 2, headIat: NOW + 120 });
    expect(held.documents.get(digest)?.suspended).toBe(true);
    expect(bandsOf(held, NOW)).toBeUndefined();
  });

  it('keeps the suspension in a round that does not lift it, and loses it in one that does', async () => {
    const digest = held.tableVersions('rongcheng', fingerprint())[0]!.digest;
    await desk.adopt();
    held = await desk.trust(held);
    expect(held).toMatchObject({ seq: 4, round: 3 });
    expect(held.documents.get(digest)?.suspended).toBe(true);
    await desk.adopt([digest]);
    held = await desk.trust(held);
    expect(held).toMatchObject({ seq: 5, round: 4 });
    expect(held.documents.get(digest)?.suspended).toBe(false);
  });

  it('is a new epoch with its first round, heads and rounds of the old one going on until then', async () => {
    expectStatus(await desk.install(2), 201);
    expect((await desk.get('/v1/delegation')).body).toMatchObject({ epoch: 1, prepared: { epoch: 2 } });
    held = await desk.trust(held);
    expect(held).toMatchObject({ epoch: 1, seq: 5 });
    const draft = expectStatus(await desk.post('/v1/admin/rounds', { epoch: 2 }, 'officer'), 201);
    await desk.adopt();
    held = await desk.trust(held);
    expect(held).toMatchObject({ epoch: 1, seq: 6, round: 5 });
    expect(draft.body).toMatchObject({ epoch: 2, round: 1, adopted: false });
    await desk.adopt([], undefined, 2);
    held = await desk.trust(held);
    expect(held).toMatchObject({ epoch: 2, seq: 1, round: 1 });
    const delegation = (await desk.get('/v1/delegation')).body;
    expect(delegation['epoch']).toBe(2);
    expect(delegation).not.toHaveProperty('prepared');
    for (const epoch of [1, 3])
      expect((await desk.post('/v1/admin/rounds', { epoch }, 'officer')).body.code).toBe('EPOCH_NOT_PREPARED');
  });

  it('waits, when officers were replaced, until the present ones have signed what the old ones signed', async () => {
    const [first, second] = [await generateTestKey(), await generateTestKey()];
    const officers = [first, second].map(({ publicJwk }, index) => ({
      jwk: publicJwk,
      alg: 'ES256' as const,
      organisation: `new-${index + 1}`,
    }));
    expectStatus(await desk.install(3, { officers }), 201);
    const blocked = await desk.post('/v1/admin/rounds', { epoch: 3 }, 'officer');
    expect(blocked).toMatchObject({ status: 409, body: { code: 'ROUND_BLOCKED' } });
    // All but the offers carry officers' signatures.
    expect(blocked.body.fields).toHaveLength(7);
    const listed = await desk.getAs('auditor', '/v1/admin/documents');
    const documents = listed.body['documents'] as {
      digest: string;
      type: 'member';
      missing: [];
      missingNext: unknown[];
    }[];
    for (const { digest, type, missing, missingNext } of documents) {
      expect(missing).toEqual([]);
      const { payload } = (await desk.getAs('officer', `/v1/admin/documents/${digest}`)).body;
      for (const signer of [first, second].slice(0, missingNext.length))
        expectStatus(await desk.sign(`/v1/admin/documents/${digest}`, payload, type, signer), 200);
    }
    expect((await desk.asGate(held)).ok).toBe(true);
    await desk.adopt([], [first, second], 3);
    held = await desk.trust(held);
    expect(held).toMatchObject({ epoch: 3, seq: 1 });
    expect([...held.documents.values()].filter(({ suspended }) => suspended)).toEqual([]);
  });

  it('refuses a delegation that is not signed by two roots, not higher, expired, or names a key held elsewhere', async () => {
    const { roots, online } = desk.alliance.keys;
    const code = async (epoch: number, change = {}) => (await desk.install(epoch, change)).body.code;
    expect(await code(3, { exp: NOW + 200 * DAY })).toBe('DELEGATION_EPOCH_NOT_HIGHER');
    expect(await code(4, { iat: NOW - 9, exp: NOW })).toBe('DELEGATION_EXPIRED');
    const stranger = await generateTestKey();
    expect(await code(4, { online: { jwk: stranger.publicJwk, alg: 'ES256' } })).toBe('ONLINE_KEY_NOT_HELD');
    const sound = await desk.delegation(4);
    const one = { ...sound, signatures: sound.signatures.slice(0, 1) };
    const answer = await desk.post('/v1/admin/delegations', { delegation: one }, 'officer');
    expect(answer).toMatchObject({ status: 422, body: { code: 'DELEGATION_REFUSED' } });
    expect(answer.body.fields).toEqual([{ path: '/delegation', message: 'SIGNATURES_MISSING' }]);
    const content = {
      epoch: 4,
      iat: NOW,
      exp: NOW + DAY,
      online: { jwk: online.publicJwk, alg: 'ES256' as const },
      officers: [{ jwk: stranger.publicJwk, alg: 'ES256' as const, organisation: 'officer-1' }],
    };
    const self = await signDocument('delegation', content, [online, roots[0]], nodeCrypto);
    const forged = await desk.post('/v1/admin/delegations', { delegation: self }, 'officer');
    expect(forged.body.code).toBe('DELEGATION_REFUSED');
  });
});

function fingerprint(): string {
  return desk.alliance.plan.schemes[0]!.fingerprint;
}

function bandsOf(trust: AllianceTrust, at: number): unknown {
  const versions = trust
    .tableVersions('rongcheng', fingerprint())
    .map(({ payload, suspended }) => ({ table: payload, suspended }));
  const found = tableInEffect(versions, at);
  return found.kind === 'in_effect' ? found.table.map : undefined;
}
