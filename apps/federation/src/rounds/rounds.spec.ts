import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateTestKey, type TestKey } from '#libs/testing';
import { expectStatus, FederationDesk } from '../../../../test/federation/federation-desk.js';

const DAY = 86_400;
let desk: FederationDesk;
let colleague: TestKey;

beforeAll(async () => {
  desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
  colleague = await generateTestKey();
  const officers = [...desk.alliance.keys.officers, colleague].map(({ publicJwk }, index) => ({
    jwk: publicJwk,
    alg: 'ES256' as const,
    organisation: `officer-${(index % 3) + 1}`,
  }));
  expectStatus(await desk.install(1, { officers }), 201);
  await desk.fileAll();
});
afterAll(() => desk.close());

async function draft(lift: readonly string[] = []) {
  const { body } = expectStatus(await desk.post('/v1/admin/rounds', { lift }, 'officer'), 201);
  return { route: `/v1/admin/rounds/${body.digest}`, payload: body.payload, body };
}

describe('a round (design §4.5)', () => {
  it('is signed by two officers of different organisations, and by nobody else', async () => {
    const { keys } = desk.alliance;
    const { online, officers, roots } = keys;
    const { route, payload } = await draft();
    for (const signer of [
      online,
      roots[0],
      keys.member('https://rongcheng.example').statement,
      await generateTestKey(),
    ])
      expect((await desk.sign(route, payload, 'round', signer)).body.code).toBe('SIGNER_UNKNOWN');
    const first = expectStatus(await desk.sign(route, payload, 'round', officers[0]), 200);
    expect(first.body).toMatchObject({ adopted: false, signatures: [{ organisation: 'officer-1' }] });
    expect((await desk.sign(route, payload, 'round', colleague)).body.code).toBe('SIGNATURE_NOT_NEEDED');
    expect((await desk.get('/v1/head')).status).toBe(404);
    const second = expectStatus(await desk.sign(route, payload, 'round', officers[1]), 200);
    expect(second.body).toMatchObject({ adopted: true });
    expect((await desk.get('/v1/head')).status).toBe(200);
  });

  it('may be signed again after its answer was lost', async () => {
    const { officers } = desk.alliance.keys;
    const { route, payload } = await draft();
    expectStatus(await desk.sign(route, payload, 'round', officers[0]), 200);
    expectStatus(await desk.sign(route, payload, 'round', officers[0]), 200);
    const once = expectStatus(await desk.sign(route, payload, 'round', officers[1]), 200);
    const { seq } = await desk.trust();
    expect(expectStatus(await desk.sign(route, payload, 'round', officers[1]), 200).body).toEqual(once.body);
    expect((await desk.trust()).seq).toBe(seq);
    expect((await desk.sign(route, payload, 'round', officers[2])).body.code).toBe('SIGNATURE_NOT_NEEDED');
    expect((await desk.getAs('auditor', route)).body).toEqual(once.body);
  });

  it('is one draft for all officers of a day while nothing changes', async () => {
    const first = await draft();
    await desk.wait(DAY - 1);
    expect((await draft()).body).toEqual(first.body);
    await desk.wait(1);
    expect((await draft()).body.digest).not.toBe(first.body.digest);
  });

  it('is stale once a document is completed, something is suspended, another round is adopted, or it has expired', async () => {
    const { officers } = desk.alliance.keys;
    const [offer] = desk.alliance.plan.offers;
    const code = async ({ route, payload }: { route: string; payload: string }) =>
      (await desk.sign(route, payload, 'round', officers[0])).body.code;

    const beforeOffer = await draft();
    expectStatus(await desk.file('offer', { ...offer!, version: 2 }), 201);
    expect(await code(beforeOffer)).toBe('ROUND_STALE');

    const beforeSuspension = await draft();
    const [digest] = (await desk.trust()).documents.keys();
    expectStatus(await desk.suspend(digest!), 201);
    expect(await code(beforeSuspension)).toBe('ROUND_STALE');

    await desk.adopt([digest!]);
    expect(await code(beforeSuspension)).toBe('ROUND_STALE');
    const beforeLong = await draft();
    await desk.wait(30 * DAY);
    expect(await code(beforeLong)).toBe('ROUND_STALE');
  });

  it('that lifts is another draft than one that had nothing to lift: who signed before did not know', async () => {
    const { officers } = desk.alliance.keys;
    await desk.adopt();
    const innocent = await draft();
    expectStatus(await desk.sign(innocent.route, innocent.payload, 'round', officers[0]), 200);
    const [digest] = (await desk.trust()).documents.keys();
    expectStatus(await desk.suspend(digest!), 201);
    const lifting = await draft([digest!]);
    expect(lifting.body).toMatchObject({ suspended: [], signatures: [] });
    expect(lifting.payload).not.toBe(innocent.payload);
    expect((await desk.sign(innocent.route, innocent.payload, 'round', officers[1])).body.code).toBe('ROUND_STALE');
    await desk.adopt([digest!]);
    expect((await desk.trust()).suspended.size).toBe(0);
  });

  it('of the epoch before cannot be signed any more', async () => {
    const old = await draft();
    expectStatus(await desk.install(2), 201);
    await desk.adopt([], undefined, 2);
    const answer = await desk.sign(old.route, old.payload, 'round', desk.alliance.keys.officers[0]);
    expect(answer).toMatchObject({ status: 409, body: { code: 'ROUND_STALE' } });
    expect(await desk.trust()).toMatchObject({ epoch: 2, round: 1, seq: 1 });
  });

  it('lifts only what is suspended', async () => {
    const [digest] = (await desk.trust()).documents.keys();
    const answer = await desk.post('/v1/admin/rounds', { lift: [digest] }, 'officer');
    expect(answer).toMatchObject({ status: 409, body: { code: 'NOT_SUSPENDED' } });
    expect(await desk.post('/v1/admin/rounds', { lift: ['x'] }, 'officer')).toMatchObject({ status: 400 });
  });

  it('names published documents that another owner must sign from now on, until that one has', async () => {
    const { plan, keys } = desk.alliance;
    const held = await desk.trust();
    const offers = [...held.documents].filter(([, { payload }]) => payload.type === 'offer').map(([digest]) => digest);
    expectStatus(
      await desk.file('partner', { ...plan.partners[0]!, version: 2, hostCounty: 'https://rongcheng.example' }),
      201,
    );
    const blocked = await desk.post('/v1/admin/rounds', {}, 'officer');
    expect(blocked).toMatchObject({ status: 409, body: { code: 'ROUND_BLOCKED' } });
    expect(blocked.body.fields?.map(({ path }) => path).toSorted()).toEqual(
      offers.map((digest) => `/documents/${digest}`).toSorted(),
    );
    for (const digest of offers) {
      const route = `/v1/admin/documents/${digest}`;
      const { body } = await desk.getAs('auditor', route);
      expect(body.missing).toEqual([{ role: 'owner', organisation: 'https://rongcheng.example' }]);
      const { statement } = keys.member('https://rongcheng.example');
      expectStatus(await desk.sign(route, body.payload, 'offer', statement), 200);
    }
    await desk.adopt();
    expect((await desk.trust(held)).partner('rugao-spot')?.payload.hostCounty).toBe('https://rongcheng.example');
  });

  it('goes through with a compromised key: what it signed is inert, and does not vanish', async () => {
    const held = await desk.trust();
    const member = held.member('https://rongcheng.example')!.payload;
    const keys = member.keys.map((key) =>
      key.purpose === 'statement' ? { ...key, status: 'compromised' as const } : key,
    );
    const { type: _, ...content } = member;
    expectStatus(await desk.file('member', { ...content, version: 2, keys }), 201);
    await desk.adopt();
    const [table] = (await desk.trust(held)).tableVersions('rongcheng', desk.alliance.plan.schemes[0]!.fingerprint);
    expect(table).toMatchObject({ suspended: true, inert: true });
  });
});
