import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BadgeClaims, parseBadge } from '#libs/attestation';
import { isSignedBy, publicJwkOf } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { child, household, join, outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { makeKey, type PhoneKey, TestPhone } from '../../../../test/county/test-phone.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';
import { Releases } from '../assessment/releases.service.js';

const INVENTED = { source: 'invented' };
const PARTNER = 'village-mill';

const giving: SchemeDocument = {
  ...villageScheme,
  basis: 'eligibility',
  export: 'badge',
  metrics: [
    { id: 'mean', over: 'household', formula: { mean_per_member: {} }, window: 'year', ...INVENTED },
    { id: 'points', over: 'person', formula: { sum: {} }, window: 'year', ...INVENTED },
  ],
  gradings: [
    {
      id: 'qualified',
      predicate: { metric: 'mean', op: 'gt', value: 5, code: 'qualified' },
      badge: { label_zh: '人均积分达标家庭', at_least: 'qualified' },
      ...INVENTED,
    },
    {
      id: 'volunteer',
      bands: {
        metric: 'points',
        rows: [
          { code: 'gold', ge: 20, ...INVENTED },
          { code: 'silver', ge: 10, lt: 20, ...INVENTED },
          { code: 'none', lt: 10, ...INVENTED },
        ],
      },
      badge: { label_zh: '志愿服务积极分子', at_least: 'silver' },
      ...INVENTED,
    },
  ],
};
const silent: SchemeDocument = { ...villageScheme, id: 'silent-points' };
const { badge: _badge, ...ofHouseholds } = giving.gradings[0]!;
const households: SchemeDocument = {
  ...giving,
  id: 'household-grades',
  basis: 'graded',
  export: 'none',
  subject_kinds: ['household'],
  metrics: giving.metrics.slice(0, 1),
  rules: [],
  gradings: [{ ...ofHouseholds, id: 'only' }],
};

let village: RunningVillage;
let phone: TestPhone;
let key: PhoneKey;
const badge = async (grading: string, more: object = {}, by = phone, holder = key): Promise<Answer> =>
  by.send('POST', '/v1/badges', {
    scheme: SCHEME,
    grading,
    partner: PARTNER,
    proof: await by.holderProof(holder),
    ...more,
  });
const claimsOf = ({ body }: Answer): BadgeClaims => {
  const parsed = parseBadge(String(body['badge']));
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.value.claims;
};
const assess = async (period: string): Promise<unknown> => {
  const desk = await village.county.as('desk');
  const { body } = await desk('POST', '/v1/admin/assessments', { scheme: SCHEME, period });
  const assessor = await village.county.as('assessor');
  return (await assessor('POST', `/v1/admin/assessments/${String(body['run'])}/release`)).body['revoked'];
};
const act = (id: string, subject: string, rule: string): ReturnType<typeof done> =>
  done(id, subject, rule, { scheme: SCHEME });
const consent = async (by: TestPhone, more: object): Promise<Answer> =>
  by.send('POST', '/v1/consents', { partner: PARTNER, purpose: '免费磨面', ...more });

beforeAll(async () => {
  village = await runVillage(giving, silent, households);
  const registrar = await village.county.as('registrar');
  await recordSubjects(registrar, [person('p-1'), person('p-2'), child('c-1'), household('h-1')]);
  for (const member of ['p-1', 'c-1']) await join(registrar, member, 'h-1', '2026-01-01');
  await village.earn(act('e-1', 'p-1', 'help'), act('e-2', 'p-1', 'passing'), act('e-3', 'p-2', 'help'));
  phone = await TestPhone.enrol(village.county, 'p-1');
  key = await makeKey();
});
afterAll(() => village.close());

describe('a badge', () => {
  it('is given from a released run, under a consent of its own that names the scheme', async () => {
    expect(outcome(await badge('volunteer'))).toEqual([409, 'CONSENT_MISSING']);
    await consent(phone, {});
    expect(outcome(await badge('volunteer'))).toEqual([409, 'CONSENT_MISSING']);
    const { status, body } = await consent(phone, { badge: SCHEME });
    expect([status, body]).toEqual([201, expect.objectContaining({ dataKind: 'badge', scheme: SCHEME })]);
    expect(outcome(await badge('volunteer'))).toEqual([422, 'NOTHING_TO_ISSUE']);
    expect(await assess('2026')).toBe(0);
    const answer = await badge('volunteer');
    expect(outcome(answer)).toEqual([201, undefined]);
    const parsed = parseBadge(String(answer.body['badge']));
    const { attestKey } = village.county;
    const issuer = await nodeCrypto.importPublicKey('ES256', attestKey);
    expect(parsed.ok && (await isSignedBy(parsed.value.jws, issuer, nodeCrypto))).toBe(true);
    const { cnf, badge: said, iat, exp, vct } = claimsOf(answer);
    expect([cnf, vct]).toEqual([publicJwkOf(key.jwk), 'https://alliance.example/vct/badge/1']);
    expect((exp - iat) / 86_400).toBe(90);
    expect(said).toEqual({ what: '志愿服务积极分子', place: '东岛刘家村', period: '2026', basis: '积分达标' });
    expect(JSON.stringify(said)).not.toContain('silver');
  });

  it('of a household is shown by an adult of it and names nobody', async () => {
    const { badge: said } = claimsOf(await badge('qualified'));
    expect(said).toEqual({
      what: '人均积分达标家庭',
      place: '东岛刘家村',
      period: '2026',
      basis: '积分达标（家庭）',
    });
    const other = await TestPhone.enrol(village.county, 'p-2');
    const otherKey = await makeKey();
    await consent(other, { badge: SCHEME });
    expect(outcome(await badge('qualified', {}, other, otherKey))).toEqual([422, 'NOTHING_TO_ISSUE']);
    expect((await badge('volunteer', {}, other, otherKey)).status).toBe(201);
    // A child has no phone of its own here.
    const desk = await village.county.as('issuing_officer');
    expect((await desk('POST', '/v1/admin/residents/c-1/enrolment-codes')).status).toBe(404);
  });

  it('keeps its place on the status list within a week, and is never one for a minor', async () => {
    const [one, two] = [claimsOf(await badge('volunteer')), claimsOf(await badge('volunteer'))];
    expect(one.status).toEqual(two.status);
    expect(claimsOf(await badge('qualified')).status).not.toEqual(one.status);
    const young = 'UPDATE resident SET birth_year = $1 WHERE handle = $2';
    await village.county.database.query(young, [2010, 'p-1']);
    expect(outcome(await badge('volunteer'))).toEqual([422, 'NOTHING_TO_ISSUE']);
    await village.county.database.query(young, [1980, 'p-1']);
  });

  it('is asked for of a scheme that gives it', async () => {
    expect(outcome(await badge('volunteer', { scheme: 'no-such' }))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    expect(outcome(await badge('volunteer', { scheme: 'silent-points' }))).toEqual([422, 'BADGE_NOT_GIVEN']);
    expect(outcome(await badge('other'))).toEqual([422, 'BADGE_NOT_GIVEN']);
    expect(outcome(await badge('volunteer', { proof: 'none' }))).toEqual([422, 'HOLDER_PROOF_REFUSED']);
    expect(outcome(await consent(phone, { badge: 'no-such' }))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
  });

  it('ends with the grade that it rests on, and with leaving the household', async () => {
    const live = async (): Promise<unknown[]> =>
      village.county.database.query(
        `SELECT handle, badge_grading AS of FROM attestation JOIN resident ON resident.id = resident_id
        WHERE revoked_at IS NULL ORDER BY 1, 2`,
      );
    const all = [
      { handle: 'p-1', of: 'qualified' },
      { handle: 'p-1', of: 'volunteer' },
      { handle: 'p-2', of: 'volunteer' },
    ];
    expect(await live()).toEqual(all);
    expect(await assess('2026')).toBe(0);
    await village.earn(act('e-4', 'p-2', 'litter'));
    expect(await assess('2026')).toBe(1);
    expect(await live()).toEqual(all.slice(0, 2));
    const registrar = await village.county.as('registrar');
    await registrar('POST', '/v1/admin/memberships/endings', { member: 'p-1', of: 'h-1', to: '2026-09-16' });
    const releases = village.county.app.get(Releases, { strict: false });
    expect(await releases.revokeOutdated()).toBe(0);
    village.county.clock.advance(86_400);
    expect(await releases.revokeOutdated()).toBe(1);
    expect(await live()).toEqual(all.slice(1, 2));
    await phone.send('DELETE', `/v1/consents/${PARTNER}`);
    expect(await live()).toEqual([]);
  });
});

describe('a tier', () => {
  it('is of graded schemes of persons only', async () => {
    const ask = async (scheme: string): Promise<Answer> =>
      phone.send('POST', '/v1/attestations', { scheme, partner: PARTNER, proof: await phone.holderProof(key) });
    expect(outcome(await ask(SCHEME))).toEqual([422, 'UNMAPPABLE_BASIS']);
    expect(outcome(await ask('household-grades'))).toEqual([422, 'UNMAPPABLE_SUBJECT']);
    expect(outcome(await ask('no-such'))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
  });
});
