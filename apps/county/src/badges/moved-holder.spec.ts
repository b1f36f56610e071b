import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BadgeClaims, parseBadge } from '#libs/attestation';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import {
  household,
  join,
  outcome,
  person,
  recordSubjects,
  SUBDISTRICT,
  VILLAGE,
} from '../../../../test/county/sample-subjects.js';
import { makeKey, type PhoneKey, TestPhone } from '../../../../test/county/test-phone.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';
import { Releases } from '../assessment/releases.service.js';

const INVENTED = { source: 'invented' };
const PARTNER = 'village-mill';
const TODAY = '2026-09-16';
const DAY = 86_400;

/** Of a sub-district: who is above the mean of their own village, and households that reach a sum. */
const scheme: SchemeDocument = {
  ...villageScheme,
  place: SUBDISTRICT,
  basis: 'relative',
  export: 'badge',
  metrics: [
    { id: 'points', over: 'person', formula: { sum: {} }, window: 'year', ...INVENTED },
    { id: 'family', over: 'household', formula: { sum: {} }, window: 'year', ...INVENTED },
  ],
  gradings: [
    {
      id: 'above',
      relative: { metric: 'points', op: 'gt', vs: 'mean', scope: 'place', code: 'above' },
      badge: { label_zh: '高于本村平均', at_least: 'above' },
      ...INVENTED,
    },
    {
      id: 'diligent',
      predicate: { metric: 'family', op: 'ge', value: 10, code: 'diligent' },
      badge: { label_zh: '勤劳家庭', at_least: 'diligent' },
      ...INVENTED,
    },
  ],
};

let village: RunningVillage;
let phone: TestPhone;
let key: PhoneKey;
const badge = async (grading: string): Promise<Answer> =>
  phone.send('POST', '/v1/badges', { scheme: SCHEME, grading, partner: PARTNER, proof: await phone.holderProof(key) });
const claimsOf = ({ body }: Answer): BadgeClaims => {
  const parsed = parseBadge(String(body['badge']));
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.value.claims;
};
const registrar = async (method: string, path: string, body: object): Promise<Answer> =>
  (await village.county.as('registrar'))(method, `/v1/admin${path}`, body);
const move = (place: string): Promise<Answer> => registrar('PATCH', '/subjects/p-1', { place });
const assess = async (): Promise<void> => {
  const { body } = await (
    await village.county.as('desk')
  )('POST', '/v1/admin/assessments', { scheme: SCHEME, period: '2026' });
  await (
    await village.county.as('assessor')
  )('POST', `/v1/admin/assessments/${String(body['run'])}/release`);
};

beforeAll(async () => {
  village = await runVillage(scheme);
  const elsewhere = person('q-1', { place: SUBDISTRICT });
  const as = await village.county.as('registrar');
  await recordSubjects(as, [
    person('p-1'),
    person('p-2'),
    person('p-3'),
    elsewhere,
    household('h-1'),
    household('h-2'),
  ]);
  await join(as, 'p-1', 'h-1', '2026-01-01');
  await join(as, 'p-2', 'h-2', '2026-01-01');
  await village.earn(done('e-1', 'p-1', 'help'), done('e-2', 'p-2', 'help'));
  await assess();
  phone = await TestPhone.enrol(village.county, 'p-1');
  key = await makeKey();
  await phone.send('POST', '/v1/consents', { partner: PARTNER, purpose: '免费磨面', badge: SCHEME });
});
afterAll(() => village.close());

describe('a badge of whoever has moved since the assessment', () => {
  it('never says of the new place what was found in the old one', async () => {
    expect(claimsOf(await badge('above')).badge.place).toBe('东岛刘家村');
    expect((await move(SUBDISTRICT)).status).toBe(204);
    expect(outcome(await badge('above'))).toEqual([422, 'NOTHING_TO_ISSUE']);
    // Nothing of it is compared with neighbours: it stays what it was.
    expect((await badge('diligent')).status).toBe(201);
    village.county.clock.advance(60);
    await assess();
    expect(claimsOf(await badge('above')).badge.place).toBe('王连街道');
    await move(VILLAGE);
  });

  it('of one household is not that of the next one: the first is taken back with leaving it', async () => {
    const first = claimsOf(await badge('diligent')).status;
    await registrar('POST', '/memberships/endings', { member: 'p-1', of: 'h-1', to: TODAY });
    village.county.clock.advance(DAY);
    await join(await village.county.as('registrar'), 'p-1', 'h-2', '2026-09-17');
    const second = claimsOf(await badge('diligent')).status;
    expect(second).not.toEqual(first);
    expect(await village.county.app.get(Releases, { strict: false }).revokeOutdated()).toBe(1);
    expect(claimsOf(await badge('diligent')).status).toEqual(second);
  });
});
