import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WrittenScheme } from '#libs/scheme';
import { type RunningCounty, runCounty } from '../../../../test/county/running-county.js';
import { RESIDENTS } from '../../../../test/county/sample-residents.js';
import { makeKey, TestPhone } from '../../../../test/county/test-phone.js';
import { readSchemeFolder } from './read-scheme-folder.js';
import { SchemeBook } from './scheme-book.js';
import { SchemeVersion } from './scheme-version.js';

const COUNTY = '371003';
const FOLDER = 'config/schemes/371003';
const SCHEMAS = 'config/schemas';
const TODAY = '2026-09-16';

const folders: string[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-schemes-'));
  folders.push(folder);
});
afterAll(() => Promise.all(folders.map((made) => rm(made, { recursive: true }))));

const graded = JSON.parse(await readFile(path.join(FOLDER, 'haibei.json'), 'utf8')) as WrittenScheme;
const { rules, ...common } = graded;
const village: WrittenScheme = {
  ...common,
  id: 'village',
  place: '371003100-example',
  level: 'village',
  basis: 'points',
  export: 'none',
  rules: rules!,
  metrics: [],
  gradings: [],
};

async function load(...documents: readonly object[]): Promise<SchemeBook> {
  await Promise.all(
    documents.map((document, at) => writeFile(path.join(folder, `${at}.json`), JSON.stringify(document))),
  );
  const read = await readSchemeFolder(COUNTY, folder, SCHEMAS);
  return new SchemeBook(await Promise.all(read.map(({ document, written }) => SchemeVersion.of(document, written))));
}
const names = ({ versions }: SchemeBook): string[] =>
  versions.map(({ document }) => `${document.id} ${document.version}`);

describe('the schemes of a county', () => {
  it('are all documents of its folder, of which one lets its grades leave the county', async () => {
    const schemes = await load(graded, village);
    expect(names(schemes)).toEqual([`${graded.id} 1`, 'village 1']);
    const exported = schemes.exported(TODAY);
    expect(exported.document.id).toBe(graded.id);
    expect(exported.positiveGrades).toEqual(['A', 'AA', 'AAA']);
    expect([exported.heldGrades('AA'), exported.heldGrades('B'), exported.heldGrades('Z')]).toEqual([
      ['A', 'AA'],
      [],
      [],
    ]);
    const lower = [exported.isLower('A', 'AA'), exported.isLower('AA', 'AA'), exported.isLower('Z', 'D')];
    expect(lower).toEqual([true, false, true]);
  });

  it('leave out drafts, and hold what a child inherits', async () => {
    const { adopted_by: _adopted, ...draft } = village;
    const { rules: _rules, metrics: _metrics, gradings: _gradings, ...child } = village;
    const parent = { ...village, id: 'town', overridable: [] };
    const schemes = await load({ ...draft, version: 2 }, { ...child, parent: { id: 'town', version: 1 } }, parent);
    expect(names(schemes)).toEqual(['village 1', 'town 1']);
    expect(schemes.versions[0]?.document.rules).toEqual(rules);
  });

  it('export the highest version in effect today', async () => {
    const until = (to: string): object => ({ ...graded, valid: { from: '2020-01-01', to } });
    const next = (version: number, from: string): object => ({ ...graded, version, valid: { from } });
    const versionOf = async (...documents: readonly object[]): Promise<number> =>
      (await load(...documents)).exported(TODAY).document.version;
    expect(await versionOf(graded, next(2, '2026-09-16'), next(3, '2026-09-17'))).toBe(2);
    expect(await versionOf(until('2026-09-16'), next(2, '2026-09-17'), next(3, '2026-09-17'))).toBe(1);
    await expect(versionOf(until('2026-09-15'), next(2, '2026-09-17'), next(3, '2026-09-17'))).rejects.toMatchObject({
      code: 'SCHEME_NOT_EXPORTED',
    });
  });

  it.each<[string, RegExp, readonly object[]]>([
    ['breaks its schema', /0\.json: \/basis /, [{ ...graded, basis: 'guess' }]],
    [
      'breaks a rule no schema can state',
      /0\.json: .*\(ID_DUPLICATE\)/,
      [{ ...graded, rules: [...rules!, rules![0]] }],
    ],
    ['has no parent', /0\.json: \/parent .*\(PARENT_UNKNOWN\)/, [{ ...graded, parent: { id: 'x', version: 1 } }]],
    ['stands twice', /1\.json: cn-371003-haibei, version 1 stands in .*0\.json/, [graded, graded]],
    ['is of another county', /cn-371003-haibei is of 371082/, [{ ...graded, place: '371082' }]],
  ])('stop the boot where a document %s', async (_what, detail, documents) => {
    await expect(load(...documents)).rejects.toMatchObject({
      code: 'CONFIG_DOCUMENT_INVALID',
      detail: expect.stringMatching(detail),
    });
  });

  it('stop the boot where folder or schema cannot be read', async () => {
    const nowhere = path.join(folder, 'none');
    for (const [schemesFolder, schemasFolder] of [
      [nowhere, SCHEMAS],
      [FOLDER, nowhere],
    ] as const)
      await expect(readSchemeFolder(COUNTY, schemesFolder, schemasFolder)).rejects.toMatchObject({
        code: 'CONFIG_DOCUMENT_INVALID',
        detail: expect.stringContaining('none'),
      });
  });
});

describe('two schemes whose grades would leave a county', () => {
  it('stop the boot', async () => {
    const other = { ...graded, id: 'cn-371003-other' };
    for (const [name, document] of Object.entries({ graded, other }))
      await writeFile(path.join(folder, `${name}.json`), JSON.stringify(document));
    await expect(runCounty({ schemesFolder: folder })).rejects.toMatchObject({
      code: 'CONFIG_DOCUMENT_INVALID',
      detail: expect.stringContaining('not of cn-371003-haibei and cn-371003-other'),
    });
  });
});

describe('a county without a scheme whose grades may leave it', () => {
  let county: RunningCounty | undefined;
  afterAll(() => county?.close());

  it('runs, and issues, assesses for export and declares nothing', async () => {
    await writeFile(path.join(folder, 'village.json'), JSON.stringify(village));
    county = await runCounty({ schemesFolder: folder });
    const desk = await county.as('desk');
    expect((await desk('POST', '/v1/admin/residents', { residents: RESIDENTS })).status).toBe(200);
    const phone = await TestPhone.enrol(county, 'wd-1');
    expect((await phone.consent('rugao-spot')).status).toBe(201);
    const refused = [
      await phone.obtain('rugao-spot', await makeKey()),
      await phone.renew(),
      await desk('POST', '/v1/admin/assessments', { period: '2026' }),
      await desk('POST', '/v1/admin/scheme-declarations'),
    ];
    expect(refused.map(({ status, body }) => [status, body['code']])).toEqual(
      refused.map(() => [409, 'SCHEME_NOT_EXPORTED']),
    );
    expect(await county.database.query('SELECT scheme_id FROM scheme_version')).toEqual([{ scheme_id: 'village' }]);
  });
});
