import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { PlaceEntity } from './place.entity.js';

let county: RunningCounty;
let manager: Ask;
const VILLAGE = { id: '371082005-xinqiao', level: 'village', parent: '371082005', name: '信桥村' };
const add = (place: unknown, as: Ask = manager): ReturnType<Ask> => as('POST', '/v1/admin/places', place);

beforeAll(async () => {
  county = await runCounty({ place: '371082' });
  manager = await county.as('manager');
});
afterAll(() => county.close());

async function listed(ask: Ask): Promise<readonly Record<string, unknown>[]> {
  return (await ask('GET', '/v1/places')).body['places'] as Record<string, unknown>[];
}

describe('the places of a county', () => {
  it('are public: its own and what lies in it', async () => {
    const { status, body } = await county.ask('GET', '/v1/places');
    expect([status, body['county']]).toEqual([200, '371082']);
    const places = await listed(county.ask);
    expect(places).toHaveLength(24);
    expect(places.find(({ id }) => id === '371082004-dongdaoliujia')).toEqual({
      id: '371082004-dongdaoliujia',
      code: null,
      level: 'village',
      kind: 'admin',
      name: '东岛刘家村',
      parent: '371082004',
    });
  });

  it('take a village that a manager adds, once, and another service on the database knows it at once', async () => {
    const other = await county.again();
    await listed(other.ask);
    expect([(await add(VILLAGE)).status, (await add(VILLAGE)).status]).toEqual([200, 200]);
    const grid = { id: `${VILLAGE.id}-g1`, level: 'grid', parent: VILLAGE.id, name: '一网格' };
    const inVillage = await county.asIn(VILLAGE.id, 'manager');
    expect((await listed(other.ask)).map(({ id }) => id)).toContain(VILLAGE.id);
    expect((await add(grid, inVillage)).body).toMatchObject({ kind: 'local', code: null });
    const audited = await county.database.query<readonly object[]>(
      "SELECT actor, target FROM audit_record WHERE action = 'place.added' ORDER BY id",
    );
    expect(audited).toEqual([
      { actor: 'manager', target: VILLAGE.id },
      { actor: `manager-${VILLAGE.id}`, target: grid.id },
    ]);
    await other.close();
  });

  it('are kept and brought up to date when the county starts again', async () => {
    await county.database.manager.update(PlaceEntity, { id: '371082004' }, { name: 'an old name' });
    const other = await county.again();
    const places = await listed(other.ask);
    expect(places.find(({ id }) => id === '371082004')).toMatchObject({ name: '王连街道' });
    expect(places.map(({ id }) => id)).toContain(VILLAGE.id);
    await other.close();
  });

  it.each([
    ['PLACE_DIFFERS', 409, { ...VILLAGE, name: '另一村' }],
    ['PLACE_DIFFERS', 409, { ...VILLAGE, level: 'community' }],
    ['PLACE_UNKNOWN', 422, { ...VILLAGE, id: '371082099-x', parent: '371082099' }],
    ['PLACE_LEVEL_WRONG', 422, { ...VILLAGE, id: `${VILLAGE.id}-area`, level: 'area', parent: VILLAGE.id }],
    ['BODY_INVALID', 400, { ...VILLAGE, id: '371082006-elsewhere' }],
    ['BODY_INVALID', 400, { ...VILLAGE, id: '371083105201' }],
    ['BODY_INVALID', 400, { ...VILLAGE, id: '信桥村' }],
    ['BODY_INVALID', 400, { ...VILLAGE, level: 'town' }],
    ['BODY_INVALID', 400, { ...VILLAGE, kind: 'admin' }],
  ])('answer %s (%i) to %j', async (code, status, place) => {
    const answer = await add(place);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('are added inside the own place only, by managers', async () => {
    const elsewhere = await county.asIn('371082004', 'manager');
    expect((await add({ ...VILLAGE, id: '371082005-other' }, elsewhere)).body['code']).toBe('PLACE_OUT_OF_SCOPE');
    expect((await add({ ...VILLAGE, id: '371082004-other', parent: '371082004' }, elsewhere)).status).toBe(200);
    expect((await add(VILLAGE, await county.as('registrar'))).status).toBe(403);
    expect((await add(VILLAGE, county.ask)).status).toBe(401);
  });

  it('are what grants of staff are about: a town appoints for its villages, and for no other town', async () => {
    const town = await county.asIn('371082004', 'manager');
    const appoint = (username: string, place: string): ReturnType<Ask> => {
      const grants = [{ role: 'collector', place }];
      return town('POST', '/v1/admin/staff', { username, displayName: 'x', organisation: 'x', grants });
    };
    expect((await appoint('of-the-village', '371082004-dongdaoliujia')).status).toBe(201);
    expect((await appoint('of-another-town', '371082005')).body['code']).toBe('STAFF_OUT_OF_SCOPE');
  });
});
