import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WrittenScheme } from '#libs/scheme';
import { grantsOf, StaffAccounts } from '#libs/staff';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';

let county: RunningCounty;
/** Two accounts of one resident, and one of another. */
let [first, second, other]: Ask[] = [];

beforeAll(async () => {
  county = await runCounty();
  await recordSubjects(await county.as('registrar'), [
    person('p-1', { place: '371003' }),
    person('p-2', { place: '371003' }),
  ]);
  const accounts = county.app.get(StaffAccounts, { strict: false });
  const asOwner = async (username: string, handle: string): Promise<Ask> => {
    const [owner] = await county.database.query<readonly { readonly id: string }[]>(
      'SELECT id FROM subject WHERE handle = $1',
      [handle],
    );
    await accounts.ensure({
      username,
      password: 'a long password for tests',
      displayName: username,
      organisation: 'x',
      grants: grantsOf(['manager', 'assessor'], null),
      ...(owner && { subject: owner.id }),
      sample: false,
    });
    return county.as(username);
  };
  [first, second, other] = [await asOwner('wang', 'p-1'), await asOwner('wang-2', 'p-1'), await asOwner('li', 'p-2')];
});
afterAll(() => county.close());

describe('two accounts of one person are one person', () => {
  it('who does not adopt what it has drafted', async () => {
    const written = JSON.parse(await readFile('config/schemes/371003/haibei.json', 'utf8')) as WrittenScheme;
    const { adopted_by: _adopted, ...document } = { ...written, version: 2, valid: { from: '2026-12-01' } };
    expect((await first!('POST', '/v1/admin/schemes/drafts', { document })).status).toBe(200);
    const decision = { body: '示例会议', date: '2026-09-15', record: '决议 2026-1' };
    const path = `/v1/admin/schemes/drafts/${written.id}/versions/2/adoption`;
    expect(outcome(await second!('POST', path, decision))).toEqual([403, 'ADOPTION_BY_DRAFTER']);
    expect((await other!('POST', path, decision)).status).toBe(201);
  });

  it('who does not release what it has assessed', async () => {
    const made = await first!('POST', '/v1/admin/assessments', { period: '2026' });
    const path = `/v1/admin/assessments/${String(made.body['run'])}/release`;
    expect(outcome(await second!('POST', path))).toEqual([403, 'RELEASE_BY_ASSESSOR']);
    expect((await other!('POST', path)).status).toBe(200);
  });
});
