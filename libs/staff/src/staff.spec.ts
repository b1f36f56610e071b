import { Controller, Get, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ClockModule, createService, createServiceLog, databaseModule, PublicRoute } from '#libs/platform';
import { fixedClock, testDatabase } from '#libs/testing';
import {
  AnyStaff,
  AuditRecordEntity,
  AuditTrail,
  CurrentStaff,
  type Grant,
  grantsOf,
  type NewStaffAccount,
  Roles,
  type Staff,
  StaffAccounts,
  staffEntities,
  staffMigrations,
  StaffModule,
} from './index.js';

const START = 1_795_000_000;
const PASSWORD = 'a long password for tests';
const clock = fixedClock(START);

@Controller('v1/desk')
class DeskController {
  @Get('open')
  @PublicRoute()
  open(): { readonly ok: true } {
    return { ok: true };
  }

  @Get('publish')
  @Roles('publisher', 'approver')
  publish(@CurrentStaff() staff: Staff): { readonly by: string; readonly grants: readonly Grant[] } {
    return { by: staff.username, grants: staff.grants };
  }
}

const running: NestFastifyApplication[] = [];
let database: Awaited<ReturnType<typeof testDatabase>>;
let app: NestFastifyApplication;

beforeAll(async () => {
  database = await testDatabase();
  app = await boot(DeskController);
  running.length = 0;
  const accounts = app.get(StaffAccounts);
  await accounts.ensure(account('lin', ['approver']));
  await accounts.ensure(account('wu', ['reader']));
});
afterEach(() => Promise.all(running.splice(0).map((each) => each.close())));
afterAll(async () => {
  await app.close();
  await database.drop();
});

const account = (username: string, roles: readonly string[], sample = false): NewStaffAccount => ({
  username,
  password: PASSWORD,
  displayName: `Clerk ${username}`,
  organisation: 'Sample county office',
  grants: grantsOf(roles, '371082'),
  sample,
});

async function boot(controller: Type<unknown>, production = false): Promise<NestFastifyApplication> {
  const entities = [...staffEntities];
  const migrations = [...staffMigrations];
  const roles = ['reader', 'publisher', 'approver'];
  @Module({
    imports: [
      ClockModule.forRoot(clock),
      databaseModule({ url: database.url, entities, migrations, applicationName: 'staff-test', poolSize: 3 }),
      StaffModule.forRoot({ roles, sessionHours: 8, production }),
    ],
    controllers: [controller],
  })
  class DeskModule {}
  const logger = createServiceLog({ service: 'desk', level: 'silent' });
  const service = await createService(DeskModule, { name: 'Desk', description: '', logger });
  running.push(service);
  return service;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask(method: 'GET' | 'POST' | 'DELETE', url: string, token?: string, payload?: object): Promise<Answer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, body: (answer.body === '' ? {} : JSON.parse(answer.body)) as Answer['body'] };
}

const attempt = (username: string, password = PASSWORD): Promise<Answer> =>
  ask('POST', '/v1/staff/sessions', undefined, { username, password });

async function signIn(username: string): Promise<string> {
  const { status, body } = await attempt(username);
  expect(status).toBe(201);
  return String(body['token']);
}

const audited = (): Promise<AuditRecordEntity[]> =>
  app.get(DataSource).manager.find(AuditRecordEntity, { order: { id: 'ASC' } });

describe('signing in and out', () => {
  it('gives a token for eight hours that stands for the account until it is signed out', async () => {
    clock.set(START);
    const { status, body } = await attempt('lin');
    expect([status, body['expiresAt']]).toEqual([201, START + 8 * 3_600]);
    const token = String(body['token']);
    const me = await ask('GET', '/v1/staff/me', token);
    expect(me.body).toMatchObject({ username: 'lin', grants: [{ role: 'approver', place: '371082' }], subject: null });
    expect(Object.keys(me.body)).toHaveLength(6);
    expect((await ask('DELETE', '/v1/staff/sessions/current', token)).status).toBe(204);
    expect(await ask('GET', '/v1/staff/me', token)).toMatchObject({
      status: 401,
      body: { code: 'STAFF_TOKEN_INVALID' },
    });
  });

  it('ends with the life of the session, also for one that was just in use', async () => {
    clock.set(START);
    const token = await signIn('lin');
    clock.set(START + 8 * 3_600 - 1);
    expect((await ask('GET', '/v1/staff/me', token)).status).toBe(200);
    clock.set(START + 8 * 3_600);
    expect((await ask('GET', '/v1/staff/me', token)).status).toBe(401);
  });

  it('ends at once when the account is disabled', async () => {
    clock.set(START);
    await app.get(StaffAccounts).ensure(account('zhao', ['reader']));
    const token = await signIn('zhao');
    expect((await ask('GET', '/v1/staff/me', token)).status).toBe(200);
    await expect(app.get(StaffAccounts).disable('zhao', 'lin')).resolves.toBe(true);
    expect((await ask('GET', '/v1/staff/me', token)).status).toBe(401);
    expect((await attempt('zhao')).body['code']).toBe('STAFF_SIGN_IN_REFUSED');
  });

  it('keeps neither token nor password', async () => {
    const token = await signIn('lin');
    const rows: readonly Readonly<Record<string, unknown>>[] = await app
      .get(DataSource)
      .query('SELECT token_digest, password_hash FROM staff_session JOIN staff_account ON account_id = id');
    expect(JSON.stringify(rows)).not.toContain(token);
    for (const row of rows) expect(row['password_hash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('answers alike for an unknown name and a wrong password, after the same work, and audits no name', async () => {
    const before = (await audited()).length;
    const wrong = await timed(() => attempt('lin', 'wrong'));
    const unknown = await timed(() => attempt('nobody-of-that-name', 'wrong'));
    const { instance: _first, ...wrongBody } = wrong.answer.body;
    const { instance: _second, ...unknownBody } = unknown.answer.body;
    expect([wrong.answer.status, wrongBody]).toEqual([unknown.answer.status, unknownBody]);
    expect(wrongBody['code']).toBe('STAFF_SIGN_IN_REFUSED');
    // Without the decoy hash an unknown name is answered ten times faster.
    expect(unknown.ms).toBeGreaterThan(wrong.ms * 0.4);
    const added = (await audited()).slice(before);
    expect(added.map(({ actor, action }) => [actor, action])).toEqual(
      added.map(() => ['anonymous', 'staff.sign_in_refused']),
    );
    expect(added.length).toBeGreaterThan(0);
    expect(JSON.stringify(added)).not.toMatch(/lin|nobody|wrong/);
  });

  it('refuses malformed requests before looking at the account', async () => {
    for (const body of [
      {},
      { username: 'lin' },
      { username: 'lin', password: 7 },
      { username: 'lin', password: 'x', admin: true },
    ])
      expect((await ask('POST', '/v1/staff/sessions', undefined, body)).body['code']).toBe('BODY_INVALID');
  });
});

describe('the guard', () => {
  it('lets anyone through to a public route and to the health of the service', async () => {
    expect((await ask('GET', '/v1/desk/open')).status).toBe(200);
    expect((await ask('GET', '/health/live')).status).toBe(200);
  });

  it('asks for a token, a live one, and a role', async () => {
    expect((await ask('GET', '/v1/desk/publish')).body['code']).toBe('STAFF_TOKEN_MISSING');
    for (const token of ['', 'x'.repeat(43), 'two words'])
      expect((await ask('GET', '/v1/desk/publish', token)).status).toBe(401);
    expect((await ask('GET', '/v1/desk/publish', 'x'.repeat(43))).body['code']).toBe('STAFF_TOKEN_INVALID');
    expect((await ask('GET', '/v1/desk/publish', await signIn('wu'))).body['code']).toBe('STAFF_ROLE_MISSING');
    expect((await ask('GET', '/v1/desk/publish', await signIn('lin'))).body).toEqual({
      by: 'lin',
      grants: [{ role: 'approver', place: '371082' }],
    });
  });

  it('stops the boot for a route that says nothing about its access, or names an unknown role', async () => {
    @Controller('v1/forgotten')
    class ForgottenController {
      @Get()
      list(): readonly string[] {
        return [];
      }
    }
    @Controller('v1/misspelt')
    @Roles('aprover')
    class MisspeltController {
      @Get()
      list(): readonly string[] {
        return [];
      }
    }
    await expect(boot(ForgottenController)).rejects.toThrow('ForgottenController.list');
    await expect(boot(MisspeltController)).rejects.toThrow('MisspeltController.list');
  });

  it('lets a handler say otherwise than its controller', async () => {
    @Controller('v1/mixed')
    @Roles('approver')
    class MixedController {
      @Get('any')
      @AnyStaff()
      any(): string {
        return 'any';
      }

      @Get('strict')
      strict(): string {
        return 'strict';
      }
    }
    const mixed = await boot(MixedController);
    const authorization = `Bearer ${await signIn('wu')}`;
    expect((await mixed.inject({ url: '/v1/mixed/any', headers: { authorization } })).statusCode).toBe(200);
    expect((await mixed.inject({ url: '/v1/mixed/strict', headers: { authorization } })).statusCode).toBe(403);
  });

  it('shows in the API description which routes need a token', async () => {
    const { paths } = (await ask('GET', '/openapi.json')).body as OpenAPIObject['paths'] & Pick<OpenAPIObject, 'paths'>;
    expect(paths['/v1/desk/publish']?.get?.security).toEqual([{ staff: [] }]);
    expect(Object.keys(paths['/v1/desk/publish']?.get?.responses ?? {})).toEqual(
      expect.arrayContaining(['401', '403']),
    );
    expect(paths['/v1/desk/open']?.get?.security).toBeUndefined();
  });
});

describe('sample accounts', () => {
  it('are refused in production: while making them, at boot and at sign-in', async () => {
    const production = await boot(DeskController, true);
    const refused = { code: 'STAFF_SAMPLE_ACCOUNTS_IN_PRODUCTION' };
    await expect(production.get(StaffAccounts).ensure(account('sample', [], true))).rejects.toMatchObject(refused);
    await app.get(StaffAccounts).ensure(account('sample', ['reader'], true));
    const payload = { username: 'sample', password: PASSWORD };
    expect((await production.inject({ method: 'POST', url: '/v1/staff/sessions', payload })).statusCode).toBe(401);
    await expect(boot(DeskController, true)).rejects.toMatchObject(refused);
    await app.get(StaffAccounts).disable('sample', 'lin');
    const without = await boot(DeskController, true);
    expect((await without.inject({ url: '/v1/desk/open' })).json()).toEqual({ ok: true });
  });

  it('like all accounts, are made once: what exists stays as it is', async () => {
    const accounts = app.get(StaffAccounts);
    await expect(accounts.ensure(account('qian', ['reader']))).resolves.toBe(true);
    await expect(accounts.ensure({ ...account('qian', ['approver']), password: 'another' })).resolves.toBe(false);
    const me = await ask('GET', '/v1/staff/me', await signIn('qian'));
    expect(me.body['grants']).toEqual([{ role: 'reader', place: '371082' }]);
    await expect(accounts.ensure(account('sun', ['emperor']))).rejects.toThrow(RangeError);
  });
});

describe('the audit trail', () => {
  it('stands or falls with the transaction it is given', async () => {
    clock.set(START);
    const entry = { actor: 'lin', action: 'table.published', target: 't1', detail: { version: 2 } };
    const undone = app.get(DataSource).transaction(async (manager) => {
      await app.get(AuditTrail).record(manager, entry);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect((await audited()).some(({ action }) => action === 'table.published')).toBe(false);
    await app.get(AuditTrail).record(undefined, entry);
    expect((await audited()).at(-1)).toMatchObject({ ...entry, at: new Date(START * 1000) });
  });

  it.each([
    "UPDATE audit_record SET actor = 'somebody else'",
    'DELETE FROM audit_record',
    'DELETE FROM audit_record WHERE false',
    'TRUNCATE audit_record',
  ])('is append-only: the database refuses %s', async (statement) => {
    const before = await audited();
    await expect(app.get(DataSource).query(statement)).rejects.toMatchObject({ code: '23001' });
    expect(await audited()).toEqual(before);
  });
});

/** The fastest of three, so that a busy machine does not decide. */
async function timed(act: () => Promise<Answer>): Promise<{ readonly answer: Answer; readonly ms: number }> {
  const runs: { readonly answer: Answer; readonly ms: number }[] = [];
  for (let run = 0; run < 3; run += 1) {
    const start = performance.now();
    runs.push({ answer: await act(), ms: performance.now() - start });
  }
  return runs.reduce((best, each) => (each.ms < best.ms ? each : best));
}
