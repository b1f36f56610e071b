import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { settle } from '../../../../test/county/sample-residents.js';
import { makeKey, TestPhone } from '../../../../test/county/test-phone.js';

let county: RunningCounty;
let desk: Ask;

beforeAll(async () => {
  county = await runCounty();
  desk = await county.as('desk');
  await settle(county);
});
afterAll(() => county.close());

describe('a key that an officer has revoked for one partner', () => {
  it.each([false, true])(
    'does not come back by asking, also not by consent withdrawn (first: %s) and given',
    async (isFirst) => {
      const phone = await TestPhone.enrol(county, 'wd-3');
      const key = await makeKey();
      const withdraw = (): Promise<unknown> => phone.send('DELETE', '/v1/consents/e-1');
      const code = async (): Promise<unknown> => (await phone.obtain('e-1', key)).body['code'];
      await phone.consent('e-1');
      expect(await code()).toBeUndefined();
      if (isFirst) await withdraw();
      await desk('POST', '/v1/admin/residents/wd-3/revocations', { partner: 'e-1', reason: 'issued in error' });
      await phone.consent('e-1');
      expect(await code()).toBe('HOLDER_KEY_REFUSED');
      await withdraw();
      await phone.consent('e-1');
      expect([await code(), (await phone.renew()).text]).toEqual(['HOLDER_KEY_REFUSED', '[]']);
      const anew = await TestPhone.enrol(county, 'wd-3');
      await anew.consent('e-1');
      expect((await anew.obtain('e-1', await makeKey())).status).toBe(201);
    },
  );
});
