import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMALL_ALLIANCE } from '#libs/testing';
import { expectStatus, FederationDesk } from '../../../../test/federation/federation-desk.js';

const OTHER_FINGERPRINT = 'BBBBBBBBBBBBBBBBBBBBBA';
let desk: FederationDesk;
let fingerprint: string;

beforeAll(async () => {
  const plan = {
    ...SMALL_ALLIANCE,
    schemes: [...(SMALL_ALLIANCE.schemes ?? []), { id: 'rugao', member: 'https://rugao.example' }],
  };
  desk = await FederationDesk.start({ plan, config: { foundedAt: '2025-12-01' } });
  fingerprint = desk.alliance.plan.schemes[0]!.fingerprint;
});
afterAll(() => desk.close());

async function ask(query: string) {
  const answer = await desk.get(`/v1/equivalence?${query}`);
  return expectStatus(answer, 200).body;
}

describe('which band has this grade on this day (design §3, §4.4)', () => {
  it('is not known before the first head', async () => {
    const answer = await desk.get('/v1/equivalence?scheme=rongcheng&grade=AA');
    expect(answer).toMatchObject({ status: 404, body: { code: 'HEAD_NOT_PUBLISHED' } });
    await desk.found();
  });

  it('is answered with the table version, today and under the newest declaration unless asked otherwise', async () => {
    const digest = await desk.alliance.digestOf('table', 'rongcheng-table-1');
    const table = { id: 'rongcheng-table-1', version: 1, digest, effectiveFrom: '2026-01-01' };
    expect(await ask('scheme=rongcheng&grade=AA')).toEqual({
      scheme: 'rongcheng',
      fingerprint,
      grade: 'AA',
      day: '2026-11-20',
      band: 'AA',
      table,
    });
    expect(await ask(`scheme=rongcheng&grade=AAA&day=2026-01-01&fingerprint=${fingerprint}`)).toMatchObject({
      band: 'AAA',
      day: '2026-01-01',
    });
  });

  it('is no band, for a reason, wherever there is no rule', async () => {
    const none = async (query: string) => {
      const { band, reason, table } = await ask(query);
      return [band, reason, table === null];
    };
    expect(await none('scheme=rongcheng&grade=B')).toEqual([null, 'excluded', false]);
    expect(await none('scheme=rongcheng&grade=ZZ')).toEqual([null, 'unmapped', false]);
    expect(await none('scheme=rongcheng&grade=AA&day=2025-12-31')).toEqual([null, 'unmapped', true]);
    expect(await none('scheme=rugao&grade=AA')).toEqual([null, 'unmapped', true]);
    expect(await none('scheme=nobody&grade=AA')).toEqual([null, 'not_declared', true]);
    expect(await none(`scheme=rongcheng&grade=AA&fingerprint=${OTHER_FINGERPRINT}`)).toEqual([
      null,
      'not_declared',
      true,
    ]);
    expect((await ask('scheme=nobody&grade=AA'))['fingerprint']).toBeNull();
  });

  it('is unmapped under a new fingerprint until the alliance maps it; the old one is still answered', async () => {
    const changed = { ...desk.alliance.plan.schemes[0]!, fingerprint: OTHER_FINGERPRINT };
    desk.clock.advance(60);
    expectStatus(await desk.file('scheme', changed), 201);
    await desk.adopt();
    expect(await ask('scheme=rongcheng&grade=AA')).toMatchObject({
      fingerprint: OTHER_FINGERPRINT,
      band: null,
      reason: 'unmapped',
    });
    expect(await ask(`scheme=rongcheng&grade=AA&fingerprint=${fingerprint}`)).toMatchObject({ band: 'AA' });
  });

  it('is suspended with its table, never an older version', async () => {
    expectStatus(await desk.suspend(await desk.alliance.digestOf('table', 'rongcheng-table-1')), 201);
    const answer = await ask(`scheme=rongcheng&grade=AA&fingerprint=${fingerprint}`);
    expect(answer).toMatchObject({ band: null, table: null, reason: 'suspended' });
  });

  it.each([
    'scheme=rongcheng',
    'grade=AA',
    'scheme=rongcheng&grade=aa',
    'scheme=rongcheng&grade=AA&day=2026-02-30',
    'scheme=rongcheng&grade=AA&day=today',
    'scheme=rongcheng&grade=AA&fingerprint=x',
    'scheme=rongcheng&grade=AA&score=1045',
    'scheme=rongcheng&scheme=other&grade=AA',
  ])('refuses the question %s', async (query) => {
    expect(await desk.get(`/v1/equivalence?${query}`)).toMatchObject({ status: 400, body: { code: 'BODY_INVALID' } });
  });
});
