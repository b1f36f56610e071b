import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { weeklyEpoch } from '#libs/calendar';
import { isSignedBy, jwkThumbprint, parseCompactJws, publicJwkOf } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { holdAttestation, type HeldAttestation } from '#libs/wallet';
import { waitFor } from '#libs/testing';
import { type Answer, type Ask, runCounty, type RunningCounty, START } from '../../../../test/county/running-county.js';
import { assessAndRelease, deduct, settle } from '../../../../test/county/sample-residents.js';
import { servedStatusList } from '../../../../test/county/served-status-list.js';
import { makeKey, type PhoneKey, TestPhone } from '../../../../test/county/test-phone.js';

let county: RunningCounty;
let desk: Ask;

beforeAll(async () => {
  county = await runCounty();
  desk = await county.as('desk');
  await settle(county);
});
beforeEach(() => county.clock.advance(10));
afterAll(() => county.close());

async function held(answer: Answer, key: PhoneKey): Promise<HeldAttestation> {
  expect(answer.body['code']).toBeUndefined();
  return hold(String(answer.body['attestation']), key);
}

async function hold(attestation: string, key: PhoneKey): Promise<HeldAttestation> {
  const result = await holdAttestation(attestation, publicJwkOf(key.jwk), nodeCrypto);
  if (!result.ok) throw new Error(result.fault);
  return result.value;
}

async function phoneWith(handle: string, ...partners: readonly string[]): Promise<TestPhone> {
  const phone = await TestPhone.enrol(county, handle);
  for (const partner of partners) await phone.consent(partner);
  return phone;
}

/** The status as a gate sees it, once the list that carries the latest change is signed. */
async function isRevoked({ claims }: HeldAttestation): Promise<boolean> {
  county.clock.advance(1);
  await waitFor(async () => {
    const [row] = await county.database.query<readonly { readonly done: boolean }[]>(
      'SELECT version = signed_version AS done FROM status_list',
    );
    return row?.done;
  });
  return (await servedStatusList(county)).statusAt(claims.status.idx) === 1;
}

const codeOf = (answer: Answer): unknown => answer.body['code'];

describe('issuing an attestation', () => {
  it('binds one partner to the proven key, for the weekly epoch, with the grade and all weaker ones', async () => {
    const phone = await phoneWith('wd-1', 'rugao-spot');
    const key = await makeKey();
    const answer = await phone.obtain('rugao-spot', key);
    expect([answer.status, answer.body['partner']]).toEqual([201, 'rugao-spot']);
    const { claims, thresholds, person, jws } = await held(answer, key);
    expect(claims).toMatchObject({
      iss: 'https://wendeng.example',
      vct: 'https://alliance.example/vct/tier/1',
      partner: 'rugao-spot',
      cnf: publicJwkOf(key.jwk),
      scheme: { id: 'cn-371003-haibei' },
      status: { uri: 'https://wendeng.example/s/1' },
      ...weeklyEpoch(START),
    });
    expect([...thresholds.keys()].toSorted()).toEqual(['A', 'AA']);
    expect(claims.atLeastDigests).toHaveLength(3);
    expect(Buffer.from(String(person), 'base64url').toString()).toContain('{"name":"王*明","id_last4":"123X"}');
    const parsed = parseCompactJws(jws, { typ: 'dc+sd-jwt' });
    const issuerKey = await nodeCrypto.importPublicKey('ES256', county.attestKey);
    expect(parsed.ok && (await isSignedBy(parsed.value, issuerKey, nodeCrypto))).toBe(true);
  });

  it('keeps no token, and reveals nothing of the name in it', async () => {
    const phone = await phoneWith('wd-1', 'rugao-spot');
    const key = await makeKey();
    const { jws } = await held(await phone.obtain('rugao-spot', key), key);
    const rows = JSON.stringify(await county.database.query('SELECT * FROM attestation'));
    expect(rows).not.toContain(jws.split('.')[2]);
    expect(Buffer.from(String(jws.split('.')[1]), 'base64url').toString()).not.toMatch(/王|123X|wd-1/);
  });

  it('shows a lower grade with as many digests', async () => {
    const phone = await phoneWith('wd-2', 'rugao-spot');
    const key = await makeKey();
    const { claims, thresholds } = await held(await phone.obtain('rugao-spot', key), key);
    expect([[...thresholds.keys()], claims.atLeastDigests.length]).toEqual([['A'], 3]);
  });

  it('refuses a proof that is not exactly one of possession for this county, now (OpenID4VCI 1.0 F.1)', async () => {
    const phone = await phoneWith('wd-1', 'rugao-spot');
    const [key, other] = [await makeKey(), await makeKey()];
    const good = await phone.holderProof(key);
    const swapped = await phone.holderProof({ jwk: other.jwk, signing: key.signing });
    const [head = '', , signature = ''] = good.split('.');
    const proofs = [
      'abc',
      swapped,
      `${head}.${(await phone.holderProof(key)).split('.')[1]}.${signature}`,
      await phone.holderProof(key, {}, 'kb+jwt'),
      await phone.holderProof(key, { aud: 'https://rushan.example' }),
      await phone.holderProof(key, { iat: county.clock.now() - 301 }),
      await phone.holderProof(key, { nonce: 'AAAAAAAAAAAAAAAAAAAAAA' }),
      await phone.holderProof(key, { sub: 'me' }),
    ];
    for (const proof of proofs)
      expect(codeOf(await phone.send('POST', '/v1/attestations', { partner: 'rugao-spot', proof }))).toBe(
        'HOLDER_PROOF_REFUSED',
      );
    const send = (): Promise<Answer> => phone.send('POST', '/v1/attestations', { partner: 'rugao-spot', proof: good });
    expect((await send()).status).toBe(201);
    expect(codeOf(await send())).toBe('HOLDER_PROOF_REFUSED');
  });

  it('keeps keys pairwise: none serves another partner, another person, or the phone itself', async () => {
    const [mine, theirs] = [await phoneWith('wd-1', 'p-1', 'p-2'), await phoneWith('wd-2', 'p-1')];
    const key = await makeKey();
    expect((await mine.obtain('p-1', key)).status).toBe(201);
    expect(codeOf(await mine.obtain('p-2', key))).toBe('HOLDER_KEY_REFUSED');
    expect(codeOf(await theirs.obtain('p-1', key))).toBe('HOLDER_KEY_REFUSED');
    expect(codeOf(await mine.obtain('p-2', mine.device))).toBe('HOLDER_KEY_REFUSED');
  });

  it('has one key per phone and partner, so that no fresh key is a fresh quota at the gate', async () => {
    const phone = await phoneWith('wd-1', 'p-3');
    const [first, second] = [await makeKey(), await makeKey()];
    const old = await held(await phone.obtain('p-3', first), first);
    const again = await held(await phone.obtain('p-3', first), first);
    expect(again.claims.status).toEqual(old.claims.status);
    expect(codeOf(await phone.obtain('p-3', second))).toBe('HOLDER_KEY_REFUSED');
    expect(await isRevoked(old)).toBe(false);
    expect((await phone.send('DELETE', '/v1/consents/p-3')).status).toBe(200);
    expect(await isRevoked(old)).toBe(true);
    await phone.consent('p-3');
    expect(codeOf(await phone.obtain('p-3', second))).toBe('HOLDER_KEY_REFUSED');
    const back = await held(await phone.obtain('p-3', first), first);
    expect(back.claims.status).not.toEqual(old.claims.status);
    expect(await isRevoked(back)).toBe(false);
  });

  it('issues one of many requests with one key at once, at one place of the list', async () => {
    const phone = await phoneWith('wd-1', 'p-4');
    const key = await makeKey();
    const answers = await Promise.all(Array.from({ length: 8 }, () => phone.obtain('p-4', key)));
    const places = await Promise.all(answers.map(async (answer) => (await held(answer, key)).claims.status.idx));
    expect(new Set(places).size).toBe(1);
    const thumbprint = await jwkThumbprint(publicJwkOf(key.jwk), nodeCrypto);
    expect(await county.database.query('SELECT 1 FROM attestation WHERE holder = $1', [thumbprint])).toHaveLength(1);
  });
});

describe('renewal, all together', () => {
  it('stays in its epoch with new salts at the same place, and moves to a new place in the next', async () => {
    const phone = await phoneWith('wd-1', 'r-1', 'r-2');
    const keys = { 'r-1': await makeKey(), 'r-2': await makeKey() };
    const first = await held(await phone.obtain('r-1', keys['r-1']), keys['r-1']);
    await phone.obtain('r-2', keys['r-2']);
    const renew = async (): Promise<HeldAttestation> => {
      const answers = JSON.parse((await phone.renew()).text) as readonly { partner: string; attestation: string }[];
      expect(answers.map(({ partner }) => partner)).toEqual(['r-1', 'r-2']);
      return hold(String(answers[0]?.attestation), keys['r-1']);
    };
    const again = await renew();
    expect(again.claims).toMatchObject({ status: first.claims.status, iat: first.claims.iat });
    expect(again.claims.atLeastDigests.filter((digest) => first.claims.atLeastDigests.includes(digest))).toEqual([]);
    county.clock.advance(7 * 86_400);
    const next = await renew();
    expect(next.claims).toMatchObject({ cnf: first.claims.cnf, ...weeklyEpoch(START + 7 * 86_400) });
    expect(next.claims.status.idx).not.toBe(first.claims.status.idx);
    expect([await isRevoked(first), await isRevoked(next)]).toEqual([false, false]);
    await phone.send('DELETE', '/v1/consents/r-1');
    expect([await isRevoked(first), await isRevoked(next)]).toEqual([true, true]);
    const left = JSON.parse((await phone.renew()).text) as readonly object[];
    expect(left).toMatchObject([{ partner: 'r-2' }]);
    // A week on, the session of the desk has ended.
    desk = await county.as('desk');
  });
});

describe('what ends an attestation', () => {
  it('a new phone: everything on the old one, at once', async () => {
    const old = await phoneWith('wd-3', 'e-1', 'e-2');
    const [one, two] = [await makeKey(), await makeKey()];
    const both = [await held(await old.obtain('e-1', one), one), await held(await old.obtain('e-2', two), two)];
    const fresh = await TestPhone.enrol(county, 'wd-3');
    expect([await isRevoked(both[0]!), await isRevoked(both[1]!)]).toEqual([true, true]);
    expect((await old.renew()).status).toBe(401);
    expect(JSON.parse((await fresh.renew()).text)).toEqual([]);
    expect(codeOf(await fresh.obtain('e-1', one))).toBe('HOLDER_KEY_REFUSED');
  });

  it('an officer, for one partner or all, with a reason in the audit trail', async () => {
    const phone = await phoneWith('wd-3', 'o-1', 'o-2');
    const [one, two] = [await makeKey(), await makeKey()];
    const [first, second] = [
      await held(await phone.obtain('o-1', one), one),
      await held(await phone.obtain('o-2', two), two),
    ];
    const revoke = (body: object): Promise<Answer> => desk('POST', '/v1/admin/residents/wd-3/revocations', body);
    expect((await revoke({ partner: 'o-1', reason: 'issued in error' })).body).toEqual({ revoked: 1 });
    expect([await isRevoked(first), await isRevoked(second)]).toEqual([true, false]);
    expect((await revoke({ reason: 'phone reported stolen' })).body).toEqual({ revoked: 1 });
    expect((await revoke({ reason: 'phone reported stolen' })).body).toEqual({ revoked: 0 });
    expect(codeOf(await phone.obtain('o-1', one))).toBe('DEVICE_PROOF_REFUSED');
    expect(await isRevoked(second)).toBe(true);
    const audited = await county.database.query<readonly object[]>(
      "SELECT target, detail FROM audit_record WHERE action = 'attestations.revoked' ORDER BY id",
    );
    expect(audited[0]).toEqual({ target: 'wd-3', detail: { partner: 'o-1', reason: 'issued in error', revoked: 1 } });
    expect((await revoke({})).status).toBe(400);
    expect((await desk('POST', '/v1/admin/residents/nobody/revocations', { reason: 'x' })).status).toBe(404);
    const neighbour = await county.asIn('371003100', 'issuing_officer');
    expect((await neighbour('POST', '/v1/admin/residents/wd-3/revocations', { reason: 'x' })).status).toBe(404);
    const assessor = await county.as('assessor');
    expect((await assessor('POST', '/v1/admin/residents/wd-3/revocations', { reason: 'x' })).status).toBe(403);
  });

  it('a grade that dropped; renewal then issues the lower one at another place, a rise waits for renewal', async () => {
    const phone = await phoneWith('wd-1', 'g-1');
    const key = await makeKey();
    const high = await held(await phone.obtain('g-1', key), key);
    expect((await assessAndRelease(county, '2025')).body).toEqual({ revoked: 0 });
    await deduct(county, 'wd-1', 'contract-broken', 'drop-1');
    expect(await isRevoked(high)).toBe(true);
    const renewed = JSON.parse((await phone.renew()).text) as readonly { attestation: string }[];
    const low = await hold(String(renewed[0]?.attestation), key);
    expect([...low.thresholds.keys()]).toEqual(['A']);
    expect(low.claims.status.idx).not.toBe(high.claims.status.idx);
    await deduct(county, 'wd-1', 'honour-city', 'rise-1');
    expect(await isRevoked(low)).toBe(false);
    const [risen] = JSON.parse((await phone.renew()).text) as readonly { attestation: string }[];
    const top = await hold(String(risen?.attestation), key);
    expect([[...top.thresholds.keys()].toSorted(), top.claims.status]).toEqual([['A', 'AA', 'AAA'], low.claims.status]);
    await deduct(county, 'wd-1', 'judgment-unperformed', 'drop-2');
    expect(await isRevoked(top)).toBe(true);
  });

  it('a grade under the floor: nothing is issued or renewed, and one answer says no more', async () => {
    const phone = await phoneWith('wd-2', 'f-1', 'f-2');
    const key = await makeKey();
    const before = await held(await phone.obtain('f-1', key), key);
    await deduct(county, 'wd-2', 'judgment-unperformed', 'floor-1');
    expect(await isRevoked(before)).toBe(true);
    const answers = [await phone.renew(), await phone.obtain('f-1', key), await phone.obtain('f-2', await makeKey())];
    expect(answers.map(codeOf)).toEqual(Array(3).fill('NOTHING_TO_ISSUE'));
    await desk('POST', '/v1/admin/residents', {
      residents: [{ handle: 'new', name: '赵六', documentLast4: '0000', birthYear: 1970 }],
    });
    const unassessed = await phoneWith('new', 'f-1');
    expect(codeOf(await unassessed.obtain('f-1', await makeKey()))).toBe('NOTHING_TO_ISSUE');
  });
});
