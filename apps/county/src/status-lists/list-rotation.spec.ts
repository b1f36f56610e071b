import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isJsonObject, parseCompactJws, type JsonValue } from '#libs/jose-profile';
import { waitFor } from '#libs/testing';
import { COUNTY_ID, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { settle } from '../../../../test/county/sample-residents.js';
import { servedStatusList } from '../../../../test/county/served-status-list.js';
import { makeKey, TestPhone } from '../../../../test/county/test-phone.js';
import { StatusListPublisher } from './status-list-publisher.js';

const TTL = 300;
let county: RunningCounty;
let phone: TestPhone;

beforeAll(async () => {
  county = await runCounty({ statusTtlSeconds: TTL });
  await settle(county);
  phone = await TestPhone.enrol(county, 'wd-1');
});
afterAll(() => county.close());

async function issue(partner: string): Promise<void> {
  await phone.consent(partner);
  expect((await phone.obtain(partner, await makeKey())).status).toBe(201);
}
const withdraw = (by: TestPhone, partner: string): Promise<unknown> => by.send('DELETE', `/v1/consents/${partner}`);

async function placeOf(partner: string): Promise<number> {
  const [row] = await county.database.query<readonly { readonly index: number }[]>(
    'SELECT index FROM attestation WHERE partner = $1',
    [partner],
  );
  return row?.index ?? -1;
}

/** What an attestation says about its place on a list. */
function statusIn(attestation: string): JsonValue | undefined {
  const parsed = parseCompactJws(attestation.split('~')[0] ?? '', { typ: 'dc+sd-jwt' });
  if (!parsed.ok) throw new Error(parsed.fault);
  const { status } = parsed.value.payload;
  return isJsonObject(status) ? status['status_list'] : undefined;
}

describe('waking the publisher', () => {
  it('never puts a signature off, however often it happens', async () => {
    await issue('busy');
    const publisher = county.app.get(StatusListPublisher, { strict: false });
    const timer = setInterval(() => publisher.wake(), 5);
    try {
      await withdraw(phone, 'busy');
      county.clock.advance(1);
      const index = await placeOf('busy');
      const signed = waitFor(async () => (await servedStatusList(county)).statusAt(index) === 1);
      await expect(signed).resolves.toBe(true);
    } finally {
      clearInterval(timer);
    }
  });

  it('takes a revocation: what is only issued or renewed changes no bit', async () => {
    const wake = jest.spyOn(county.app.get(StatusListPublisher, { strict: false }), 'wake');
    await issue('quiet');
    expect((await phone.renew()).status).toBe(200);
    expect(wake).not.toHaveBeenCalled();
    await withdraw(phone, 'quiet');
    expect(wake).toHaveBeenCalledTimes(1);
    wake.mockRestore();
  });
});

describe('the next list', () => {
  it('lets the list before be signed while an attestation on it lives, and no longer', async () => {
    await issue('rugao-spot');
    const index = await placeOf('rugao-spot');
    // As in a redeployment: the process that knew only the first list signs no more.
    await county.app.get(StatusListPublisher, { strict: false }).onModuleDestroy();
    const next = await county.again({ statusListUri: `${COUNTY_ID}/s/2` });
    try {
      const [renewed] = JSON.parse((await phone.through(next.ask).renew()).text) as readonly { attestation: string }[];
      // Within its epoch an attestation keeps its place.
      expect(statusIn(renewed?.attestation ?? '')).toEqual({ idx: index, uri: `${COUNTY_ID}/s/1` });
      await withdraw(phone.through(next.ask), 'rugao-spot');
      // Only now: a list signed between a turn of the clock and the withdrawal would leave it waiting for the next second.
      county.clock.advance(10);
      await waitFor(async () => (await servedStatusList(county, next.ask)).statusAt(index) === 1);
    } finally {
      await next.close();
    }
    const signedAt = async (): Promise<readonly unknown[]> =>
      county.database.query<readonly unknown[]>(
        'SELECT list FROM status_list WHERE token_iat = to_timestamp($1) ORDER BY 1',
        [county.clock.now()],
      );
    county.clock.advance(TTL);
    await (await county.again({ statusListUri: `${COUNTY_ID}/s/2` })).close();
    expect(await signedAt()).toEqual([{ list: 1 }, { list: 2 }]);
    county.clock.advance(30 * 86_400);
    await (await county.again({ statusListUri: `${COUNTY_ID}/s/2` })).close();
    expect(await signedAt()).toEqual([{ list: 2 }]);
  });

  it('is not begun by giving the number of a list another address (CONFIG_INVALID)', async () => {
    await expect(county.again({ statusListUri: 'https://status.example/s/1' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      detail: expect.stringContaining('STATUS_LIST_URI'),
    });
  });
});
