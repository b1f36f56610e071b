import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import { done, runVillage, type RunningVillage } from '../county/running-village.js';
import { household, person, recordSubjects, VILLAGE } from '../county/sample-subjects.js';
import { SCHEME, villageScheme } from '../county/village-scheme.js';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const graded: SchemeDocument = {
  ...villageScheme,
  metrics: [{ id: 'points', over: 'person', formula: { sum: {} }, window: 'year', source: 'invented' }],
  gradings: [
    { id: 'active', predicate: { metric: 'points', op: 'ge', value: 20, code: 'active' }, source: 'invented' },
  ],
};

const PASSWORD = 'a long password for tests';
const OWN = 'a password of my own';

let village: RunningVillage;
let folder: string;
let file: string;

/** The tool as a process of its own, in English. */
const tool = (user: string, ...args: readonly string[]): Promise<Ended> =>
  call('scheme', '--user', user, '--lang', 'en', ...args);
const call = (name: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const at = ['--at', village.county.url];
    const env = { ...process.env, XINQIAO_PASSWORD: PASSWORD, XINQIAO_NEW_PASSWORD: OWN };
    execFile(
      process.execPath,
      [`dist/apps/county/src/command-line/${name}.js`, ...args, ...at],
      { env },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, stdout, stderr }),
    );
  });

beforeAll(async () => {
  village = await runVillage(graded);
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-draft-'));
  file = path.join(folder, 'second.json');
  const { adopted_by: _adopted, ...second } = { ...graded, version: 2, valid: { from: '2027-01-01' } };
  const gradings = [{ ...graded.gradings[0], predicate: { metric: 'points', op: 'ge', value: 10, code: 'active' } }];
  await writeFile(file, JSON.stringify({ ...second, gradings }));
  await recordSubjects(await village.county.as('registrar'), [person('p-1'), person('p-2'), household('h-1')]);
  await village.earn(done('e-1', 'p-1', 'help'));
});
afterAll(async () => {
  await village.close();
  await rm(folder, { recursive: true });
});

describe('npm run scheme, for a new version', () => {
  it('lints a document before it is handed in', async () => {
    const faulty = path.join(folder, 'faulty.json');
    await writeFile(faulty, JSON.stringify({ ...graded, id: 'faulty', rules: 'none' }));
    const { code, stdout } = await tool('manager', 'draft', faulty);
    expect([code, stdout]).toEqual([1, expect.stringContaining('/rules')]);
  });

  it('drafts, simulates and adopts, and the county keeps the two people apart', async () => {
    expect((await tool('manager', 'draft', file)).stdout).toContain(`kept as a draft: ${SCHEME} version 2`);
    const simulated = await tool('manager', 'simulate', SCHEME, '2', '2026');
    expect(simulated.stdout.trimEnd().split('\n')).toEqual([
      'metric points: 2 subjects, sum now 10, draft 10',
      'active active: now 0, draft 1',
      '  — → active: 1',
      '  p-1  active: — → active',
    ]);
    const adoption = ['--body', '村民会议', '--date', '2026-09-15', '--record', '2026-3'];
    const own = await tool('manager', 'adopt', SCHEME, '2', ...adoption);
    expect([own.code, own.stderr]).toEqual([1, expect.stringContaining('ADOPTION_BY_DRAFTER')]);
    const { code, stdout } = await tool('desk', 'adopt', SCHEME, '2', ...adoption);
    expect([code, stdout]).toEqual([0, expect.stringContaining('in force from 2027-01-01')]);
  });

  it('says what the county refused, and explains itself where it is not understood', async () => {
    const unknown = await tool('nobody', 'simulate', SCHEME, '2', '2026');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('STAFF_SIGN_IN_REFUSED')]);
    for (const args of [['simulate', SCHEME], ['adopt', SCHEME, '2', '--body', 'x'], ['publish']])
      expect((await tool('manager', ...args)).stderr).toContain('npm run scheme -- lint');
  });
});

describe('npm run office', () => {
  it('shows what an interface answers, and what it refuses', async () => {
    const shown = await call('office', 'GET', `/v1/admin/subjects/p-1/ledger?scheme=${SCHEME}`, '--user', 'manager');
    expect(JSON.parse(shown.stdout)).toMatchObject({ points: 10 });
    await writeFile(
      path.join(folder, 'people.json'),
      JSON.stringify({ subjects: [person('p-3', { place: '371082999' })] }),
    );
    const people = `@${path.join(folder, 'people.json')}`;
    const refused = await call('office', 'POST', '/v1/admin/subjects', people, '--user', 'registrar');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('PLACE_UNKNOWN')]);
    const missing = await call('office', 'POST', '/v1/admin/subjects', '@nowhere.json', '--user', 'registrar');
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('nowhere.json')]);
    expect((await call('office', 'TAKE', '/v1/places', '--user', 'manager')).stderr).toContain('npm run office');
  });

  it('speaks every method that an interface has', async () => {
    const { body } = await village.county.ask('GET', '/openapi.json');
    const methods = Object.values(body['paths'] as Readonly<Record<string, object>>).flatMap((ways) =>
      Object.keys(ways),
    );
    const name = JSON.stringify({ name: '王大明' });
    const told: Readonly<Record<string, Promise<Ended>>> = {
      get: call('office', 'GET', '/v1/places', '--user', 'registrar'),
      post: call(
        'office',
        'POST',
        '/v1/admin/subjects/searches',
        `{"place":"${VILLAGE}","name":"x"}`,
        '--user',
        'registrar',
      ),
      put: call('office', 'PUT', '/v1/admin/subjects/p-2/needs', '{"needs":[]}', '--user', 'registrar'),
      patch: call('office', 'PATCH', '/v1/admin/subjects/p-2', name, '--user', 'registrar'),
      delete: call('office', 'DELETE', '/v1/admin/subjects/h-1/door', '--user', 'registrar'),
    };
    expect(Object.keys(told).toSorted()).toEqual([...new Set(methods)].toSorted());
    const ended = await Promise.all(Object.values(told));
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(ended.map(() => [0, '']));
    const shown = await call('office', 'GET', '/v1/admin/subjects/p-2', '--user', 'registrar');
    expect(JSON.parse(shown.stdout)).toMatchObject({ name: '王大明' });
  });

  it('exchanges a password for one of one’s own', async () => {
    const { code, stdout } = await call('office', 'password', '--user', 'auditor');
    expect([code, stdout]).toEqual([0, expect.stringContaining('changed')]);
    const again = await call('office', 'password', '--user', 'auditor');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('STAFF_SIGN_IN_REFUSED')]);
    const session = { username: 'auditor', password: OWN };
    expect((await village.county.ask('POST', '/v1/staff/sessions', session)).status).toBe(201);
  });
});
