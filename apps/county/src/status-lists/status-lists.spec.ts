import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '#libs/testing';
import { type Ask, runCounty, type RunningCounty, START } from '../../../../test/county/running-county.js';
import { settle } from '../../../../test/county/sample-residents.js';
import { type ServedStatusList, servedStatusList } from '../../../../test/county/served-status-list.js';
import { makeKey, TestPhone } from '../../../../test/county/test-phone.js';
import { StatusListPublisher } from './status-list-publisher.js';

const TTL = 300;
let county: RunningCounty;
let desk: Ask;

beforeAll(async () => {
  county = await runCounty({ statusTtlSeconds: TTL });
  desk = await county.as('desk');
  await settle(county);
});
afterAll(() => county.close());

const served = (ask?: Ask): Promise<ServedStatusList> => servedStatusList(county, ask);

/** Issues one attestation and revokes it; its place on the list. */
async function revokeOne(): Promise<number> {
  const phone = await TestPhone.enrol(county, 'wd-1');
  await phone.consent('rugao-spot');
  await phone.obtain('rugao-spot', await makeKey());
  await desk('POST', '/v1/admin/residents/wd-1/revocations', { reason: 'test' });
  const [row] = await county.database.query<readonly { readonly index: number }[]>(
    'SELECT index FROM attestation ORDER BY revoked_at DESC, issued_at DESC LIMIT 1',
  );
  if (row === undefined) throw new Error('nothing was issued');
  return row.index;
}

async function listWith(index: number, ask?: Ask): Promise<ServedStatusList> {
  return waitFor(async () => {
    const list = await served(ask);
    return list.statusAt(index) === 1 && list;
  });
}

describe('the signed status list (design §4.3)', () => {
  it('is served from the first boot: 2^17 entries, ttl, 72 hours', async () => {
    const { iat, exp, ttl, statuses, answer } = await served();
    expect([iat, exp - iat, ttl, statuses.bytes.length]).toEqual([START, 72 * 3_600, TTL, 2 ** 17 / 8]);
    expect(answer.headers.get('content-type')).toBe('application/statuslist+jwt');
    expect(answer.headers.get('cache-control')).toBe(`public, max-age=${TTL}`);
  });

  it('answers 304 while it is unchanged', async () => {
    const { answer } = await served();
    const etag = String(answer.headers.get('etag'));
    const known = await county.ask('GET', '/s/1', undefined, { 'if-none-match': etag });
    expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', etag]);
    const other = await county.ask('GET', '/s/1', undefined, { 'if-none-match': '"other"' });
    expect(other.text).toBe(answer.text);
  });

  it.each(['/s/2', '/s/0', '/s/x', '/s/01', '/s/9999999999'])('knows no list %s', async (path) => {
    expect((await county.ask('GET', path)).body['code']).toBe('NOT_FOUND');
  });

  it('is signed anew at once when a bit changes, but never for the future and never twice for one second', async () => {
    const index = await revokeOne();
    expect(await county.app.get(StatusListPublisher).publishDue()).toBe('waiting');
    const before = await served();
    expect([before.iat, before.statusAt(index)]).toEqual([START, 0]);
    county.clock.advance(1);
    const after = await listWith(index);
    expect(after.iat).toBe(START + 1);
    expect(after.answer.headers.get('etag')).not.toBe(before.answer.headers.get('etag'));
  });

  it('is one list for all processes, and its iat does not fall back when one restarts or has a slow clock', async () => {
    const { iat } = await served();
    const other = await county.again();
    county.clock.set(iat - 100);
    const late = await county.again();
    expect([(await served(other.ask)).iat, (await served(late.ask)).iat]).toEqual([iat, iat]);
    county.clock.set(iat + 5);
    const index = await revokeOne();
    expect((await listWith(index, other.ask)).iat).toBe(iat + 5);
    await Promise.all([other.close(), late.close()]);
  });
});

describe('a short ttl', () => {
  it('is signed anew on schedule though nothing changed', async () => {
    const short = await runCounty({ statusTtlSeconds: 1 });
    const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
    const first = await servedStatusList(short);
    short.clock.advance(1);
    const second = await waitFor(async () => {
      const list = await servedStatusList(short);
      return list.iat > first.iat && list;
    });
    expect(second.iat).toBe(first.iat + 1);
    expect(digest(Buffer.from(second.statuses.bytes).toString('hex'))).toBe(
      digest(Buffer.from(first.statuses.bytes).toString('hex')),
    );
    await short.close();
  });
});
