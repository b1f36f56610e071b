import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument, SchemeRule } from '#libs/scheme';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { assessAndRelease, entry, RESIDENTS, takeEffect } from '../../../../test/county/sample-residents.js';

const direct: SchemeRule = {
  id: 'order-unperformed',
  category: 'court',
  label_zh: '拒不履行生效法律文书确定的义务',
  subject_kind: 'person',
  formula: { override: { grade: 'C', months: 12 } },
  source: 'ASSUMED',
};

let folder: string;
let county: RunningCounty;
let desk: Ask;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-direct-'));
  const document = JSON.parse(await readFile('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument;
  await writeFile(
    path.join(folder, 'haibei.json'),
    JSON.stringify({ ...document, rules: [...document.rules, direct] }),
  );
  county = await runCounty({ schemesFolder: folder });
  desk = await county.as('desk');
  await desk('POST', '/v1/admin/residents', { residents: RESIDENTS });
});
afterAll(async () => {
  await county.close();
  await rm(folder, { recursive: true });
});

describe('a direct grade (直接判级)', () => {
  it('holds for its months, also into the next year, whatever is collected meanwhile', async () => {
    await takeEffect(county, [
      entry('d-1', 'wd-1', 'order-unperformed', '2025-10-01'),
      entry('d-2', 'wd-1', 'honour-city', '2026-05-01'),
      entry('d-3', 'wd-2', 'order-unperformed', '2025-09-01'),
    ]);
    expect((await assessAndRelease(county)).status).toBe(200);
    const graded = async (handle: string): Promise<unknown> =>
      (await desk('GET', `/v1/admin/residents/${handle}/assessment`)).body;
    expect(await graded('wd-1')).toMatchObject({ score: 1050, grade: 'C' });
    expect(await graded('wd-2')).toMatchObject({ score: 1000, grade: 'A', lines: [] });
  });
});
