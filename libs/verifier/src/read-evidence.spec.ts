import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acceptBundle, type AllianceTrust } from '#libs/alliance';
import { shanghaiDay } from '#libs/calendar';
import { encodeBase64url, jwkThumbprint } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList, type VerifiedStatusList } from '#libs/status-list';
import {
  buildAlliance,
  flipSignature,
  generateTestKey,
  issueProof,
  statusListOf,
  type BuiltAlliance,
  type IssuedProof,
} from '#libs/testing';
import { holdAttestation, presentAttestation } from '#libs/wallet';
import { decide, ENGINE, tellVerdict } from './decide.js';
import type { DecisionFacts, Rules } from './facts.js';
import type { Evidence, Expectation } from './evidence.js';
import { readEvidence } from './read-evidence.js';
import { rulesFor } from './rules.js';

const NOW = 1_795_000_000;
const COUNTY = 'https://rongcheng.example';
const FEDERATION = 'https://alliance.example';
const AT_THE_SITE: Expectation = { way: 'rotating_qr', audience: 'spot-east', nonce: undefined, offer: undefined };

let alliance: BuiltAlliance;
let trust: AllianceTrust;
let lists: Map<string, VerifiedStatusList>;
let proof: IssuedProof;
let shown: string;

beforeAll(async () => {
  alliance = await buildAlliance(
    {
      members: [{ id: COUNTY }],
      partners: [{ id: 'spot', hostCounty: COUNTY }],
      schemes: [{ id: 'rc', member: COUNTY }],
      agreements: [{ id: 'lv' }],
      tables: [{ scheme: { id: 'rc' } }],
      offers: [{ id: 'free-aa', partner: 'spot', agreement: 'lv' }],
    },
    NOW,
  );
  const accepted = await acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle }, nodeCrypto);
  if (!accepted.ok) throw new Error(accepted.fault);
  trust = accepted.value;
  lists = new Map([[`${COUNTY}/s/1`, await listWith([])]]);
  proof = await issueProof(alliance, { ...PLAN, grade: 'AA', idx: 7 });
  shown = await show(proof, 'AA');
});

const PLAN = { partner: 'spot', scheme: 'rc', now: NOW, federation: FEDERATION };

async function listWith(revoked: readonly number[]): Promise<VerifiedStatusList> {
  const token = await statusListOf(alliance, COUNTY, { iat: NOW - 60 }, revoked);
  const key = trust.key(alliance.keys.member(COUNTY).status.kid);
  if (key === undefined) throw new Error('no status key');
  const expected = { uri: `${COUNTY}/s/1`, issuer: COUNTY, key: await key.verificationKey() };
  const list = await decodeStatusList(token, expected, nodeCrypto);
  if (!list.ok) throw new Error(list.fault);
  return list.value;
}

async function show(
  { issued, holderKey, holderJwk }: IssuedProof,
  threshold: string,
  change: { readonly offer?: string; readonly nonce?: string; readonly withPerson?: boolean } = {},
): Promise<string> {
  const held = await holdAttestation(issued, holderJwk, nodeCrypto);
  if (!held.ok) throw new Error(held.fault);
  const answer = { threshold, withPerson: false, audience: 'spot-east', iat: NOW - 2, offer: 'free-aa', ...change };
  return presentAttestation(held.value, answer, holderKey, nodeCrypto);
}

const read = (text: string, expectation = AT_THE_SITE): Promise<Evidence> =>
  readEvidence(text, expectation, trust, lists, nodeCrypto);

function decideOn(evidence: Evidence): readonly [DecisionFacts, Rules] {
  return [
    {
      engine: ENGINE,
      way: 'rotating_qr',
      now: NOW,
      timeFloor: NOW,
      place: { partner: 'spot', site: 'spot-east', lane: 'lane-1', isAttended: false },
      federation: FEDERATION,
      head: { digest: trust.headDigest, iat: trust.headIat, expiresAt: trust.expiresAt },
      offer: evidence.offer,
      day: shanghaiDay(NOW),
      party: { adults: 1, children: 0, seniors: 0 },
      orderRef: undefined,
      attestation: evidence.attestation,
      memory: { isReplayed: false, used: 0, lastUsedAt: undefined, takenToday: 0 },
    },
    rulesFor(trust, evidence.offer, 'spot', evidence.attestation),
  ];
}

const verdictOn = async (text: string): Promise<string> => decide(...decideOn(await read(text))).code;

describe('evidence of a presentation, with real keys', () => {
  it('grants what is genuine, current and sufficient', async () => {
    const evidence = await read(shown);
    expect(decide(...decideOn(evidence))).toEqual({ code: 'granted', failed: [] });
    expect(evidence).toMatchObject({ offer: 'free-aa', person: undefined, attestation: { thresholds: ['AA'] } });
  });

  it.each(['', '~', 'x', 'a.b.c~d~', 'HTTPS://EXAMPLE/#'])('gives evidence of nothing for %j', async (text) => {
    expect(await read(text)).toEqual({
      attestation: undefined,
      offer: undefined,
      memory: undefined,
      person: undefined,
    });
    expect(await verdictOn(text)).toBe('no_proof');
  });

  it('never grants after a change of any single character (RFC 9901 §7.1, §7.3)', async () => {
    const alphabet = ['A', 'B', 'a', 'b', '0', '1', '-', '_', '.', '~'];
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: shown.length - 1 }), fc.constantFrom(...alphabet), async (at, character) => {
        fc.pre(shown[at] !== character);
        const mangled = shown.slice(0, at) + character + shown.slice(at + 1);
        expect(['granted', 'check_by_hand']).not.toContain(await verdictOn(mangled));
      }),
      { numRuns: 400 },
    );
  });

  it('refuses a forged issuer signature under a listed key id (design §4.6)', async () => {
    const { key } = await generateTestKey();
    const signer = { key, kid: alliance.keys.member(COUNTY).attest.kid };
    expect(
      await verdictOn(await show(await issueProof(alliance, { ...PLAN, grade: 'AA', idx: 8, signer }), 'AA')),
    ).toBe('refused');
  });

  it('knows nothing of an unlisted key, nor of a key of another purpose (design §1.2, §4)', async () => {
    for (const signer of [await generateTestKey(), alliance.keys.member(COUNTY).statement]) {
      const forged = await issueProof(alliance, { ...PLAN, grade: 'AA', idx: 8, signer });
      expect(await verdictOn(await show(forged, 'AA'))).toBe('no_proof');
    }
  });

  it('refuses a proof signed with another key than the one in cnf', async () => {
    const { key } = await generateTestKey();
    expect(await verdictOn(await show({ ...proof, holderKey: key }, 'AA'))).toBe('refused');
  });

  it('takes the same statement under a flipped ECDSA signature for the same proof (design §4)', async () => {
    expect(flipSignature(shown)).not.toBe(shown);
    const binding = shown.slice(shown.lastIndexOf('~') + 1);
    const signingInput = binding.slice(0, binding.lastIndexOf('.'));
    const memory = {
      holder: await jwkThumbprint(proof.holderJwk, nodeCrypto),
      nonce: expect.stringMatching(/^[\w-]{22}$/),
      proof: encodeBase64url(await nodeCrypto.sha256(signingInput)),
    };
    const evidence = await read(shown);
    expect(evidence.memory).toEqual(memory);
    expect((await read(flipSignature(shown))).memory).toEqual(evidence.memory);
  });

  it('answers a weaker threshold, an undeclared fingerprint and a revoked index with the one same code', async () => {
    expect(await verdictOn(await show(proof, 'A'))).toBe('no_proof');
    const undeclared = await issueProof(alliance, {
      ...PLAN,
      grade: 'AA',
      idx: 9,
      fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA',
    });
    expect(await verdictOn(await show(undeclared, 'AA'))).toBe('no_proof');
    lists.set(`${COUNTY}/s/1`, await listWith([7]));
    expect(await verdictOn(shown)).toBe('no_proof');
    lists.set(`${COUNTY}/s/1`, await listWith([]));
    const outside = await issueProof(alliance, { ...PLAN, grade: 'AA', idx: 2 ** 17 });
    expect(await verdictOn(await show(outside, 'AA'))).toBe('no_proof');
  });

  it('takes no attestation from a partner that is named like a county (design §4: one purpose, one member)', async () => {
    const sham: AllianceTrust = {
      ...trust,
      key: (kid) => {
        const listed = trust.key(kid);
        return listed && { ...listed, owner: { kind: 'partner', id: listed.owner.id } };
      },
    };
    const { attestation } = await readEvidence(shown, AT_THE_SITE, sham, lists, nodeCrypto);
    expect(attestation?.isIssuerKeyTrusted).toBe(false);
  });

  it('finds no list of a suspended member, so that the answer is not "this gate must sync"', async () => {
    const without: AllianceTrust = {
      ...trust,
      member: (id) => {
        const listed = trust.member(id);
        return listed && { ...listed, suspended: true };
      },
    };
    const { attestation } = await readEvidence(shown, AT_THE_SITE, without, new Map(), nodeCrypto);
    expect(attestation?.status).toEqual({ list: 'not_listed' });
  });

  it('is stale without the list, and without any age the offer allows', async () => {
    lists.clear();
    expect(await verdictOn(shown)).toBe('stale');
    lists.set(`${COUNTY}/s/1`, await listWith([]));
  });

  it('is meant for one audience, one nonce and, in a session, one offer (RFC 9901 §7.3 step 5)', async () => {
    const bound = async (text: string, expectation: Expectation) =>
      (await read(text, expectation)).attestation?.binding;
    const session: Expectation = { way: 'session', audience: 'spot-east', nonce: 'session-nonce', offer: 'free-aa' };
    const answer = await show(proof, 'AA', { nonce: 'session-nonce' });
    expect(await bound(answer, session)).toMatchObject({ isForThisVerifier: true, isNonceExpected: true });
    expect(await bound(shown, session)).toMatchObject({ isForThisVerifier: true, isNonceExpected: false });
    expect(await bound(shown, { ...AT_THE_SITE, audience: 'spot-west' })).toMatchObject({ isForThisVerifier: false });
    expect(await bound(answer, { ...session, offer: 'half-a' })).toMatchObject({ isForThisVerifier: false });
  });
});

describe('a verdict told', () => {
  it('tells a clerk whose document to compare', async () => {
    const [facts, rules] = decideOn(await read(shown));
    const person = { name: '王*', idLast4: '001X' };
    const told = tellVerdict({ code: 'check_by_hand', failed: [] }, facts, rules, person);
    expect(told).toMatchObject({ code: 'check_by_hand', person, grant: { issuer: { id: COUNTY } } });
  });
});
