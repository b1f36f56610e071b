import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { RESIDENTS } from '../../../../test/county/sample-residents.js';
import { ResidentEntity } from './resident.entity.js';

let county: RunningCounty;
let registrar: Ask;
const record = (residents: unknown): ReturnType<Ask> => registrar('POST', '/v1/admin/residents', { residents });
const count = (): Promise<number> => county.database.manager.count(ResidentEntity);

beforeAll(async () => {
  county = await runCounty();
  registrar = await county.as('registrar');
});
afterAll(() => county.close());

describe('recording residents', () => {
  it('is idempotent by handle', async () => {
    const first = await record(RESIDENTS);
    expect([first.status, first.body]).toEqual([200, { recorded: 3, existing: 0 }]);
    const again = await record([...RESIDENTS, { ...RESIDENTS[0], handle: 'wd-9' }]);
    expect(again.body).toEqual({ recorded: 1, existing: 3 });
    expect(await count()).toBe(4);
  });

  it('refuses other particulars under a known handle, and then records nothing of the request', async () => {
    const answer = await record([
      { ...RESIDENTS[0], handle: 'wd-new' },
      { ...RESIDENTS[1], birthYear: 1976 },
    ]);
    expect([answer.status, answer.body['code']]).toEqual([409, 'RESIDENT_DIFFERS']);
    expect(answer.body['fields']).toMatchObject([{ path: '/residents/1/handle' }]);
    expect(await count()).toBe(4);
  });

  it('refuses a handle twice with different content in one request', async () => {
    const { body } = await record([
      { ...RESIDENTS[0], handle: 'twice' },
      { ...RESIDENTS[1], handle: 'twice' },
    ]);
    expect(body['code']).toBe('RESIDENT_DIFFERS');
  });

  it('gives no account to who may be a minor (domain G9)', async () => {
    const answer = await record([{ ...RESIDENTS[0], handle: 'young', birthYear: 2008 }]);
    expect([answer.status, answer.body['code']]).toEqual([422, 'RESIDENT_MINOR']);
    expect((await record([{ ...RESIDENTS[0], handle: 'adult', birthYear: 2007 }])).status).toBe(200);
  });

  it.each([
    ['no list', undefined],
    ['an empty list', []],
    ['501 residents', Array.from({ length: 501 }, (_, n) => ({ ...RESIDENTS[0], handle: `many-${n}` }))],
    ['an unknown member', [{ ...RESIDENTS[0], score: 1100 }]],
    ['a name with control characters', [{ ...RESIDENTS[0], name: '王\n明' }]],
    ['a whole document number', [{ ...RESIDENTS[0], documentLast4: '371003198001011234' }]],
    ['a year that is text', [{ ...RESIDENTS[0], birthYear: '1980' }]],
  ])('refuses %s', async (_, residents) => {
    const answer = await record(residents);
    expect([answer.status, answer.body['code']]).toEqual([400, 'BODY_INVALID']);
  });

  it('is for registrars, and audited without a name', async () => {
    const collector = await county.as('collector');
    expect((await collector('POST', '/v1/admin/residents', { residents: RESIDENTS })).status).toBe(403);
    expect((await county.ask('POST', '/v1/admin/residents', { residents: RESIDENTS })).status).toBe(401);
    const audited = await county.database.query<readonly object[]>(
      `SELECT actor, detail FROM audit_record WHERE action = 'residents.recorded' ORDER BY id LIMIT 1`,
    );
    expect(audited).toEqual([{ actor: 'registrar', detail: { recorded: 3, existing: 0 } }]);
  });
});
