import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '#libs/testing';
import { type Answer, type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { assessAndRelease, entry, settle, takeEffect } from '../../../../test/county/sample-residents.js';
import { servedStatusList } from '../../../../test/county/served-status-list.js';
import { makeKey, TestPhone } from '../../../../test/county/test-phone.js';

const PARTNERS = ['p-1', 'p-2'];

let county: RunningCounty;
let other: Awaited<ReturnType<RunningCounty['apart']>>;
let desk: Ask;

beforeAll(async () => {
  county = await runCounty();
  desk = await county.as('desk');
  await settle(county);
  other = await county.apart();
});
afterAll(async () => {
  await other.close();
  await county.close();
});

interface Row {
  readonly resident: string;
  readonly partner: string;
  readonly index: number;
  readonly revoked: boolean;
}

describe('issuing, revoking and assessing at once, through two processes', () => {
  it('refuses nobody but a key revoked by an officer, leaves one live attestation per resident and partner, and a list that says what the rows say', async () => {
    // The same wallet speaks to either process: nonces and enrolments are shared.
    const elsewhere = { ...county, ask: other.ask };
    const phones = [
      await TestPhone.enrol(county, 'wd-1'),
      await TestPhone.enrol(elsewhere, 'wd-2'),
      await TestPhone.enrol(elsewhere, 'wd-3'),
    ];
    for (const phone of phones) for (const partner of PARTNERS) await phone.consent(partner);
    const keys = await Promise.all(phones.map(() => Promise.all(PARTNERS.map(() => makeKey()))));
    // Something to revoke from the start.
    for (const [owner, phone] of phones.entries()) await phone.obtain('p-2', keys[owner]![1]!);
    const revoke = (handle: string): Promise<Answer> =>
      desk('POST', `/v1/admin/residents/${handle}/revocations`, { partner: 'p-2', reason: 'test' });
    const assess = async (round: number): Promise<Answer> => {
      await takeEffect(county, [entry(`c-${round}`, 'wd-1', 'contract-broken')]);
      return assessAndRelease(county);
    };
    const rounds = Array.from({ length: 6 }, async (_, round) => {
      const issued = phones.flatMap((phone, owner) =>
        PARTNERS.map((partner, place) => phone.obtain(partner, keys[owner]![place]!)),
      );
      const renewed = phones.map((phone) => phone.renew());
      return Promise.all([
        ...issued,
        ...renewed,
        revoke('wd-2'),
        revoke('wd-3'),
        ...(round < 2 ? [assess(round)] : []),
      ]);
    });
    const statuses = (await Promise.all(rounds)).flat().map(({ status, body }) => [status, body['code']]);
    const refused = statuses.filter(([status]) => Number(status) >= 300);
    // Only what an officer had revoked before: those keys do not come back.
    expect(new Set(refused.map(([, code]) => code))).toEqual(new Set(['HOLDER_KEY_REFUSED']));
    expect(refused.length).toBeLessThanOrEqual(rounds.length * 2);

    const rows = await county.database.query<readonly Row[]>(
      'SELECT resident_id AS resident, partner, index, revoked_at IS NOT NULL AS revoked FROM attestation',
    );
    const live = rows.filter(({ revoked }) => !revoked).map(({ resident, partner }) => `${resident} ${partner}`);
    expect(new Set(live).size).toBe(live.length);
    expect(live.filter((each) => each.endsWith(' p-2')).length).toBeLessThanOrEqual(1);
    expect(rows.filter(({ revoked }) => revoked).length).toBeGreaterThanOrEqual(2);
    county.clock.advance(1);
    await waitFor(async () => {
      const list = await servedStatusList(county);
      return rows.every(({ index, revoked }) => list.statusAt(index) === Number(revoked));
    });
  });
});
