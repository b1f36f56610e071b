import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ClockModule, createService, createServiceLog, databaseModule } from '#libs/platform';
import { fixedClock, testDatabase, waitFor } from '#libs/testing';
import {
  AuditRecordEntity,
  CurrentStaff,
  type Grant,
  grantsOf,
  type PlaceTree,
  Roles,
  type Staff,
  StaffAccounts,
  staffEntities,
  staffMigrations,
  StaffModule,
  StaffPlaces,
  StaffSubjects,
} from './index.js';

const START = 1_795_000_000;
const PASSWORD = 'a long password for tests';
const SUBJECT = '6a0c2a52-3d5e-4a0d-9a56-0d3a4f5b7c11';
const clock = fixedClock(START);

/** A place lies in another whose name it goes on from: 371002, 371002101, 371002101-nanjiao. */
class PlacesByName extends StaffPlaces {
  tree(): Promise<PlaceTree> {
    return Promise.resolve({ isWithin: (place, ancestor) => place.startsWith(ancestor) });
  }
}

/** One resident is known here. */
class OneResident extends StaffSubjects {
  idOf(name: string): Promise<string | undefined> {
    return Promise.resolve(name === 'p-1' ? SUBJECT : undefined);
  }

  namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map(ids.map((id) => [id, 'p-1'])));
  }
}

@Controller('v1/yards')
class YardsController {
  @Get()
  @Roles('collector', 'verifier')
  mine(@CurrentStaff() staff: Staff): { readonly grants: readonly Grant[]; readonly subject: string | null } {
    return { grants: staff.grants, subject: staff.subject };
  }
}

let database: Awaited<ReturnType<typeof testDatabase>>;
let app: NestFastifyApplication;

beforeAll(async () => {
  database = await testDatabase();
  const options = { url: database.url, entities: [...staffEntities], migrations: [...staffMigrations] };
  const roles = ['manager', 'collector', 'verifier'];
  @Module({
    imports: [
      ClockModule.forRoot(clock),
      databaseModule({ ...options, applicationName: 'staff-administration-test', poolSize: 3 }),
      StaffModule.forRoot({ roles, sessionHours: 8, production: false, places: StaffPlaces, subjects: StaffSubjects }),
    ],
    controllers: [YardsController],
    providers: [
      { provide: StaffPlaces, useClass: PlacesByName },
      { provide: StaffSubjects, useClass: OneResident },
    ],
  })
  class DeskModule {}
  const logger = createServiceLog({ service: 'desk', level: 'silent' });
  app = await createService(DeskModule, { name: 'Desk', description: '', logger });
  const seed = { password: PASSWORD, displayName: 'x', organisation: 'county office', sample: true };
  const accounts = app.get(StaffAccounts);
  await accounts.ensure({ ...seed, username: 'county', grants: grantsOf(['manager']) });
  await accounts.ensure({ ...seed, username: 'town', grants: grantsOf(['manager'], '371002101') });
  await accounts.ensure({ ...seed, username: 'other-town', grants: grantsOf(['manager'], '371002102') });
  await accounts.ensure({
    ...seed,
    username: 'two-hats',
    grants: [...grantsOf(['manager'], '371002101-nanjiao'), ...grantsOf(['verifier'], '371002102')],
  });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}
type Method = 'GET' | 'POST' | 'PUT';

async function ask(method: Method, url: string, token?: string, payload?: object): Promise<Answer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, body: (answer.body === '' ? {} : JSON.parse(answer.body)) as Answer['body'] };
}

const tokens = new Map<string, string>();
async function as(username: string): Promise<string> {
  const known = tokens.get(username);
  if (known !== undefined) return known;
  const { body } = await ask('POST', '/v1/staff/sessions', undefined, { username, password: PASSWORD });
  const token = String(body['token']);
  tokens.set(username, token);
  return token;
}

const appointment = (username: string, grants: readonly Grant[]): object => ({
  username,
  displayName: 'Guo',
  organisation: 'village committee',
  grants,
});

async function appoint(by: string, username: string, grants: readonly Grant[], more: object = {}): Promise<Answer> {
  return ask('POST', '/v1/admin/staff', await as(by), { ...appointment(username, grants), ...more });
}

const exchange = (username: string, password: string, newPassword = PASSWORD): Promise<Answer> =>
  ask('POST', '/v1/staff/password', undefined, { username, password, newPassword });

const VILLAGE = '371002101-nanjiao';

describe('appointing staff', () => {
  it('gives a one-time password, which signs nobody in but can be exchanged once within seven days', async () => {
    clock.set(START);
    const made = await appoint('town', 'guo', grantsOf(['collector'], VILLAGE), { subject: 'p-1' });
    expect([made.status, made.body['expiresAt']]).toEqual([201, START + 7 * 86_400]);
    const oneTime = String(made.body['password']);
    expect(oneTime).toMatch(/^(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}$/);
    const signIn = { username: 'guo', password: oneTime };
    expect((await ask('POST', '/v1/staff/sessions', undefined, signIn)).body['code']).toBe('STAFF_PASSWORD_ONE_TIME');
    expect((await exchange('guo', oneTime, 'too short')).body['code']).toBe('BODY_INVALID');
    expect((await exchange('guo', oneTime, oneTime)).body['code']).toBe('BODY_INVALID');
    clock.set(START + 7 * 86_400);
    expect((await exchange('guo', oneTime)).body['code']).toBe('STAFF_SIGN_IN_REFUSED');
    clock.set(START + 7 * 86_400 - 1);
    expect((await exchange('guo', oneTime)).status).toBe(204);
    expect((await exchange('guo', oneTime)).body['code']).toBe('STAFF_SIGN_IN_REFUSED');
    const mine = await ask('GET', '/v1/yards', await as('guo'));
    expect(mine.body).toEqual({ grants: [{ role: 'collector', place: VILLAGE }], subject: SUBJECT });
    clock.set(START);
  });

  it('names whose account it is by what people are known by outside, and nobody else', async () => {
    const unknown = await appoint('town', 'stranger', grantsOf(['collector'], VILLAGE), { subject: 'p-2' });
    expect([unknown.status, unknown.body['code']]).toEqual([422, 'SUBJECT_UNKNOWN']);
    const { body } = await ask('GET', '/v1/admin/staff?after=gun&limit=500', await as('town'));
    expect(JSON.stringify(body)).not.toContain(SUBJECT);
    const all = await ask('GET', '/v1/admin/staff?limit=500', await as('town'));
    expect(all.body['accounts']).toContainEqual(expect.objectContaining({ username: 'guo', subject: 'p-1' }));
  });

  it('lets a one-time password be exchanged once, also by two requests at a time', async () => {
    const made = await appoint('town', 'twice', grantsOf(['collector'], VILLAGE));
    const password = String(made.body['password']);
    const both = await Promise.all([exchange('twice', password, `${PASSWORD} 1`), exchange('twice', password)]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 401]));
  });

  it.each<readonly [string, string, readonly Grant[], string]>([
    ['a town for another town', 'town', grantsOf(['collector'], '371002102'), 'STAFF_OUT_OF_SCOPE'],
    ['a town for the county', 'town', grantsOf(['collector'], '371002'), 'STAFF_OUT_OF_SCOPE'],
    ['a town for everywhere', 'town', grantsOf(['collector']), 'STAFF_OUT_OF_SCOPE'],
    [
      'a town, partly elsewhere',
      'town',
      [...grantsOf(['collector'], VILLAGE), ...grantsOf(['verifier'], '371002102')],
      'STAFF_OUT_OF_SCOPE',
    ],
    ['somebody who is no manager there', 'two-hats', grantsOf(['collector'], '371002102'), 'STAFF_OUT_OF_SCOPE'],
    ['a role nobody knows', 'county', grantsOf(['emperor']), 'BODY_INVALID'],
    ['no grant at all', 'county', [], 'BODY_INVALID'],
  ])('is refused by %s', async (_what, by, grants, code) => {
    expect((await appoint(by, 'nobody', grants)).body['code']).toBe(code);
  });

  it('takes a user name once', async () => {
    expect((await appoint('county', 'county', grantsOf(['collector']))).body['code']).toBe('STAFF_USERNAME_TAKEN');
    expect((await appoint('county', 'Capital', grantsOf(['collector']))).body['code']).toBe('BODY_INVALID');
  });
});

describe('two hats', () => {
  it('are worn each at its own place: a handler sees the grants that open its route', async () => {
    const mine = await ask('GET', '/v1/yards', await as('two-hats'));
    expect(mine.body['grants']).toEqual([{ role: 'verifier', place: '371002102' }]);
    const me = await ask('GET', '/v1/staff/me', await as('two-hats'));
    expect(me.body['grants']).toHaveLength(2);
    expect((await ask('GET', '/v1/yards', await as('town'))).body['code']).toBe('STAFF_ROLE_MISSING');
  });
});

describe('keeping accounts', () => {
  const change = async (by: string, username: string, grants: readonly Grant[]): Promise<Answer> =>
    ask('PUT', `/v1/admin/staff/${username}`, await as(by), { grants });

  it('changes grants at once, and records who changed what', async () => {
    const { body } = await appoint('town', 'sun', grantsOf(['collector'], VILLAGE));
    await exchange('sun', String(body['password']));
    const token = await as('sun');
    expect((await ask('GET', '/v1/yards', token)).status).toBe(200);
    expect((await change('town', 'sun', grantsOf(['manager'], VILLAGE))).status).toBe(204);
    expect((await ask('GET', '/v1/yards', token)).body['code']).toBe('STAFF_ROLE_MISSING');
    const [record] = await app
      .get(DataSource)
      .manager.find(AuditRecordEntity, { where: { action: 'staff.account_changed' }, order: { id: 'DESC' }, take: 1 });
    expect(record).toMatchObject({ actor: 'town', target: 'sun', detail: { grants: `manager@${VILLAGE}` } });
  });

  it('is refused outside the own places, for the own account, and for accounts that are not there', async () => {
    const inVillage = grantsOf(['collector'], VILLAGE);
    await appoint('town', 'zhou', inVillage);
    expect((await change('other-town', 'zhou', grantsOf(['collector'], '371002102'))).body['code']).toBe(
      'STAFF_OUT_OF_SCOPE',
    );
    expect((await change('town', 'two-hats', inVillage)).body['code']).toBe('STAFF_OUT_OF_SCOPE');
    expect((await change('town', 'town', inVillage)).body['code']).toBe('STAFF_OWN_ACCOUNT');
    expect((await change('town', 'nobody', inVillage)).body['code']).toBe('NOT_FOUND');
    for (const act of ['disable', 'password-reset']) {
      const answers = ['zhou', 'other-town'].map(async (username) =>
        ask('POST', `/v1/admin/staff/${username}/${act}`, await as('other-town')),
      );
      expect((await Promise.all(answers)).map(({ body }) => body['code'])).toEqual([
        'STAFF_OUT_OF_SCOPE',
        'STAFF_OWN_ACCOUNT',
      ]);
    }
  });

  it('resets a password and disables an account, each time ending its sessions at once', async () => {
    const { body } = await appoint('town', 'wang', grantsOf(['collector'], VILLAGE));
    await exchange('wang', String(body['password']));
    const token = await as('wang');
    expect((await ask('GET', '/v1/yards', token)).status).toBe(200);
    const reset = await ask('POST', '/v1/admin/staff/wang/password-reset', await as('county'));
    expect((await ask('GET', '/v1/yards', token)).status).toBe(401);
    const old = { username: 'wang', password: PASSWORD };
    expect((await ask('POST', '/v1/staff/sessions', undefined, old)).body['code']).toBe('STAFF_SIGN_IN_REFUSED');
    await exchange('wang', String(reset.body['password']));
    tokens.delete('wang');
    const again = await as('wang');
    expect((await ask('GET', '/v1/yards', again)).status).toBe(200);
    expect((await ask('POST', '/v1/admin/staff/wang/disable', await as('town'))).status).toBe(204);
    expect((await ask('GET', '/v1/yards', again)).status).toBe(401);
    expect((await ask('POST', '/v1/admin/staff/wang/disable', await as('town'))).body['code']).toBe('NOT_FOUND');
  });

  it('opens no session for a password that was replaced while it was being compared', async () => {
    const { body } = await appoint('town', 'late', grantsOf(['collector'], VILLAGE));
    await exchange('late', String(body['password']));
    const replacing = app.get(DataSource).createQueryRunner();
    await replacing.startTransaction();
    await replacing.query("UPDATE staff_account SET password_hash = 'another' WHERE username = 'late'");
    const signIn = ask('POST', '/v1/staff/sessions', undefined, { username: 'late', password: PASSWORD });
    await waitFor(async () => {
      const [row] = await app
        .get(DataSource)
        .query<readonly { readonly waiting: number }[]>(
          "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
      return row?.waiting === 1;
    });
    await replacing.commitTransaction();
    await replacing.release();
    expect((await signIn).body['code']).toBe('STAFF_SIGN_IN_REFUSED');
  });

  it('lists the accounts within the own places, and no secret', async () => {
    const listed = async (by: string, query = ''): Promise<readonly Readonly<Record<string, unknown>>[]> =>
      (await ask('GET', `/v1/admin/staff${query}`, await as(by))).body['accounts'] as readonly Record<
        string,
        unknown
      >[];
    const all = (await listed('county')).map(({ username }) => String(username));
    expect(all).toEqual(all.toSorted((one, other) => (one < other ? -1 : 1)));
    expect(all).toEqual(expect.arrayContaining(['county', 'town', 'other-town', 'two-hats']));
    expect((await listed('other-town')).map(({ username }) => username)).toEqual(['other-town']);
    expect((await listed('county', `?after=${all[0]!}&limit=1`)).map(({ username }) => username)).toEqual([all[1]]);
    expect(JSON.stringify(await listed('county'))).not.toContain('argon2');
  });
});

describe('the migration to grants', () => {
  it('keeps what accounts were allowed, both ways', async () => {
    const [, migration] = staffMigrations;
    const runner = app.get(DataSource).createQueryRunner();
    await runner.startTransaction();
    await new migration().down(runner);
    const rows: unknown = await runner.query(
      "SELECT roles, scope FROM staff_account WHERE username IN ('county', 'town')",
    );
    expect(rows).toEqual(
      expect.arrayContaining([
        { roles: ['manager'], scope: null },
        { roles: ['manager'], scope: '371002101' },
      ]),
    );
    await new migration().up(runner);
    const kept: unknown = await runner.query("SELECT grants FROM staff_account WHERE username = 'town'");
    expect(kept).toEqual([{ grants: grantsOf(['manager'], '371002101') }]);
    await runner.rollbackTransaction();
    await runner.release();
  });
});
