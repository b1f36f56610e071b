import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import {
  ELSEWHERE,
  household,
  outcome,
  person,
  recordSubjects,
  SUBDISTRICT,
  VILLAGE,
} from '../../../../test/county/sample-subjects.js';

let county: RunningCounty;
let registrar: Ask;
let gridWorker: Ask;
const GRID = `${VILLAGE}-g1`;
const resolve = (door: string, as = gridWorker): ReturnType<Ask> => as('POST', '/v1/admin/doors/resolutions', { door });

beforeAll(async () => {
  county = await runCounty({ place: '371082' });
  registrar = await county.as('registrar');
  const grid = { id: GRID, level: 'grid', parent: VILLAGE, name: '一网格' };
  await (
    await county.as('manager')
  )('POST', '/v1/admin/places', grid);
  gridWorker = await county.asIn(GRID, 'collector');
  await recordSubjects(registrar, [
    household('h-1', { place: GRID, doorNumber: '1号' }),
    household('h-2', { place: GRID, doorNumber: '2号' }),
    household('h-near', { place: VILLAGE }),
    { ...household('b-1'), kind: 'building', place: GRID },
    person('p-1', { place: GRID }),
  ]);
});
afterAll(() => county.close());

async function issued(handle: string): Promise<string> {
  const { status, headers, body } = await registrar('POST', `/v1/admin/subjects/${handle}/door`);
  expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
  return String(body['link']);
}

/** All that a caller can tell answers apart by. */
const seen = ({ status, body }: Answer): object => ({ status, ...body, instance: '' });

describe('the code on a door', () => {
  it('names the household or building to a worker of its grid, as link or typed, and to those above', async () => {
    const link = await issued('h-1');
    expect(link).toMatch(/^https:\/\/wendeng\.example\/d#[0-9A-Z]{20}$/);
    expect((await resolve(link)).body).toMatchObject({
      handle: 'h-1',
      kind: 'household',
      doorNumber: '1号',
      place: GRID,
    });
    expect((await resolve(link.split('#')[1]!.toLowerCase())).body).toMatchObject({ handle: 'h-1' });
    expect((await resolve(link, await county.asIn(SUBDISTRICT, 'collector'))).status).toBe(200);
    expect((await resolve(await issued('b-1'))).body).toMatchObject({ kind: 'building' });
  });

  it('outside the own grid, revoked, replaced, of a household that is gone, or of none: one answer', async () => {
    const [near, replaced, gone] = [await issued('h-near'), await issued('h-1'), await issued('h-2')];
    const current = await issued('h-1');
    await registrar('POST', '/v1/admin/subjects/h-2/endings', { cause: 'dissolved', on: '2026-09-16' });
    const answers = [
      await resolve(near),
      await resolve(replaced),
      await resolve(gone),
      await resolve(current, await county.asIn(ELSEWHERE, 'collector')),
      await resolve('0'.repeat(20)),
      await resolve('not a code'),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(seen(answer)))).size).toBe(1);
    expect(outcome(answers[0]!)).toEqual([404, 'DOOR_UNKNOWN']);
    expect((await resolve(current)).status).toBe(200);
    expect((await registrar('DELETE', '/v1/admin/subjects/h-1/door')).status).toBe(204);
    expect(outcome(await resolve(current))).toEqual([404, 'DOOR_UNKNOWN']);
  });

  it('is issued by registrars, for doors only, and kept as a digest', async () => {
    expect(outcome(await registrar('POST', '/v1/admin/subjects/p-1/door'))).toEqual([422, 'SUBJECT_KIND_WRONG']);
    expect((await gridWorker('POST', '/v1/admin/subjects/h-1/door')).status).toBe(403);
    const elsewhere = await county.asIn(ELSEWHERE, 'registrar');
    expect(outcome(await elsewhere('POST', '/v1/admin/subjects/h-1/door'))).toEqual([404, 'NOT_FOUND']);
    const code = (await issued('h-1')).split('#')[1]!;
    const rows = await county.database.query<readonly object[]>('SELECT * FROM door, audit_record');
    expect(JSON.stringify(rows)).not.toContain(code);
  });

  it('is found out by nobody who asks and asks: the limit of look-ups holds', async () => {
    const answers = await Promise.all(Array.from({ length: 121 }, () => resolve('0'.repeat(20))));
    expect(answers.map(({ status }) => status)).toContain(429);
  });
});
