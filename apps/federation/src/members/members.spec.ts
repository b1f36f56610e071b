import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COUNTY, HOST, SMALL_ALLIANCE } from '#libs/testing';
import { expectStatus, FederationDesk } from '../../../../test/federation/federation-desk.js';

const DECLARED = 'https://declared.example';
let desk: FederationDesk;

beforeAll(async () => {
  const plan = {
    ...SMALL_ALLIANCE,
    members: [...(SMALL_ALLIANCE.members ?? []), { id: DECLARED, place: '371083' }],
    schemes: [...(SMALL_ALLIANCE.schemes ?? []), { id: 'declared', member: DECLARED }],
  };
  desk = await FederationDesk.start({ plan, config: { foundedAt: '2025-12-01' } });
});
afterAll(() => desk.close());

interface Listed {
  readonly id: string;
  readonly status: string;
}

async function statuses(): Promise<object> {
  const { body } = expectStatus(await desk.get('/v1/members'), 200);
  return Object.fromEntries((body['members'] as readonly Listed[]).map(({ id, status }) => [id, status]));
}

describe('who is a member, and whether its grades have bands (domain F30 to F34)', () => {
  it('is not known before the first head', async () => {
    expect(await desk.get('/v1/members')).toMatchObject({ status: 404, body: { code: 'HEAD_NOT_PUBLISHED' } });
    await desk.found();
  });

  it('is told by place, with the schemes each has declared; who has declared none is a member all the same', async () => {
    const [mapped, declared] = desk.alliance.plan.schemes;
    const answer = expectStatus(await desk.get('/v1/members'), 200);
    expect(answer.body['members']).toEqual([
      { id: HOST, place: '320682', name: { zh: HOST }, status: 'not_declared', schemes: [] },
      {
        id: COUNTY,
        place: '371082',
        name: { zh: COUNTY },
        status: 'mapped',
        schemes: [{ id: 'rongcheng', fingerprint: mapped?.fingerprint, mapped: true }],
      },
      {
        id: DECLARED,
        place: '371083',
        name: { zh: DECLARED },
        status: 'not_mapped',
        schemes: [{ id: 'declared', fingerprint: declared?.fingerprint, mapped: false }],
      },
    ]);
    const again = await desk.get('/v1/members', { 'if-none-match': answer.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });

  it('follows a suspension: of the table, and of the member itself', async () => {
    expectStatus(await desk.suspend(await desk.alliance.digestOf('table', 'rongcheng-table-1')), 201);
    expectStatus(await desk.suspend(await desk.alliance.digestOf('member', DECLARED)), 201);
    expect(await statuses()).toEqual({ [HOST]: 'not_declared', [COUNTY]: 'not_mapped', [DECLARED]: 'suspended' });
  });
});
