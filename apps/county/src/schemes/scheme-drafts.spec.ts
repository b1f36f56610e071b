import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, shanghaiDay } from '#libs/calendar';
import type { WrittenScheme } from '#libs/scheme';
import {
  type Answer,
  type Ask,
  type AnotherService,
  type RunningCounty,
  runCounty,
} from '../../../../test/county/running-county.js';

const ZONE = '371003-zone';
const graded = JSON.parse(await readFile('config/schemes/371003/haibei.json', 'utf8')) as WrittenScheme;
const { adopted_by: _adopted, rules, gradings: _gradings, metrics: _metrics, ...common } = graded;
const village: WrittenScheme = {
  ...common,
  id: 'cn-371003100-example',
  place: `${ZONE}-example`,
  level: 'village',
  kind: 'civic_points',
  basis: 'points',
  export: 'none',
  valid: { from: '2020-01-01' },
  overridable: ['rules/+'],
  rules: rules!,
  metrics: [],
  gradings: [],
};
const decision = { body: '示例村村民代表会议', date: '2026-09-15', record: '决议 2026-1' };

let county: RunningCounty;
let other: AnotherService;
let writer: Ask;
let chair: Ask;
const draft = (document: unknown, ask = writer): Promise<Answer> =>
  ask('POST', '/v1/admin/schemes/drafts', { document });
const adopt = (id: string, version: number, ask = chair, decided = decision): Promise<Answer> =>
  ask('POST', `/v1/admin/schemes/drafts/${id}/versions/${version}/adoption`, decided);
const codeOf = ({ status, body }: Answer): unknown[] => [status, body['code']];

beforeAll(async () => {
  county = await runCounty();
  other = await county.again();
  const desk = await county.as('manager');
  const places = [
    { id: ZONE, level: 'functional_zone', parent: '371003', name: '示例区' },
    { id: `${ZONE}-example`, level: 'village', parent: ZONE, name: '示例村' },
    { id: `${ZONE}-other`, level: 'village', parent: ZONE, name: '另一村' },
  ];
  for (const place of places) await desk('POST', '/v1/admin/places', place);
  writer = await county.asIn(`${ZONE}-example`, 'manager');
  chair = desk;
});
afterAll(async () => {
  await other.close();
  await county.close();
});

describe('a draft', () => {
  it('is kept, read, and replaced; it holds nowhere', async () => {
    expect(codeOf(await draft({ ...village, name_zh: '初稿' }))).toEqual([200, undefined]);
    expect((await draft(village)).body).toMatchObject({
      id: village.id,
      version: 1,
      draftedBy: `manager-${ZONE}-example`,
    });
    const read = await chair('GET', `/v1/admin/schemes/drafts/${village.id}/versions/1`);
    expect(read.body['document']).toEqual(village);
    expect((await county.ask('GET', `/v1/schemes/${village.id}`)).status).toBe(404);
  });

  it('with faults is refused with all of them, each at its place, in Chinese and English', async () => {
    const twice = await draft({ ...village, rules: [...rules!, rules![0]] });
    expect(codeOf(twice)).toEqual([422, 'SCHEME_INVALID']);
    expect(twice.body['fields']).toEqual([
      {
        path: `/document/rules/${rules!.length}`,
        message: expect.stringMatching(/[\u4e00-\u9fff].*[a-z].*\(ID_DUPLICATE\)$/),
      },
    ]);
    const unschemed = await draft({ ...village, basis: 'guess', version: 0 });
    expect(unschemed.body['fields']).toEqual([
      expect.objectContaining({ path: '/document/version' }),
      expect.objectContaining({ path: '/document/basis' }),
    ]);
  });

  it('is written by a manager of the place, and seen by no other village', async () => {
    const neighbour = await county.asIn(`${ZONE}-other`, 'manager');
    expect(codeOf(await draft(village, neighbour))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect((await neighbour('GET', '/v1/admin/schemes/drafts')).body).toEqual({ drafts: [] });
    expect((await neighbour('GET', `/v1/admin/schemes/drafts/${village.id}/versions/1`)).status).toBe(404);
    expect(codeOf(await draft({ ...village, place: `${ZONE}-nowhere` }))).toEqual([422, 'PLACE_UNKNOWN']);
    expect((await draft(village, await county.as('collector'))).status).toBe(403);
  });

  it('of another place’s scheme is refused also where it moves the scheme to the own place', async () => {
    const neighbour = await county.asIn(`${ZONE}-other`, 'manager');
    const moved = (version: number): WrittenScheme => ({ ...village, version, place: `${ZONE}-other` });
    for (const version of [1, 2])
      expect(codeOf(await draft(moved(version), neighbour))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    const read = await chair('GET', `/v1/admin/schemes/drafts/${village.id}/versions/1`);
    expect(read.body['document']).toEqual(village);
    // The county's own manager acts for both. Put back, nobody of the other village adopts it.
    expect((await draft(moved(2), chair)).status).toBe(200);
    expect(codeOf(await adopt(village.id, 2, neighbour))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect((await draft({ ...village, version: 2 }, chair)).status).toBe(200);
  });
});

describe('an adoption', () => {
  it('is recorded by another person; from then on the version is public and immutable, in every service', async () => {
    expect(codeOf(await adopt(village.id, 1, writer))).toEqual([403, 'ADOPTION_BY_DRAFTER']);
    for (const date of [addDays(shanghaiDay(county.clock.now()), 1), '2026-02-30'])
      expect(codeOf(await adopt(village.id, 1, chair, { ...decision, date }))).toEqual([400, 'BODY_INVALID']);
    expect((await adopt(village.id, 1)).status).toBe(201);
    for (const ask of [county.ask, other.ask]) {
      const { body } = await ask('GET', `/v1/schemes/${village.id}`);
      expect(body['document']).toMatchObject({
        ...village,
        adopted_by: { ...decision, source: 'recorded by the county' },
      });
    }
    expect(codeOf(await draft(village))).toEqual([409, 'SCHEME_VERSION_ADOPTED']);
    expect(codeOf(await adopt(village.id, 1))).toEqual([404, 'NOT_FOUND']);
    await expect(county.database.query('UPDATE scheme_version SET adopted_by = NULL')).rejects.toThrow('append-only');
    const audit = await county.database.query<readonly { readonly action: string; readonly actor: string }[]>(
      "SELECT action, actor FROM audit_record WHERE target = $1 AND action = 'scheme.adopted'",
      [village.id],
    );
    expect(audit).toEqual([{ action: 'scheme.adopted', actor: 'manager' }]);
  });

  it('checks again what has changed since the draft: a child whose parent forbids what it writes', async () => {
    const child = { ...common, ...village, id: 'cn-371003100-child', parent: { id: village.id, version: 1 } };
    const { rules: _own, ...inheriting } = child;
    const { overridable: _left, ...unchanged } = inheriting;
    expect((await draft(unchanged)).status).toBe(200);
    const added = { ...unchanged, rules: [{ ...rules![0]!, id: 'further' }] };
    expect(codeOf(await draft(added))).toEqual([200, undefined]);
    const changed = await draft({ ...unchanged, rules: [{ ...rules![0]!, label_zh: '另一条' }] });
    expect(changed.body['fields']).toEqual([
      { path: '/document/rules/0', message: expect.stringContaining('OVERRIDE_NOT_ALLOWED') },
    ]);
  });

  it('lets the grades of one scheme leave a county', async () => {
    await draft({ ...graded, id: 'cn-371003-second', place: '371003' }, await county.asIn('371003', 'manager'));
    expect(codeOf(await adopt('cn-371003-second', 1))).toEqual([409, 'SCHEME_EXPORT_TAKEN']);
  });

  it('happens once when two ask at once', async () => {
    await draft({ ...village, id: 'cn-371003100-race' });
    const otherChair = await other.as('manager');
    const answers = await Promise.all([adopt('cn-371003100-race', 1), adopt('cn-371003100-race', 1, otherChair)]);
    expect(answers.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([201, 404]);
  });

  it('changes no rules for days that have passed, and takes over on its first day', async () => {
    const next = (version: number, from: string): WrittenScheme => ({
      ...village,
      version,
      valid: { from },
      name_zh: from,
    });
    await draft(next(2, '2026-09-15'));
    expect(codeOf(await adopt(village.id, 2))).toEqual([422, 'SCHEME_RETROACTIVE']);
    await draft(next(2, '2026-09-17'));
    expect((await adopt(village.id, 2)).status).toBe(201);
    const versionToday = async (): Promise<unknown> =>
      (await county.ask('GET', `/v1/schemes/${village.id}`)).body['version'];
    expect(await versionToday()).toBe(1);
    county.clock.advance(24 * 3_600);
    expect(await versionToday()).toBe(2);
  });
});
