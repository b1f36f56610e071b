import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodePresentationQr, parsePresentation, readTierDisclosures } from '#libs/attestation';
import type { Band, TableVersion } from '#libs/equivalence';
import { nodeCrypto } from '#libs/jose-profile/node';
import {
  buildAlliance,
  flipSignature,
  generateTestKey,
  issueProof,
  type BuiltAlliance,
  type IssuedProof,
  type TestKey,
} from '#libs/testing';
import { presentAttestation } from './answer.js';
import { chooseThreshold } from './choose-threshold.js';
import { drawCode } from './draw-code.js';
import {
  findAttestation,
  holdAttestation,
  isIssuedBy,
  keepAttestation,
  type HeldAttestation,
} from './held-attestation.js';

const NOW = 1_795_000_000;
const COUNTY = 'https://rongcheng.example';
const GRADES = { grades: ['AAA', 'AA', 'A', 'B', 'C', 'D'] };
const ASKED = { band: 'A' as Band, freshnessSeconds: 86_400 };

let alliance: BuiltAlliance;
let proof: IssuedProof;
let held: HeldAttestation;

beforeAll(async () => {
  alliance = await buildAlliance({ members: [{ id: COUNTY }], schemes: [{ id: 'rc', member: COUNTY }] }, NOW);
  const plan = { partner: 'spot', scheme: 'rc', grade: 'AA', idx: 7, now: NOW, federation: 'https://alliance.example' };
  proof = await issueProof(alliance, plan);
  const outcome = await holdAttestation(proof.issued, proof.holderJwk, nodeCrypto);
  if (!outcome.ok) throw new Error(outcome.fault);
  held = outcome.value;
});

function version(map: Readonly<Record<string, Band>>, effectiveFrom: string, suspended = false): TableVersion {
  const scheme = { id: 'rc', fingerprint: 'f' };
  const excluded = GRADES.grades.filter((grade) => !(grade in map));
  return { table: { id: effectiveFrom, scheme, version: 1, map, excluded, effectiveFrom }, suspended };
}

describe('keeping an attestation', () => {
  it('keeps the thresholds held and the person, nothing of the decoy', () => {
    expect([...held.thresholds.keys()].toSorted()).toEqual(['A', 'AA']);
    const person: unknown = JSON.parse(Buffer.from(held.person ?? '', 'base64url').toString());
    expect(person).toEqual([expect.any(String), 'person', { name: '王*', id_last4: '001X' }]);
    expect(held.claims.atLeastDigests).toHaveLength(3);
  });

  it('refuses an attestation bound to another key, mixed up, or already presented', async () => {
    const stranger = await generateTestKey();
    const check = (text: string, key = proof.holderJwk) => holdAttestation(text, key, nodeCrypto);
    expect(await check(proof.issued, stranger.publicJwk)).toEqual({ ok: false, fault: 'ATTESTATION_OF_ANOTHER_KEY' });
    const [, disclosure = ''] = proof.issued.split('~');
    expect(await check(`${proof.issued}${disclosure}~`)).toEqual({ ok: false, fault: 'ATTESTATION_NOT_CONSISTENT' });
    expect(await check(proof.issued.slice(1))).toEqual({ ok: false, fault: 'ATTESTATION_UNREADABLE' });
    const answer = { threshold: 'AA', withPerson: false, audience: 'east', iat: NOW, offer: 'free' };
    const presented = await presentAttestation(held, answer, proof.holderKey, nodeCrypto);
    expect(await check(presented)).toEqual({ ok: false, fault: 'ATTESTATION_UNREADABLE' });
  });

  it('knows the county by its signature, under the very key it names (RFC 9901 §7.2 step 1)', async () => {
    const keyOf = async ({ kid, publicJwk }: Pick<TestKey, 'kid' | 'publicJwk'>) => ({
      ...(await nodeCrypto.importPublicKey('ES256', publicJwk)),
      kid,
    });
    const { attest, status } = alliance.keys.member(COUNTY);
    expect(await isIssuedBy(held, await keyOf(attest), nodeCrypto)).toBe(true);
    expect(await isIssuedBy(held, await keyOf(status), nodeCrypto)).toBe(false);
    expect(await isIssuedBy(held, await keyOf({ ...status, kid: attest.kid }), nodeCrypto)).toBe(false);
    expect(await isIssuedBy({ ...held, kid: status.kid }, await keyOf(attest), nodeCrypto)).toBe(false);
    expect(await isIssuedBy({ ...held, jws: flipSignature(held.jws) }, await keyOf(attest), nodeCrypto)).toBe(true);
    expect(await isIssuedBy({ ...held, jws: held.jws.slice(0, -4) }, await keyOf(attest), nodeCrypto)).toBe(false);
  });

  it('holds one live attestation per person and partner (design §4.1)', () => {
    const wallet = keepAttestation(keepAttestation(new Map(), 'me', held), 'grandmother', held);
    expect(wallet.size).toBe(2);
    expect(keepAttestation(wallet, 'me', held).size).toBe(2);
    expect(findAttestation(wallet, 'me', 'spot')).toBe(held);
    expect(findAttestation(wallet, 'me', 'hotel')).toBeUndefined();
  });
});

describe('choosing what to disclose (design §4.1)', () => {
  const identity = version({ AAA: 'AAA', AA: 'AA', A: 'A' }, '2026-01-01');

  it('takes the weakest threshold that maps to the asked band', () => {
    expect(chooseThreshold(held, ASKED, GRADES, [identity], NOW)).toBe('A');
    expect(chooseThreshold(held, { ...ASKED, band: 'AA' }, GRADES, [identity], NOW)).toBe('AA');
  });

  it('sends nothing when nothing held suffices or no table is in effect', () => {
    expect(chooseThreshold(held, { ...ASKED, band: 'AAA' }, GRADES, [identity], NOW)).toBeUndefined();
    expect(chooseThreshold(held, ASKED, GRADES, [], NOW)).toBeUndefined();
    const suspended = version({ AA: 'A', A: 'A' }, '2026-06-01', true);
    expect(chooseThreshold(held, ASKED, GRADES, [identity, suspended], NOW)).toBeUndefined();
  });

  it('satisfies every version in effect within the freshness budget, for a gate that is behind', () => {
    // NOW is 2026-11-18 in Shanghai.
    const today = version({ AAA: 'AA', AA: 'A' }, '2026-11-18');
    expect(chooseThreshold(held, ASKED, GRADES, [identity, today], NOW)).toBe('AA');
    const easier = version({ AAA: 'AAA', AA: 'AAA', A: 'AA' }, '2026-11-18');
    expect(chooseThreshold(held, { ...ASKED, band: 'AA' }, GRADES, [identity, easier], NOW)).toBe('AA');
    expect(chooseThreshold(held, { ...ASKED, band: 'AA' }, GRADES, [identity, easier], NOW + 3 * 86_400)).toBe('A');
  });
});

describe('presenting', () => {
  const answer = { threshold: 'AA', withPerson: false, audience: 'east', iat: NOW, offer: 'free' };

  it('discloses one threshold, and the person only where asked', async () => {
    for (const withPerson of [false, true]) {
      const text = await presentAttestation(held, { ...answer, withPerson }, proof.holderKey, nodeCrypto);
      const parsed = parsePresentation(text);
      if (!parsed.ok) throw new Error(parsed.fault);
      const disclosed = await readTierDisclosures(parsed.value.jws.payload, parsed.value.disclosures, nodeCrypto);
      expect(disclosed).toMatchObject({ ok: true, value: { thresholds: ['AA'] } });
      expect(disclosed.ok && disclosed.value.person !== undefined).toBe(withPerson);
    }
  });

  it('makes a fresh 128-bit nonce for every code, and uses the session’s where there is one', async () => {
    const nonceOf = async (nonce?: string): Promise<string | undefined> => {
      const given = nonce === undefined ? {} : { nonce };
      const parsed = parsePresentation(
        await presentAttestation(held, { ...answer, ...given }, proof.holderKey, nodeCrypto),
      );
      return parsed.ok ? parsed.value.keyBinding?.claims.nonce : undefined;
    };
    const [one, other] = [await nonceOf(), await nonceOf()];
    expect(one).toHaveLength(22);
    expect(one).not.toBe(other);
    expect(await nonceOf('from-the-session')).toBe('from-the-session');
  });

  it('draws a code that scans back to the presentation, another one each time (design §4.2)', async () => {
    const draw = (): Promise<string> => drawCode(held, answer, proof.holderKey, 'XINQIAO.EXAMPLE', nodeCrypto);
    const [one, other] = [await draw(), await draw()];
    expect(one).not.toBe(other);
    const shown = parsePresentation(decodePresentationQr(one) ?? '');
    expect(shown).toMatchObject({ ok: true, value: { keyBinding: { claims: { aud: 'east', offer: 'free' } } } });
  });

  it('throws rather than send what would fail', async () => {
    const present = (threshold: string, from: HeldAttestation, withPerson = false) =>
      presentAttestation(from, { ...answer, threshold, withPerson }, proof.holderKey, nodeCrypto);
    await expect(present('AAA', held)).rejects.toThrow(RangeError);
    await expect(present('AA', { ...held, person: undefined }, true)).rejects.toThrow(RangeError);
  });
});
