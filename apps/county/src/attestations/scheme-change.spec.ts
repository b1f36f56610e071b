import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicJwkOf } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { holdAttestation } from '#libs/wallet';
import { nextScheme } from '../../../../test/county/next-scheme.js';
import { runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { assessAndRelease, settle } from '../../../../test/county/sample-residents.js';
import { makeKey, TestPhone } from '../../../../test/county/test-phone.js';

let county: RunningCounty;
let folder: string;

beforeAll(async () => {
  county = await runCounty();
  await settle(county);
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-scheme-'));
});
afterAll(async () => {
  await county.close();
  await rm(folder, { recursive: true });
});

/** By which the first resident's 1040 points are an A. */
const STRICTER = { AAA: { ge: 1090 }, AA: { ge: 1060, lt: 1090 }, A: { lt: 1060 } };

const live = (): Promise<unknown[]> =>
  county.database.query<unknown[]>('SELECT grade FROM attestation WHERE revoked_at IS NULL ORDER BY grade');

describe('a change of scheme', () => {
  it('signs no grade of the old scheme under the new fingerprint, and revokes nothing until the next assessment', async () => {
    const phone = await TestPhone.enrol(county, 'wd-1');
    await phone.consent('rugao-spot');
    const key = await makeKey();
    const hold = async (attestation: unknown): Promise<readonly [string, readonly string[]]> => {
      const held = await holdAttestation(String(attestation), publicJwkOf(key.jwk), nodeCrypto);
      if (!held.ok) throw new Error(held.fault);
      return [held.value.claims.scheme.fingerprint, [...held.value.thresholds.keys()].toSorted()];
    };
    const [before, grades] = await hold((await phone.obtain('rugao-spot', key)).body['attestation']);
    expect(grades).toEqual(['A', 'AA']);

    const next = await county.again({ schemesFolder: await nextScheme(folder, STRICTER) });
    try {
      const there = phone.through(next.ask);
      for (const answer of [await there.renew(), await there.obtain('rugao-spot', key)])
        expect(answer.body['code']).toBe('NOTHING_TO_ISSUE');
      expect(await live()).toEqual([{ grade: 'AA' }]);

      expect((await assessAndRelease(next)).status).toBe(200);
      const [renewed] = JSON.parse((await there.renew()).text) as readonly { readonly attestation: string }[];
      const [after, lower] = await hold(renewed?.attestation);
      expect([after === before, lower]).toEqual([false, ['A']]);
    } finally {
      await next.close();
    }
  });
});
