import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { outcome, person, recordSubjects, SUBDISTRICT } from '../../../../test/county/sample-subjects.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';

let village: RunningVillage;
const rollUp = async (place: string, period: string): Promise<Answer> =>
  (await village.county.as('auditor'))('GET', `/v1/admin/roll-up?place=${place}&period=${period}`);

beforeAll(async () => {
  village = await runVillage(villageScheme, { ...villageScheme, id: 'county-points', place: '371082' });
  await recordSubjects(await village.county.as('registrar'), [person('p-1'), person('p-2')]);
  const scheme = { scheme: SCHEME };
  await village.earn(
    done('e-1', 'p-1', 'hours', { ...scheme, quantity: 3 }),
    done('e-2', 'p-1', 'hours', { ...scheme, quantity: 5 }),
    done('e-3', 'p-2', 'hours', { ...scheme, quantity: 3 }),
    done('e-4', 'p-1', 'capped', scheme),
    done('e-5', 'p-1', 'capped', scheme),
    done('e-6', 'p-2', 'litter', { ...scheme, occurredOn: '2026-06-30' }),
    done('e-7', 'p-2', 'help', { scheme: 'county-points' }),
  );
  await village.declare(done('e-8', 'p-2', 'help', scheme));
});
afterAll(() => village.close());

describe('the roll-up of a place', () => {
  it('adds up what is in effect under every scheme at and below it', async () => {
    const { body } = await rollUp(SUBDISTRICT, '2026-Q3');
    const [only, ...more] = body['schemes'] as readonly { readonly rules: readonly { readonly entries: number }[] }[];
    expect(more).toEqual([]);
    expect(only).toMatchObject({ scheme: SCHEME, subjects: 2 });
    expect(only?.rules.filter(({ entries }) => entries > 0)).toMatchObject([
      { rule: 'hours', entries: 3, subjects: 2, quantity: 11, points: 2 },
      { rule: 'capped', entries: 2, subjects: 1, quantity: 2, points: 15 },
    ]);
    const year = await rollUp('371082', '2026');
    expect(year.body['schemes']).toMatchObject([
      { scheme: 'county-points', subjects: 1 },
      { scheme: SCHEME, subjects: 2 },
    ]);
    expect(JSON.stringify(year.body)).toContain(
      '"rule":"litter","label":"规则 litter","entries":1,"subjects":1,"quantity":1,"points":-8',
    );
  });

  it('is shown to those above the place, of periods that have begun', async () => {
    const elsewhere = await village.county.asIn('371082005', 'manager');
    const asked = `/v1/admin/roll-up?place=${SUBDISTRICT}&period=2026`;
    expect(outcome(await elsewhere('GET', asked))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await rollUp('371099', '2026'))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await rollUp(SUBDISTRICT, '2027'))).toEqual([422, 'ASSESSMENT_PERIOD_INVALID']);
  });
});

describe('the worklist', () => {
  it('names what waits for somebody, in the places of who asks', async () => {
    const open = async (as: string, state: string): Promise<unknown> =>
      (await (await village.county.as(as))('GET', `/v1/admin/entries?state=${state}`)).body['entries'];
    expect(await open('verifier', 'declared')).toMatchObject([{ id: 'e-8', subject: 'p-2', rule: 'help' }]);
    await village.act(village.verifier, 'verify', ['e-8']);
    expect([await open('verifier', 'declared'), await open('approver', 'verified')]).toMatchObject([
      [],
      [{ id: 'e-8' }],
    ]);
    const elsewhere = await village.county.asIn('371082005', 'approver');
    expect((await elsewhere('GET', '/v1/admin/entries?state=verified')).body['entries']).toEqual([]);
  });
});
