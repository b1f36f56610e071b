import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { settle } from '../../../../test/county/sample-residents.js';
import { makeKey, TestPhone } from '../../../../test/county/test-phone.js';

let county: RunningCounty;
let phone: TestPhone;

beforeAll(async () => {
  county = await runCounty();
  await settle(county);
  phone = await TestPhone.enrol(county, 'wd-1');
});
afterAll(() => county.close());

describe('consent per partner and purpose (PIPL art. 23)', () => {
  it('is recorded once and answered with a receipt the resident can read', async () => {
    const first = await phone.consent('rugao-spot', '景区门票优惠');
    expect([first.status, first.body]).toMatchObject([
      201,
      {
        issuer: { id: 'https://wendeng.example', name: '文登区' },
        partner: 'rugao-spot',
        purpose: '景区门票优惠',
        dataKind: 'tier',
        givenAt: county.clock.now(),
        withdrawnAt: null,
        text: {
          zh: expect.stringMatching(/文登区.*rugao-spot.*景区门票优惠.*撤回/),
          en: expect.stringContaining('withdraw'),
        },
      },
    ]);
    county.clock.advance(5);
    expect((await phone.consent('rugao-spot', '景区门票优惠')).body).toEqual(first.body);
    await phone.consent('rugao-spot', '年票');
    const list = (await phone.send('GET', '/v1/consents')).text;
    expect(JSON.parse(list)).toMatchObject([{ purpose: '年票' }, { purpose: '景区门票优惠' }]);
  });

  it('is withdrawn for a partner as a whole, keeps its trace, and does not touch another partner', async () => {
    await phone.consent('jiyuan-hotel');
    const withdrawn = await phone.send('DELETE', '/v1/consents/rugao-spot');
    expect(JSON.parse(withdrawn.text)).toMatchObject([
      { withdrawnAt: county.clock.now() },
      { withdrawnAt: county.clock.now() },
    ]);
    county.clock.advance(5);
    expect((await phone.send('DELETE', '/v1/consents/rugao-spot')).text).toBe(withdrawn.text);
    const receipts = JSON.parse((await phone.send('GET', '/v1/consents')).text) as readonly object[];
    expect(receipts).toHaveLength(3);
    expect(receipts).toContainEqual(expect.objectContaining({ partner: 'jiyuan-hotel', withdrawnAt: null }));
    expect((await phone.send('DELETE', '/v1/consents/never-asked')).status).toBe(404);
  });

  it('is for one kind of data: what is consented to for a badge shows no tier, and stands beside it', async () => {
    const scheme = 'cn-371003-haibei';
    const give = (): Promise<Answer> =>
      phone.send('POST', '/v1/consents', { partner: 'badge-only', purpose: '年票', badge: scheme });
    const { body } = await give();
    expect(body).toMatchObject({ dataKind: 'badge', scheme, text: { zh: expect.stringContaining('荣誉说明') } });
    expect((await phone.obtain('badge-only', await makeKey())).body['code']).toBe('CONSENT_MISSING');
    const tier = (await phone.consent('badge-only', '年票')).body;
    expect([tier['dataKind'], tier['id'] === body['id'], (await give()).body]).toEqual(['tier', false, body]);
  });

  it('belongs to the resident alone', async () => {
    const other = await TestPhone.enrol(county, 'wd-2');
    expect(JSON.parse((await other.send('GET', '/v1/consents')).text)).toEqual([]);
    expect((await other.send('DELETE', '/v1/consents/jiyuan-hotel')).status).toBe(404);
    const desk = await county.as('desk');
    expect((await desk('GET', '/v1/consents')).status).toBe(401);
  });

  it('is what an attestation needs: none before it, none after it', async () => {
    const obtain = async (): Promise<unknown> => (await phone.obtain('xuecheng-live', await makeKey())).body['code'];
    expect(await obtain()).toBe('CONSENT_MISSING');
    await phone.consent('xuecheng-live');
    expect(await obtain()).toBeUndefined();
    await phone.send('DELETE', '/v1/consents/xuecheng-live');
    expect(await obtain()).toBe('CONSENT_MISSING');
  });

  it.each([
    ['no purpose', { partner: 'rugao-spot' }],
    ['an empty purpose', { partner: 'rugao-spot', purpose: ' ' }],
    ['a partner that is no id', { partner: '../admin', purpose: 'x' }],
    ['an unknown member', { partner: 'rugao-spot', purpose: 'x', dataKind: 'score' }],
  ])('refuses %s', async (_, body) => {
    expect((await phone.send('POST', '/v1/consents', body)).body['code']).toBe('BODY_INVALID');
  });
});
