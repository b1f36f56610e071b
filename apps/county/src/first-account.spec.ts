import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCounty, type RunningCounty } from '../../../test/county/running-county.js';
import { person, recordSubjects } from '../../../test/county/sample-subjects.js';
import { makeFirstAccount } from './first-account.js';

const PERSON = { username: 'li.fang', displayName: '李芳', organisation: '文登区社会信用中心' };
let county: RunningCounty;

beforeAll(async () => {
  county = await runCounty();
});
afterAll(() => county.close());

describe('the first account of a county', () => {
  it('manages the whole county once its password is exchanged, and is made once', async () => {
    // What tests use beside it is none of its kind.
    await county.database.query(
      'UPDATE staff_account SET disabled_at = now() WHERE grants @> \'[{"role": "manager"}]\'',
    );
    const made = await Promise.allSettled([
      makeFirstAccount(county.config, PERSON),
      makeFirstAccount(county.config, { ...PERSON, username: 'wang.min' }),
    ]);
    const [first, ...more] = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value.password] : []));
    expect([first, more]).toEqual([expect.stringMatching(/^[2-9A-Z]{4}(-[2-9A-Z]{4}){3}$/), []]);
    expect(made.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'STAFF_NOT_FIRST' } });

    await recordSubjects(await county.as('registrar'), [person('p-1', { place: '371003' })]);
    const [{ username } = { username: '' }] = await county.database.query<readonly { readonly username: string }[]>(
      'SELECT username FROM staff_account WHERE NOT sample',
    );
    const own = 'a password of my own';
    const exchange = { username, password: first, newPassword: own };
    expect((await county.ask('POST', '/v1/staff/password', exchange)).status).toBeLessThan(300);
    const { body } = await county.ask('POST', '/v1/staff/sessions', { username, password: own });
    const authorization = `Bearer ${String(body['token'])}`;
    const appointed = await county.ask(
      'POST',
      '/v1/admin/staff',
      {
        username: 'zhao.lei',
        displayName: '赵磊',
        organisation: '村委会',
        grants: [{ role: 'collector', place: '371003' }],
        subject: 'p-1',
      },
      { authorization },
    );
    expect(appointed.status).toBe(201);
    const { body: listed } = await county.ask('GET', '/v1/admin/staff', undefined, { authorization });
    expect(listed['accounts']).toContainEqual(expect.objectContaining({ username: 'zhao.lei', subject: 'p-1' }));
    await expect(makeFirstAccount(county.config, PERSON)).rejects.toMatchObject({ code: 'STAFF_NOT_FIRST' });
  });
});
