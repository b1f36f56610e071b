import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asOwner } from '../../../../test/county/as-owner.js';
import type { Ask } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { household, join, outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';

let village: RunningVillage;
/** The accounts of two records that turn out to be one person. */
let [one, other]: Ask[] = [];

beforeAll(async () => {
  village = await runVillage();
  const { county } = village;
  const registrar = await county.as('registrar');
  const people = ['p-1', 'p-2', 'p-3', 'p-4'].map((handle) => person(handle));
  await recordSubjects(registrar, [...people, household('h-1')]);
  for (const member of ['p-2', 'p-3']) await join(registrar, member, 'h-1', '2026-01-01');
  [one, other] = [
    await asOwner(county, 'p-1', 'wang', ['approver']),
    await asOwner(county, 'p-2', 'wang-2', ['approver']),
  ];
  const ids = ['e-own', 'e-home', 'e-large'];
  await village.declare(
    done('e-own', 'p-2', 'help'),
    done('e-home', 'p-3', 'help'),
    done('e-large', 'p-4', 'choice', { quantity: 30 }),
  );
  await village.act(village.verifier, 'verify', ids);
  await village.act(one, 'approve', ['e-large']);
  const merged = await registrar('POST', '/v1/admin/subjects/p-1/merges', { into: 'p-2', reason: 'recorded twice' });
  if (merged.status >= 300) throw new Error(merged.text);
});
afterAll(() => village.close());

describe('an account whose subject turned out to be another', () => {
  it('decides about nothing of that person or of its household', async () => {
    expect(outcome(await village.act(one!, 'approve', ['e-own']))).toEqual([403, 'SELF_APPROVAL']);
    expect(outcome(await village.act(one!, 'approve', ['e-home']))).toEqual([403, 'HOUSEHOLD_APPROVAL']);
  });

  it('is one person with the other account, also for what it did before', async () => {
    expect(outcome(await village.act(other!, 'approve', ['e-large']))).toEqual([403, 'SAME_APPROVER']);
    expect((await village.act(village.approver, 'approve', ['e-large'])).status).toBe(200);
  });
});
