import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { makeKey, type PhoneKey, TestPhone } from '../../../../test/county/test-phone.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';

const INVENTED = { source: 'invented' };
const PARTNER = 'village-mill';
const NOTHING = [422, 'NOTHING_TO_ISSUE'];

/** Who has ten points in a month. */
const monthly: SchemeDocument = {
  ...villageScheme,
  basis: 'eligibility',
  export: 'badge',
  metrics: [{ id: 'month', over: 'person', formula: { sum: {} }, window: 'month', ...INVENTED }],
  gradings: [
    {
      id: 'busy',
      predicate: { metric: 'month', op: 'ge', value: 10, code: 'busy' },
      badge: { label_zh: '本月积极分子', at_least: 'busy' },
      ...INVENTED,
    },
  ],
};

interface Holder {
  readonly phone: TestPhone;
  readonly key: PhoneKey;
}

let village: RunningVillage;
beforeAll(async () => {
  village = await runVillage(monthly);
  const people = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'].map((handle) => person(handle));
  await recordSubjects(await village.county.as('registrar'), people);
});
afterAll(() => village.close());

const holder = async (handle: string): Promise<Holder> => {
  const phone = await TestPhone.enrol(village.county, handle);
  await phone.send('POST', '/v1/consents', { partner: PARTNER, purpose: '免费磨面', badge: SCHEME });
  return { phone, key: await makeKey() };
};
const badge = async ({ phone, key }: Holder): Promise<readonly unknown[]> =>
  outcome(
    await phone.send('POST', '/v1/badges', { scheme: SCHEME, partner: PARTNER, proof: await phone.holderProof(key) }),
  );
const registrar = async (path: string, body: object): Promise<Answer> =>
  (await village.county.as('registrar'))('POST', `/v1/admin/subjects/${path}`, body);
const earn = (id: string, subject: string, rule: string, occurredOn: string): Promise<Answer> =>
  village.earn(done(id, subject, rule, { occurredOn }));
const assess = async (period: string): Promise<string> =>
  String(
    (await (await village.county.as('desk'))('POST', '/v1/admin/assessments', { scheme: SCHEME, period })).body['run'],
  );
const release = async (run: string): Promise<unknown> =>
  (await (await village.county.as('assessor'))('POST', `/v1/admin/assessments/${run}/release`)).body['revoked'];

describe('a badge rests on the released run of the latest period', () => {
  it('and not on one before it, whenever that is released', async () => {
    await earn('a-1', 'p-1', 'help', '2026-08-10');
    const who = await holder('p-1');
    const [september, august] = [await assess('2026-09'), await assess('2026-08')];
    await release(september);
    expect(await badge(who)).toEqual(NOTHING);
    await release(august);
    expect(await badge(who)).toEqual(NOTHING);
  });

  it('ends with a drop, is given again after a rise, and not in between', async () => {
    await earn('b-1', 'p-2', 'help', '2026-09-10');
    const who = await holder('p-2');
    await release(await assess('2026-09'));
    expect(await badge(who)).toEqual([201, undefined]);
    await earn('b-2', 'p-2', 'litter', '2026-09-11');
    const dropped = await assess('2026-09');
    // Nothing changes before the release.
    expect(await badge(who)).toEqual([201, undefined]);
    expect(await release(dropped)).toBe(1);
    expect(await badge(who)).toEqual(NOTHING);
    await earn('b-3', 'p-2', 'help', '2026-09-12');
    await release(await assess('2026-09'));
    expect(await badge(who)).toEqual([201, undefined]);
    await who.phone.send('DELETE', `/v1/consents/${PARTNER}`);
    expect(await badge(who)).toEqual([409, 'CONSENT_MISSING']);
    // A consent to the tier is none to the badge.
    await who.phone.consent(PARTNER);
    expect(await badge(who)).toEqual([409, 'CONSENT_MISSING']);
  });

  it('is nobody’s who has left; back again, they enrol anew', async () => {
    await earn('c-1', 'p-3', 'help', '2026-09-10');
    await release(await assess('2026-09'));
    const who = await holder('p-3');
    expect(await badge(who)).toEqual([201, undefined]);
    await registrar('p-3/endings', { cause: 'left', on: '2026-09-16' });
    expect(await badge(who)).toEqual([401, 'DEVICE_PROOF_REFUSED']);
    await registrar('p-3/reopenings', { reason: 'a mistake' });
    expect(await badge(who)).toEqual([401, 'DEVICE_PROOF_REFUSED']);
    expect(await badge(await holder('p-3'))).toEqual([201, undefined]);
  });

  it('of an absorbed record is nobody’s, and becomes the survivor’s with the next assessment', async () => {
    await earn('d-1', 'p-4', 'help', '2026-09-10');
    await release(await assess('2026-09'));
    const [absorbed, survivor] = [await holder('p-4'), await holder('p-5')];
    expect([await badge(absorbed), await badge(survivor)]).toEqual([[201, undefined], NOTHING]);
    await registrar('p-4/merges', { into: 'p-5', reason: 'recorded twice' });
    expect([await badge(absorbed), await badge(survivor)]).toEqual([[401, 'DEVICE_PROOF_REFUSED'], NOTHING]);
    village.county.clock.advance(60);
    await release(await assess('2026-09'));
    expect(await badge(survivor)).toEqual([201, undefined]);
    const live = await village.county.database.query<readonly object[]>(
      `SELECT handle FROM attestation JOIN resident ON resident.id = resident_id
      WHERE revoked_at IS NULL AND handle IN ('p-4', 'p-5')`,
    );
    expect(live).toEqual([{ handle: 'p-5' }]);
  });
});
