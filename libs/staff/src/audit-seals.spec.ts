import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ClockModule, createService, createServiceLog, databaseModule } from '#libs/platform';
import { fixedClock, testDatabase, type TestDatabase, waitFor } from '#libs/testing';
import {
  type AuditRecordEntity,
  AuditSealer,
  AuditTrail,
  grantsOf,
  StaffAccounts,
  staffEntities,
  staffMigrations,
  StaffModule,
  verifyAuditTrail,
} from './index.js';
import { recordsOfSeals, sealDigest } from './audit-seal.js';

const START = 1_795_000_000;
const PASSWORD = 'a long password for tests';
const clock = fixedClock(START);

let database: TestDatabase;
let app: NestFastifyApplication;
let source: DataSource;

/** A process of the service on the test's database. */
async function boot(): Promise<NestFastifyApplication> {
  @Module({
    imports: [
      ClockModule.forRoot(clock),
      databaseModule({
        url: database.url,
        entities: [...staffEntities],
        migrations: [...staffMigrations],
        applicationName: 'audit-test',
        poolSize: 8,
      }),
      StaffModule.forRoot({ roles: ['auditor'], sessionHours: 8, production: false }),
    ],
  })
  class DeskModule {}
  const logger = createServiceLog({ service: 'desk', level: 'silent' });
  return createService(DeskModule, { name: 'Desk', description: '', logger });
}

beforeAll(async () => {
  database = await testDatabase();
  app = await boot();
  // From here on it seals when a test says so.
  await app.get(AuditSealer).stop();
  source = app.get(DataSource);
});
beforeEach(async () => {
  clock.set(START);
  await tamper('TRUNCATE audit_record, audit_seal RESTART IDENTITY');
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const act = (n: number): Promise<void> =>
  app.get(AuditTrail).record(undefined, { actor: 'lin', action: 'table.published', target: `t${n}`, detail: { n } });
const seal = (service = app): Promise<number> => service.get(AuditSealer).sealDue();

/** Three seals over three records each. */
async function threeSeals(): Promise<void> {
  for (const from of [1, 4, 7]) {
    for (const n of [from, from + 1, from + 2]) await act(n);
    expect(await seal()).toBe(3);
  }
}

/** As somebody does who owns the database: past every trigger and every reference. */
async function tamper(...statements: readonly string[]): Promise<void> {
  await source.transaction(async (manager) => {
    await manager.query('SET LOCAL session_replication_role = replica');
    for (const statement of statements) await manager.query(statement);
  });
}

describe('sealing', () => {
  it('links batches, each over what was committed when it was made', async () => {
    await threeSeals();
    expect(await seal()).toBe(0);
    await act(10);
    const found = await verifyAuditTrail(source);
    expect(found).toMatchObject({ fault: null, seals: 3, records: 9, unsealed: 1, last: { seq: 3 } });
    await expect(verifyAuditTrail(source, found.last!)).resolves.toEqual(found);
    const chain: readonly { readonly prev: string | null; readonly digest: string }[] = await source.query(
      'SELECT prev, digest FROM audit_seal ORDER BY seq',
    );
    expect(chain.map(({ prev }) => prev)).toEqual([null, chain[0]!.digest, chain[1]!.digest]);
  });

  it('says of an empty trail that nothing is wrong, and that a published seal is missing', async () => {
    const empty = { fault: null, seals: 0, records: 0, unsealed: 0, last: null };
    expect(await verifyAuditTrail(source)).toEqual(empty);
    expect(await verifyAuditTrail(source, { seq: 1, digest: 'x' })).toEqual({
      ...empty,
      fault: { code: 'SEAL_MISSING', seal: 1 },
    });
  });

  it('does not wait for writers, nor they for it: what commits late falls into a later batch', async () => {
    const slow = source.createQueryRunner();
    await slow.startTransaction();
    await app.get(AuditTrail).record(slow.manager, { actor: 'wu', action: 'slow' });
    await act(1);
    expect(await seal()).toBe(1);
    const writing = source.createQueryRunner();
    await writing.startTransaction();
    await writing.query('SELECT pg_advisory_xact_lock($1)', [0x73_65_61_6c]);
    // Another process is sealing: this one leaves it to that, and writers go on.
    expect(await seal()).toBe(0);
    await act(2);
    await writing.rollbackTransaction();
    await writing.release();
    await slow.commitTransaction();
    await slow.release();
    expect(await seal()).toBe(2);
    expect(await verifyAuditTrail(source)).toMatchObject({ fault: null, seals: 2, records: 3, unsealed: 0 });
  });

  it('holds with many writers and two processes that seal, and takes more than one batch at a time', async () => {
    const other = await boot();
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; n < 25; n += 1) await act(writer * 100 + n);
    });
    const sealers = [app, other].map(async (service) => {
      for (let round = 0; round < 20; round += 1) await seal(service);
    });
    await Promise.all([...writers, ...sealers]);
    await other.close();
    await source.query(
      "INSERT INTO audit_record (at, actor, action, detail) SELECT now(), 'lin', 'many', '{}' FROM generate_series(1, 12000)",
    );
    await seal();
    const found = await verifyAuditTrail(source);
    expect(found).toMatchObject({ fault: null, records: 12_200, unsealed: 0 });
    expect(found.seals).toBeGreaterThanOrEqual(3);
  });

  it('is done by itself: when a service starts, every few seconds, and when it stops', async () => {
    await act(1);
    const other = await boot();
    const isSealed = async (): Promise<boolean> => (await verifyAuditTrail(source)).unsealed === 0;
    await waitFor(isSealed);
    await act(2);
    await waitFor(isSealed);
    await act(3);
    await other.close();
    expect(await isSealed()).toBe(true);
  });
});

describe('the database', () => {
  it.each([
    "UPDATE audit_record SET actor = 'somebody else' WHERE seal IS NULL",
    "UPDATE audit_record SET seal = 1, actor = 'somebody else' WHERE seal IS NULL",
    'UPDATE audit_record SET seal = NULL WHERE seal = 1',
    'UPDATE audit_record SET seal = 2 WHERE seal = 1',
    'DELETE FROM audit_record',
    "UPDATE audit_seal SET digest = 'x'",
    'DELETE FROM audit_seal',
    'TRUNCATE audit_seal CASCADE',
  ])('refuses %s', async (statement) => {
    await threeSeals();
    await act(10);
    await expect(source.query(statement)).rejects.toMatchObject({ code: '23001' });
  });
});

describe('a change by somebody who owns the database', () => {
  it.each([
    ['an actor changed', 'SEAL_BROKEN', 2, "UPDATE audit_record SET actor = 'somebody else' WHERE target = 't5'"],
    [
      'a moment moved by a microsecond',
      'SEAL_BROKEN',
      2,
      "UPDATE audit_record SET at = at + interval '1 microsecond' WHERE target = 't4'",
    ],
    ['a detail changed', 'SEAL_BROKEN', 1, `UPDATE audit_record SET detail = '{"n": 9}' WHERE target = 't1'`],
    ['a target taken off', 'SEAL_BROKEN', 3, "UPDATE audit_record SET target = NULL WHERE target = 't9'"],
    ['a record deleted', 'SEAL_BROKEN', 2, "DELETE FROM audit_record WHERE target = 't6'"],
    ['a record slipped out of its seal', 'SEAL_BROKEN', 2, "UPDATE audit_record SET seal = NULL WHERE target = 't6'"],
    [
      'a record slipped in',
      'SEAL_BROKEN',
      1,
      "INSERT INTO audit_record (at, actor, action, detail, seal) VALUES (now(), 'lin', 'x', '{}', 1)",
    ],
    ['a seal moved in time', 'SEAL_BROKEN', 2, 'UPDATE audit_seal SET sealed_at = 0 WHERE seq = 2'],
    ['a seal taken out', 'SEAL_MISSING', 2, 'DELETE FROM audit_seal WHERE seq = 2'],
    ['the last seal taken off its records', 'SEAL_MISSING', 3, 'DELETE FROM audit_seal WHERE seq = 3'],
  ])('is found: %s', async (_what, code, at, statement) => {
    await threeSeals();
    await tamper(statement);
    const found = await verifyAuditTrail(source);
    expect(found.fault).toEqual({ code, seal: at });
    expect(found.seals).toBe(at - 1);
  });

  it.each([
    ['and left the next seal as it was', false],
    ['and linked the next seal to it', true],
  ])('is found where somebody made the broken seal anew %s', async (_what, isLinked) => {
    await threeSeals();
    const [before] = await source.query<readonly { readonly digest: string }[]>(
      'SELECT digest FROM audit_seal WHERE seq = 1',
    );
    await tamper("UPDATE audit_record SET actor = 'somebody else' WHERE target = 't1'");
    const head = { seq: 1, prev: null, count: 3, sealedAt: START };
    const digest = sealDigest(head, await recordsOfSeals(source.manager, 1, 1));
    expect(digest).not.toBe(before?.digest);
    await tamper(
      `UPDATE audit_seal SET digest = '${digest}' WHERE seq = 1`,
      `UPDATE audit_seal SET prev = '${digest}' WHERE seq = 2 AND ${isLinked}`,
    );
    expect((await verifyAuditTrail(source)).fault).toEqual({ code: 'SEAL_BROKEN', seal: 2 });
  });

  it('is found where the tail was cut off, by a seal that was published', async () => {
    await threeSeals();
    const { last } = await verifyAuditTrail(source);
    await tamper('DELETE FROM audit_record WHERE seal = 3', 'DELETE FROM audit_seal WHERE seq = 3');
    expect((await verifyAuditTrail(source)).fault).toBeNull();
    expect((await verifyAuditTrail(source, last!)).fault).toEqual({ code: 'SEAL_MISSING', seal: 3 });
    // Sealing goes on and fills the gap with another seal of that number.
    await act(11);
    await seal();
    expect((await verifyAuditTrail(source)).fault).toBeNull();
    expect((await verifyAuditTrail(source, last!)).fault).toEqual({ code: 'SEAL_MISSING', seal: 3 });
  });
});

describe('the routes of the auditor', () => {
  interface Answer {
    readonly status: number;
    readonly body: Readonly<Record<string, unknown>>;
  }
  const hire = async (username: string, place: string | null): Promise<(url: string) => Promise<Answer>> => {
    const account = { username, password: PASSWORD, displayName: 'x', organisation: 'x', sample: true };
    await app.get(StaffAccounts).ensure({ ...account, grants: grantsOf(['auditor'], place) });
    const payload = { username, password: PASSWORD };
    const session = await app.inject({ method: 'POST', url: '/v1/staff/sessions', payload });
    const { token } = session.json<{ token: string }>();
    return async (url) => {
      const answer = await app.inject({ url, headers: { authorization: `Bearer ${token}` } });
      return { status: answer.statusCode, body: answer.json<Answer['body']>() };
    };
  };

  it('show the acts page by page, newest first, by who, what, on what and when', async () => {
    const ask = await hire('shi', null);
    for (const n of [1, 2, 3]) await act(n);
    clock.set(START + 60);
    await app.get(AuditTrail).record(undefined, { actor: 'wu', action: 'table.withdrawn', target: 't2' });
    const targets = async (query: string): Promise<readonly unknown[]> => {
      const { body } = await ask(`/v1/admin/audit?${query}`);
      return (body['records'] as readonly AuditRecordEntity[]).map(({ target }) => target);
    };
    expect(await targets('action=table.published')).toEqual(['t3', 't2', 't1']);
    expect(await targets('target=t2')).toEqual(['t2', 't2']);
    expect(await targets('actor=wu')).toEqual(['t2']);
    expect(await targets(`from=${START + 1}`)).toEqual(['t2']);
    expect(await targets(`actor=lin&to=${START}`)).toEqual(['t3', 't2', 't1']);
    const first = await ask('/v1/admin/audit?limit=1&actor=lin');
    expect(first.body).toMatchObject({ records: [{ target: 't3', at: START, detail: { n: 3 }, seal: null }] });
    expect(await targets(`limit=2&actor=lin&before=${String(first.body['next'])}`)).toEqual(['t2', 't1']);
    expect((await ask('/v1/admin/audit?actor=lin&limit=3')).body['next']).toBeNull();
    for (const wrong of ['limit=501', 'from=x', 'before=0', 'order=asc'])
      expect((await ask(`/v1/admin/audit?${wrong}`)).status).toBe(400);
  });

  it('recompute the chain, and hold it against a published seal', async () => {
    const ask = await hire('shi', null);
    await act(1);
    await seal();
    const { body } = await ask('/v1/admin/audit/verification');
    expect(body).toMatchObject({ fault: null, seals: 1, unsealed: 0 });
    const published = String(body['last']);
    expect(published).toMatch(/^1\.[\w-]{43}$/);
    expect((await ask(`/v1/admin/audit/verification?published=${published}`)).body['fault']).toBeNull();
    const other = `1.${'A'.repeat(43)}`;
    expect((await ask(`/v1/admin/audit/verification?published=${other}`)).body['fault']).toEqual({
      code: 'SEAL_MISSING',
      seal: 1,
    });
    expect((await ask('/v1/admin/audit/verification?published=1')).status).toBe(400);
  });

  it('are closed to auditors of a place: the trail knows no places', async () => {
    const ask = await hire('village-shi', '371002101-nanjiao');
    for (const route of ['', '/verification'])
      expect((await ask(`/v1/admin/audit${route}`)).body['code']).toBe('STAFF_OUT_OF_SCOPE');
  });
});
