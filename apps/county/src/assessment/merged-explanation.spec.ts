import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { household, join, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';

const INVENTED = { source: 'invented' };
const counted: SchemeDocument = {
  ...villageScheme,
  metrics: [
    { id: 'points', over: 'person', formula: { sum: {} }, window: 'year', ...INVENTED },
    { id: 'home', over: 'household', formula: { sum: {} }, window: 'year', ...INVENTED },
  ],
};

let village: RunningVillage;
const assess = async (): Promise<unknown> => {
  const assessor = await village.county.as('assessor');
  return (await assessor('POST', '/v1/admin/assessments', { scheme: SCHEME, period: '2026' })).body['run'];
};
const explained = async (run: unknown, handle: string): Promise<Answer> =>
  (await village.county.as('auditor'))('GET', `/v1/admin/assessments/${String(run)}/subjects/${handle}`);
const merge = async (handle: string, into: string): Promise<number> => {
  const registrar = await village.county.as('registrar');
  return (await registrar('POST', `/v1/admin/subjects/${handle}/merges`, { into, reason: 'recorded twice' })).status;
};
const pointsOf = async (run: unknown, handle: string): Promise<unknown> => {
  const { status, body } = await explained(run, handle);
  const [metric] = (body['metrics'] ?? []) as readonly { readonly value: { readonly num: number } }[];
  return status === 200 ? metric?.value.num : status;
};

beforeAll(async () => {
  village = await runVillage(counted);
  const registrar = await village.county.as('registrar');
  await recordSubjects(registrar, [person('p-1'), person('p-2'), person('p-3'), household('h-1')]);
  await join(registrar, 'p-1', 'h-1', '2026-01-01');
  await village.earn(
    done('e-1', 'p-1', 'help'),
    done('e-2', 'p-2', 'litter'),
    done('e-3', 'p-2', 'help'),
    done('e-4', 'p-3', 'passing'),
  );
});
afterAll(() => village.close());

describe('a run made before a merge', () => {
  it('is explained from the subjects as they stood, also where all happens within one second', async () => {
    const handles = ['p-1', 'p-2', 'p-3', 'h-1'];
    const first = await assess();
    const before = await Promise.all(handles.map((handle) => explained(first, handle)));
    expect(await Promise.all(handles.map((handle) => pointsOf(first, handle)))).toEqual([10, 2, 5, 10]);
    expect(await merge('p-2', 'p-1')).toBe(204);
    const second = await assess();
    expect(await merge('p-1', 'p-3')).toBe(204);
    const third = await assess();
    const again = await Promise.all(handles.map((handle) => explained(first, handle)));
    expect(again.map(({ status, body }) => [status, body])).toEqual(before.map(({ body }) => [200, body]));
    // From the first merge on, p-2 is p-1; from the second, both are p-3.
    expect(await Promise.all(handles.map((handle) => pointsOf(second, handle)))).toEqual([12, 12, 5, 12]);
    expect(await Promise.all(handles.map((handle) => pointsOf(third, handle)))).toEqual([17, 17, 17, 17]);
  });
});
