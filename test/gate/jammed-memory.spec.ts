import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client as PgClient } from 'pg';
import { DataSource } from 'typeorm';
import { waitFor } from '#libs/testing';
import { gateWorld, TODAY, type GateWorld, type Reply, type TestGate, type Verdict } from './gate-world.js';

let world: GateWorld;
let gate: TestGate;

beforeAll(async () => {
  world = await gateWorld();
  gate = await world.start();
});
afterAll(() => world.stop());

const UNAVAILABLE = [503, 'SITE_MEMORY_UNAVAILABLE'];

/** Holds a table as another process would, while `work` runs. */
async function locked<Answer>(table: string, work: (release: () => Promise<void>) => Promise<Answer>): Promise<Answer> {
  const jam = new PgClient({ connectionString: world.database.url });
  await jam.connect();
  let isHeld = true;
  const release = async (): Promise<void> => {
    if (isHeld) await jam.end();
    isHeld = false;
  };
  try {
    await jam.query('BEGIN');
    await jam.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return await work(release);
  } finally {
    await release();
  }
}

describe('a site memory that does not answer (design §4.2)', () => {
  it('grants nothing afterwards to a visit that was answered 503', async () => {
    const proof = await world.proof();
    const qr = await world.qr(proof);
    const database = gate.app.get(DataSource);
    // The staff token is known from then on, and costs no connection.
    await gate.scan('warm');
    // Every connection is taken for a while, so that the visit begins late and its deadline passes within a statement.
    const busy = Array.from({ length: 10 }, () => database.query('SELECT pg_sleep(2.6)'));
    const refused = await locked('quota_use', async (release) => {
      const scan = gate.scan(qr);
      await Promise.all(busy);
      const { status, body } = await scan;
      await release();
      return [status, body.code];
    });
    expect(refused).toEqual(UNAVAILABLE);
    await waitFor(async () => {
      const [row] = await database.query<{ n: string }[]>(
        `SELECT count(*) AS n FROM pg_stat_activity
         WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`,
      );
      return Number(row?.n) === 0;
    });
    const at = `/v1/daily-counts?day=${TODAY}&site=spot-east`;
    expect((await gate.manager.get<{ offers: readonly object[] }>(at)).body.offers).toEqual([]);
    expect((await gate.scan(await world.qr(proof), 'lane-2')).body).toMatchObject({
      verdict: 'granted',
      repeat: false,
    });
  });

  it('is a 503 in bounded time for sessions, later records and coupons alike', async () => {
    const order = { site: 'spot-east', offer: 'free-aa', orderRef: 'o', party: { adults: 1, children: 0, seniors: 0 } };
    const [session, verification] = [
      `/v1/verification-sessions/${crypto.randomUUID()}`,
      `/v1/verifications/${crypto.randomUUID()}`,
    ];
    const ask = (): Promise<readonly Reply<Verdict>[]> =>
      Promise.all([
        gate.manager.post<Verdict>('/v1/verification-sessions', order),
        gate.anyone.post<Verdict>(`${session}/response`, { vp_token: { tier: ['x'] } }),
        gate.anyone.get<Verdict>(`${session}/request`),
        gate.manager.get<Verdict>(session),
        gate.manager.post<Verdict>(`${verification}/void`, { reason: 'x' }),
        gate.manager.post<Verdict>(`${verification}/decisions`, { decision: 'declined' }),
        gate.shop.post<Verdict>('/v1/coupons/AAAA/redemptions', { orderRef: 'x' }),
      ]);
    for (const { status, body } of await locked('verification_session, verification, coupon', ask))
      expect([status, body.code]).toEqual(UNAVAILABLE);
    expect((await ask()).map(({ status }) => status)).toEqual([201, 404, 404, 404, 404, 404, 404]);
  });
});
