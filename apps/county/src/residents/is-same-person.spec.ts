import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument, WrittenScheme } from '#libs/scheme';
import { asOwner } from '../../../../test/county/as-owner.js';
import { type Answer, type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { schemesFolder, villageScheme } from '../../../../test/county/village-scheme.js';

const PLACE = '371003';
const IMPORTING = 'told-elsewhere';
const graded = JSON.parse(await readFile('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument;
const importing: SchemeDocument = {
  ...villageScheme,
  id: IMPORTING,
  place: PLACE,
  rules: [],
  gradings: [{ id: 'told', imported: { over: 'person', order: ['good', 'fair'] }, source: 'invented' }],
};

let county: RunningCounty;
let folder: string;
/** Two accounts of one resident, one of another, and one of a record that turns out to be the first. */
let [first, second, other, twin]: Ask[] = [];

beforeAll(async () => {
  folder = await schemesFolder(graded, importing);
  county = await runCounty({ schemesFolder: folder });
  const people = ['p-1', 'p-2', 'p-3'].map((handle) => person(handle, { place: PLACE }));
  await recordSubjects(await county.as('registrar'), people);
  const owned = (handle: string, username: string): Promise<Ask> =>
    asOwner(county, handle, username, ['manager', 'assessor']);
  [first, second] = [await owned('p-1', 'wang'), await owned('p-1', 'wang-2')];
  [other, twin] = [await owned('p-2', 'li'), await owned('p-3', 'wang-3')];
});
afterAll(async () => {
  await county.close();
  await rm(folder, { recursive: true });
});

const draft = (as: Ask, version: number): Promise<Answer> => {
  const { adopted_by: _adopted, ...written } = graded;
  const document: WrittenScheme = { ...written, version, valid: { from: '2026-12-01' } };
  return as('POST', '/v1/admin/schemes/drafts', { document });
};
const adopt = (as: Ask, version: number): Promise<Answer> =>
  as('POST', `/v1/admin/schemes/drafts/${graded.id}/versions/${version}/adoption`, {
    body: '示例会议',
    date: '2026-09-15',
    record: '决议 2026-1',
  });
const assess = async (as: Ask): Promise<string> =>
  String((await as('POST', '/v1/admin/assessments', { scheme: graded.id, period: '2026' })).body['run']);
const release = (as: Ask, run: string): Promise<Answer> => as('POST', `/v1/admin/assessments/${run}/release`);
let batches = 0;
const importGrade = async (as: Ask): Promise<string> => {
  const row = { subject: 'p-2', grade: 'good', from: '2026-01-01', to: '2026-12-31', document: '文〔2026〕1号' };
  const asked = { key: `batch-${(batches += 1)}`, scheme: IMPORTING, rows: [row] };
  return String((await as('POST', '/v1/admin/imported-grades', asked)).body['batch']);
};
const releaseBatch = (as: Ask, batch: string): Promise<Answer> =>
  as('POST', `/v1/admin/imported-grades/${batch}/release`);

describe('two accounts of one person are one person', () => {
  it('who does not adopt what it has drafted', async () => {
    expect((await draft(first!, 2)).status).toBe(200);
    expect(outcome(await adopt(second!, 2))).toEqual([403, 'ADOPTION_BY_DRAFTER']);
    expect((await adopt(other!, 2)).status).toBe(201);
  });

  it('who does not release what it has assessed', async () => {
    const run = await assess(first!);
    expect(outcome(await release(second!, run))).toEqual([403, 'RELEASE_BY_ASSESSOR']);
    expect((await release(other!, run)).status).toBe(200);
  });

  it('who does not release what it has imported, by whichever route', async () => {
    const batch = await importGrade(first!);
    expect(outcome(await releaseBatch(second!, batch))).toEqual([403, 'RELEASE_BY_ASSESSOR']);
    expect(outcome(await release(second!, batch))).toEqual([403, 'RELEASE_BY_ASSESSOR']);
    expect((await releaseBatch(other!, batch)).status).toBe(200);
  });

  it('also where its two records are found to be one after the first of the two steps', async () => {
    await draft(first!, 3);
    const [run, batch, own] = [await assess(first!), await importGrade(first!), await importGrade(twin!)];
    const merge = { into: 'p-1', reason: 'recorded twice' };
    const merged = await (await county.as('registrar'))('POST', '/v1/admin/subjects/p-3/merges', merge);
    expect(merged.status).toBe(204);
    expect(outcome(await adopt(twin!, 3))).toEqual([403, 'ADOPTION_BY_DRAFTER']);
    expect(outcome(await release(twin!, run))).toEqual([403, 'RELEASE_BY_ASSESSOR']);
    expect(outcome(await releaseBatch(twin!, batch))).toEqual([403, 'RELEASE_BY_ASSESSOR']);
    expect(outcome(await releaseBatch(first!, own))).toEqual([403, 'RELEASE_BY_ASSESSOR']);
    expect((await adopt(other!, 3)).status).toBe(201);
    for (const each of [batch, own]) expect((await releaseBatch(other!, each)).status).toBe(200);
  });
});
