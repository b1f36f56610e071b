import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KeyStatus, MemberPayload } from '#libs/alliance';
import { COUNTY, generateTestKey, statusListOf, waitFor, type TestKey } from '#libs/testing';
import { expectStatus } from '../federation/federation-desk.js';
import { federatedGate, type FederatedGate } from './federated-gate.js';
import { LIST, NOW } from './gate-world.js';

const PURPOSES = ['attest', 'status', 'statement'] as const;
type CountyKeys = Readonly<Record<(typeof PURPOSES)[number], TestKey>>;

let running: FederatedGate;
/** The county's keys of three generations. */
let first: CountyKeys;
let second: CountyKeys;
let third: CountyKeys;
let listIat = NOW - 30;
beforeAll(async () => {
  running = await federatedGate();
  first = running.desk.alliance.keys.member(COUNTY);
  [second, third] = [await makeKeys(), await makeKeys()];
});
afterAll(() => running.close());

async function makeKeys(): Promise<CountyKeys> {
  return { attest: await generateTestKey(), status: await generateTestKey(), statement: await generateTestKey() };
}

function listed(keys: CountyKeys, status: KeyStatus): MemberPayload['keys'] {
  return PURPOSES.map((purpose) => ({ jwk: keys[purpose].publicJwk, alg: 'ES256', purpose, status }));
}

const file = (version: number, ...keys: readonly MemberPayload['keys'][]) =>
  running.desk.file('member', { ...running.desk.alliance.plan.members[0]!, version, keys: keys.flat() });

/** The next version, with a round of two officers; resolves when the gate has it. */
async function publish(version: number, ...keys: readonly MemberPayload['keys'][]): Promise<void> {
  expectStatus(await file(version, ...keys), 201);
  await running.desk.adopt();
  await running.synced();
}

/** The county signs everything of its own with this key, its scheme and its table. Resolves to the codes of the answers. */
async function countersign(key: TestKey): Promise<readonly (string | undefined)[]> {
  const { desk } = running;
  const { body } = await desk.getAs('auditor', '/v1/admin/documents?state=published');
  const documents = body['documents'] as { digest: string; payload: string; type: 'scheme' | 'table' }[];
  const own = documents.filter(({ type }) => ['scheme', 'table'].includes(type));
  expect(own).toHaveLength(2);
  return Promise.all(
    own.map(async ({ digest, payload, type }) => {
      return (await desk.sign(`/v1/admin/documents/${digest}`, payload, type, key)).body.code;
    }),
  );
}

async function verdict(keys: CountyKeys, idx = 2): Promise<string> {
  const { world, gate } = running;
  return (await gate.scan(await world.qr(await world.proof({ signer: keys.attest, idx })))).body.verdict;
}

/** The county's service signs its list with this key and revokes one place; resolves when the gate knows. */
async function renewList(keys: CountyKeys, revoked: number): Promise<void> {
  listIat += 1;
  const times = { iat: listIat, ttlSeconds: 1, signer: keys.status };
  running.world.upstream.putList(LIST, await statusListOf(running.desk.alliance, COUNTY, times, [revoked]));
  await waitFor(async () => (await verdict(keys, revoked)) === 'no_proof');
}

describe('the keys of a county', () => {
  it('are changed with an overlap, and the gate grants throughout', async () => {
    let keys = first;
    const watched = await running.watch(
      async () => {
        await publish(2, listed(first, 'active'), listed(second, 'active'));
        expect([await verdict(first), await verdict(second)]).toEqual(['granted', 'granted']);
        keys = second;
        await renewList(second, 7_000);
        expect((await file(3, listed(second, 'active'))).body.code).toBe('KEY_ORDER_WRONG');
        await publish(3, listed(first, 'retired'), listed(second, 'active'));
        // What the retired keys have signed still counts; they sign nothing any more.
        expect([await verdict(first), await verdict(second)]).toEqual(['granted', 'granted']);
        expect(await countersign(first.statement)).toEqual(['SIGNER_UNKNOWN', 'SIGNER_UNKNOWN']);
        const stripping = await file(4, listed(second, 'active'));
        expect(stripping).toMatchObject({ status: 409, body: { code: 'KEY_STILL_NEEDED' } });
        expect(stripping.body.fields).toHaveLength(2);
        await running.desk.adopt();
        await running.synced();
        expect(await countersign(second.statement)).toEqual([undefined, undefined]);
        await publish(4, listed(second, 'active'));
        expect([await verdict(first), await verdict(second)]).toEqual(['no_proof', 'granted']);
      },
      () => ({ signer: keys.attest }),
    );
    expect([...watched.verdicts]).toEqual(['granted']);
    expect([...watched.faults]).toEqual([null]);
  });

  it('take their successors’ signatures beforehand, so that no round is held up when they go', async () => {
    await publish(5, listed(second, 'active'), listed(third, 'active'));
    expect(await countersign(third.statement)).toEqual(['SIGNATURE_NOT_NEEDED', 'SIGNATURE_NOT_NEEDED']);
    await publish(6, listed(second, 'retired'), listed(third, 'active'));
    expect(await countersign(third.statement)).toEqual([undefined, undefined]);
    await renewList(third, 8_000);
    await publish(7, listed(third, 'active'));
    expect([await verdict(second), await verdict(third)]).toEqual(['no_proof', 'granted']);
  });

  it('that are compromised verify nothing from the next head on, whatever its iat, and the county begins with new ones', async () => {
    const fourth = await makeKeys();
    await publish(8, listed(third, 'compromised'), listed(fourth, 'active'));
    const trust = await running.desk.trust();
    const scheme = running.desk.alliance.plan.schemes[0]!;
    expect(trust.tableVersions(scheme.id, scheme.fingerprint)).toMatchObject([{ inert: true, suspended: true }]);
    expect([await verdict(third), await verdict(fourth)]).toEqual(['stale', 'stale']);
    await renewList(fourth, 9_000);
    expect([await verdict(third), await verdict(fourth)]).toEqual(['no_proof', 'no_proof']);
    expect((await file(9, listed(third, 'active'), listed(fourth, 'active'))).body.code).toBe('KEY_ORDER_WRONG');
    expect(await countersign(third.statement)).toEqual(['SIGNER_UNKNOWN', 'SIGNER_UNKNOWN']);
    expect(await countersign(fourth.statement)).toEqual([undefined, undefined]);
    await running.desk.adopt();
    await running.synced();
    expect([await verdict(third), await verdict(fourth)]).toEqual(['no_proof', 'granted']);
  });
});
