import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PlaceTree } from './place-tree.js';
import { readPlaces } from './read-places.js';

const FILE = 'config/places.json';
const SCHEMAS = 'config/schemas';

interface Written {
  readonly places: Record<string, unknown>[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-places-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Reads Rongcheng from the register with one of its places changed. */
async function readChanged(id: string, change: (place: Record<string, unknown>) => void): Promise<unknown> {
  const register = JSON.parse(await readFile(FILE, 'utf8')) as Written;
  change(register.places.find((place) => place['id'] === id)!);
  const file = path.join(folder, 'places.json');
  await writeFile(file, JSON.stringify(register));
  return readPlaces(file, SCHEMAS, '371082');
}

describe('the register of places', () => {
  it('gives a county what lies under its own code and nothing else, parents first', async () => {
    const ids = (await readPlaces(FILE, SCHEMAS, '371082')).map(({ id }) => id);
    expect(ids[0]).toBe('371082');
    expect(ids).toContain('371082004-dongdaoliujia');
    expect(ids.filter((id) => !id.startsWith('371082'))).toEqual([]);
    expect(ids.indexOf('371082004')).toBeLessThan(ids.indexOf('371082004-dongdaoliujia'));
  });

  it('has the 22 towns and subdistricts of Rongcheng (domain 1.2), and no place without the county it lies in', async () => {
    const places = await readPlaces(FILE, SCHEMAS, '371082');
    const count = (level: string): number => places.filter((place) => place.level === level).length;
    expect([count('subdistrict'), count('town')]).toEqual([10, 12]);
    const { places: all } = JSON.parse(await readFile(FILE, 'utf8')) as Written;
    const counties = all.filter(({ level }) => level === 'county').map(({ id }) => String(id));
    const read = await Promise.all(counties.map((county) => readPlaces(FILE, SCHEMAS, county)));
    expect(read.flat()).toHaveLength(all.length);
  });

  it.each([
    ['a name for an id', '371082004-dongdaoliujia', 'id', '东岛刘家村'],
    ['an id twice', '371082004-dongdaoliujia', 'id', '371082004'],
    ['an id that is not the code', '371082004', 'code', '371082005'],
    ['an id below another place', '371082004-dongdaoliujia', 'id', '371082005-dongdaoliujia'],
    ['a parent that is not there', '371082004-dongdaoliujia', 'parent', '371082099'],
    ['a village without a parent', '371082004-dongdaoliujia', 'parent', undefined],
    ['a county inside another', '371083', 'parent', '371082'],
    ['two villages inside each other', '371082004-dongdaoliujia', 'parent', '371082004-dongdaoliujia'],
    ['a kind that its level has not', '371083-yintan', 'kind', 'admin'],
    ['a place without a source', '371082004', 'source', undefined],
  ])('is refused with %s', async (_, id, member, value) => {
    const reading = readChanged(id, (place) => {
      if (value === undefined) delete place[member];
      else place[member] = value;
    });
    await expect(reading).rejects.toMatchObject({
      code: 'CONFIG_DOCUMENT_INVALID',
      detail: expect.stringMatching(/places\.json: \/places\/\d+/),
    });
  });

  it('is refused when it lacks the county, or has a village under its code', async () => {
    for (const county of ['371099', '371082004'])
      await expect(readPlaces(FILE, SCHEMAS, county)).rejects.toMatchObject({ code: 'CONFIG_DOCUMENT_INVALID' });
  });
});

describe('what lies in what', () => {
  it('goes by parents, not by how ids look', async () => {
    const tree = new PlaceTree(await readPlaces(FILE, SCHEMAS, '371083'));
    const village = '371083105-area-1-village-1';
    expect(['371083', '371083105', '371083105-area-1', village].map((each) => tree.isWithin(village, each))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(tree.isWithin('371083105', village)).toBe(false);
    expect(tree.isWithin(village, '371083105-area-2')).toBe(false);
    expect(tree.isWithin(village, '37108')).toBe(false);
    expect([tree.isWithin('nowhere', '371083'), tree.isWithin('nowhere', 'nowhere')]).toEqual([false, false]);
    expect(tree.within('371083105-area-1')).toEqual([
      '371083105-area-1',
      '371083105-area-1-village-1',
      '371083105-area-1-village-2',
    ]);
    expect(tree.within('nowhere')).toEqual([]);
  });
});
