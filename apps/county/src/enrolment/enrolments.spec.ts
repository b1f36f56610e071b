import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generatePrivateJwk } from '#libs/jose-profile/node';
import { publicJwkOf } from '#libs/jose-profile';
import { type Answer, runCounty, type RunningCounty, START } from '../../../../test/county/running-county.js';
import { settle } from '../../../../test/county/sample-residents.js';
import { makeKey, type ProofChanges, TestPhone } from '../../../../test/county/test-phone.js';

let county: RunningCounty;

beforeAll(async () => {
  county = await runCounty();
  await settle(county);
});
afterAll(() => county.close());

async function makeCode(handle: string): Promise<string> {
  const desk = await county.as('issuing_officer');
  return String((await desk('POST', `/v1/admin/residents/${handle}/enrolment-codes`, {})).body['code']);
}

async function enrol(code: string, deviceJwk?: object): Promise<Answer> {
  const jwk = deviceJwk ?? publicJwkOf((await makeKey()).jwk);
  return county.ask('POST', '/v1/enrolments', { code, deviceJwk: jwk });
}

const REFUSED = { status: 403, body: { code: 'ENROLMENT_CODE_REFUSED' } };

describe('enrolling a phone against a one-time code', () => {
  it('answers with the enrolment and the masked name', async () => {
    const { status, body } = await enrol(await makeCode('wd-2'));
    expect([status, body]).toEqual([201, { enrolment: expect.stringMatching(/^[0-9a-f-]{36}$/), person: '欧阳*' }]);
  });

  it('takes a code once; the same phone may ask again for the answer it lost', async () => {
    const code = await makeCode('wd-2');
    const phone = publicJwkOf((await makeKey()).jwk);
    const first = await enrol(code, phone);
    expect((await enrol(code.toLowerCase(), phone)).body).toEqual(first.body);
    expect(await enrol(code)).toMatchObject(REFUSED);
    await enrol(await makeCode('wd-2'));
    expect(await enrol(code, phone)).toMatchObject(REFUSED);
  });

  it('lets a code live ten minutes', async () => {
    const [early, late] = [await makeCode('wd-1'), await makeCode('wd-2')];
    county.clock.advance(599);
    expect((await enrol(early)).status).toBe(201);
    county.clock.advance(1);
    expect(await enrol(late)).toMatchObject(REFUSED);
    county.clock.set(START);
  });

  it('ends an unused code when a newer one is made', async () => {
    const [older, newer] = [await makeCode('wd-1'), await makeCode('wd-1')];
    expect(await enrol(older)).toMatchObject(REFUSED);
    expect((await enrol(newer)).status).toBe(201);
  });

  it('gives a code five tries, wrong ones included', async () => {
    const code = await makeCode('wd-1');
    const wrong = `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`;
    for (let tries = 0; tries < 5; tries += 1) expect(await enrol(wrong)).toMatchObject(REFUSED);
    expect(await enrol(code)).toMatchObject(REFUSED);
  });

  it('keeps no code, and audits who made one', async () => {
    const code = await makeCode('wd-3');
    const kept = JSON.stringify(await county.database.query('SELECT * FROM enrolment_code'));
    for (const group of code.split('-').slice(1)) expect(kept).not.toContain(group);
    const [audited] = await county.database.query<readonly object[]>(
      "SELECT actor, target FROM audit_record WHERE action = 'enrolment_code.made' ORDER BY id DESC LIMIT 1",
    );
    expect(audited).toEqual({ actor: 'issuing_officer', target: 'wd-3' });
  });

  it('refuses a key that is none, or not a public one', async () => {
    const code = await makeCode('wd-3');
    const full = await generatePrivateJwk('ES256');
    const offCurve = { ...publicJwkOf(full), y: publicJwkOf(await generatePrivateJwk('ES256')).x };
    for (const jwk of [{}, full, offCurve, publicJwkOf(await generatePrivateJwk('EdDSA'))])
      expect(await enrol(code, jwk)).toMatchObject({ status: 422, body: { code: 'DEVICE_KEY_INVALID' } });
    expect((await enrol(code)).status).toBe(201);
  });

  it('refuses what is no code, an unknown member and an unknown resident', async () => {
    expect(await enrol('0000-0000-0000-0000')).toMatchObject(REFUSED);
    expect((await county.ask('POST', '/v1/enrolments', { code: 'x', deviceJwk: {}, name: 'x' })).status).toBe(400);
    const desk = await county.as('issuing_officer');
    expect((await desk('POST', '/v1/admin/residents/nobody/enrolment-codes')).status).toBe(404);
    const neighbour = await county.asIn('371003100', 'issuing_officer');
    expect((await neighbour('POST', '/v1/admin/residents/wd-1/enrolment-codes')).status).toBe(404);
    expect((await desk('POST', '/v1/admin/residents/wd-1/enrolment-codes', { minutes: 60 })).status).toBe(400);
    expect((await (await county.as('assessor'))('POST', '/v1/admin/residents/wd-1/enrolment-codes')).status).toBe(403);
  });
});

describe('the device proof', () => {
  it('opens the wallet routes, each proof once', async () => {
    const phone = await TestPhone.enrol(county, 'wd-1');
    const header = `DeviceProof ${await phone.proof('GET', '/v1/consents')}`;
    expect((await phone.send('GET', '/v1/consents', undefined, { header })).status).toBe(200);
    expect((await phone.send('GET', '/v1/consents', undefined, { header })).body['code']).toBe('DEVICE_PROOF_REFUSED');
  });

  it('is refused with one answer, whatever is wrong with it', async () => {
    const phone = await TestPhone.enrol(county, 'wd-1');
    const stranger = await makeKey();
    const now = county.clock.now();
    const wrong: readonly (readonly [string, ProofChanges])[] = [
      ['no proof', { header: '' }],
      ['a staff-like token', { header: 'Bearer abc' }],
      ['not a JWS', { header: 'DeviceProof abc' }],
      ['another typ', { typ: 'kb+jwt' }],
      ['another key', { key: stranger }],
      ['an unknown enrolment', { claims: { iss: '00000000-0000-4000-8000-000000000000' } }],
      ['an enrolment that is no id', { claims: { iss: "' OR 1=1" } }],
      ['another county', { claims: { aud: 'https://rushan.example' } }],
      ['another method', { claims: { htm: 'POST' } }],
      ['another path', { claims: { htu: '/v1/attestations' } }],
      ['too old', { claims: { iat: now - 301 } }],
      ['ahead of the clock', { claims: { iat: now + 31 } }],
      ['a nonce nobody made', { claims: { nonce: 'AAAAAAAAAAAAAAAAAAAAAA' } }],
      ['one more claim', { claims: { admin: true } }],
    ];
    for (const [what, changes] of wrong) {
      const { status, body, text } = await phone.send('GET', '/v1/consents', undefined, changes);
      expect([what, status, body['code']]).toEqual([what, 401, 'DEVICE_PROOF_REFUSED']);
      expect(text.replace(/urn:uuid:[0-9a-f-]+/, '')).not.toMatch(/nonce|enrolment|key/);
    }
    expect((await phone.send('GET', '/v1/consents')).status).toBe(200);
  });

  it('needs a nonce younger than five minutes', async () => {
    const phone = await TestPhone.enrol(county, 'wd-1');
    const nonce = await phone.nonce();
    county.clock.advance(300);
    expect((await phone.send('GET', '/v1/consents', undefined, { claims: { nonce } })).status).toBe(401);
    county.clock.set(START);
  });

  it('ends with the enrolment; one phone may hold several people', async () => {
    const device = await makeKey();
    const [first, second] = [
      await TestPhone.enrol(county, 'wd-1', device),
      await TestPhone.enrol(county, 'wd-2', device),
    ];
    expect((await second.send('GET', '/v1/consents')).status).toBe(200);
    await TestPhone.enrol(county, 'wd-1');
    expect((await first.send('GET', '/v1/consents')).status).toBe(401);
    expect((await second.send('GET', '/v1/consents')).status).toBe(200);
  });
});
