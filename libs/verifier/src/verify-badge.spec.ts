import { beforeAll, describe, expect, it } from '@jest/globals';
import { acceptBundle, type AllianceTrust } from '#libs/alliance';
import { badgeVct, issueBadge, MAX_BADGE_LIFE_SECONDS, signKeyBinding, type BadgeClaims } from '#libs/attestation';
import { signCompactJws, type JsonObject, type Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { VerifiedStatusList } from '#libs/status-list';
import { buildVisitWorld, generateTestKey, VISIT_FEDERATION, type TestKey, type VisitWorld } from '#libs/testing';
import { BADGE_CHECKS } from './badge-checks.js';
import { failedBadgeChecks, readBadge, verifyBadge, type BadgeRequest } from './verify-badge.js';

const NOW = 1_795_000_000;
const DAY_SECONDS = 86_400;
const COUNTY = 'https://rongcheng.example';
const NEIGHBOUR = 'https://weihai.example';
const LIST = `${COUNTY}/s/1`;
const SUBJECT = { what: '文明家庭', place: '371082', period: '2026', basis: 'village points' };
const REQUEST: BadgeRequest = {
  audience: 'https://shop.example',
  nonce: 'nonce',
  federation: VISIT_FEDERATION,
  now: NOW,
  timeFloor: NOW,
};

let world: VisitWorld;
let holder: TestKey;
beforeAll(async () => {
  world = await buildVisitWorld(NOW, {
    members: [{ id: COUNTY }, { id: NEIGHBOUR }],
    partners: [{ id: 'spot', hostCounty: COUNTY }],
    schemes: [{ id: 'rc', member: COUNTY }],
    agreements: [{ id: 'lv' }],
    tables: [{ scheme: { id: 'rc' } }],
    offers: [{ id: 'free-aa', partner: 'spot', agreement: 'lv' }],
  });
  holder = await generateTestKey();
});

/** Where what is shown, or who looks at it, differs from a badge that is genuine. */
interface Case {
  readonly claims?: Partial<BadgeClaims>;
  readonly signer?: Signer;
  readonly holder?: TestKey;
  readonly bound?: { readonly aud?: string; readonly nonce?: string; readonly iat?: number };
  /** What the key-binding JWT is made over, in place of the badge. */
  readonly over?: string;
  readonly request?: Partial<BadgeRequest>;
  readonly trust?: AllianceTrust;
  readonly lists?: ReadonlyMap<string, VerifiedStatusList>;
}

async function show({ claims, signer, holder: shower = holder, bound, over }: Case = {}): Promise<string> {
  const badge: BadgeClaims = {
    iss: COUNTY,
    iat: NOW - DAY_SECONDS,
    exp: NOW + DAY_SECONDS,
    vct: badgeVct(VISIT_FEDERATION),
    cnf: holder.publicJwk,
    status: { idx: 9, uri: LIST },
    badge: SUBJECT,
    ...claims,
  };
  const issued = await issueBadge(badge, signer ?? attestKeyOf(COUNTY), nodeCrypto);
  const { audience: aud, nonce } = REQUEST;
  const answer = { iat: NOW - 2, aud, nonce, offer: undefined, ...bound };
  return issued + (await signKeyBinding(over ?? issued, answer, shower.key, nodeCrypto));
}

const attestKeyOf = (county: string): TestKey => world.alliance.keys.member(county).attest;

/** The names of the checks that a case fails; `undefined` for what is no badge that is shown. */
async function failedBy(change: Case): Promise<readonly string[] | undefined> {
  const { request, trust = world.trust, lists = world.lists } = change;
  const looked = [await show(change), { ...REQUEST, ...request }, trust, lists, nodeCrypto] as const;
  const facts = await readBadge(...looked);
  const failed = facts && failedBadgeChecks(facts);
  expect((await verifyBadge(...looked)).code).toBe(failed?.length === 0 ? 'genuine' : 'no_proof');
  return failed;
}

/** What is looked at later: with a list of that time, and a proof of that time. */
async function at(now: number, claims: Partial<BadgeClaims>): Promise<Case> {
  const lists = new Map([[LIST, await world.listOf(COUNTY, [], now - 60)]]);
  return { claims, lists, request: { now, timeFloor: now }, bound: { iat: now } };
}

async function suspending(member: string): Promise<AllianceTrust> {
  const head = { suspended: [await world.alliance.digestOf('member', member)] };
  const bundle = await world.alliance.headAt(NOW, { head });
  const accepted = await acceptBundle({ anchor: world.alliance.anchor, bundle, held: world.trust }, nodeCrypto);
  if (!accepted.ok) throw new Error(accepted.fault);
  return accepted.value;
}

async function forged(): Promise<Case> {
  const { key } = await generateTestKey();
  return { signer: { key, kid: attestKeyOf(COUNTY).kid } };
}

async function otherBadge(): Promise<string> {
  return `${(await show({ claims: { exp: NOW + 2 * DAY_SECONDS } })).split('~')[0]}~`;
}

/** Each breaks one rule, and no other. */
const ALONE: readonly (readonly [check: string, what: string, change: () => Case | Promise<Case>])[] = [
  ['clock-not-behind-signed-time', 'a clock behind', () => ({ request: { timeFloor: NOW + 31 } })],
  ['trust-not-expired', 'a head that has expired', () => at(world.trust.expiresAt, { exp: world.trust.expiresAt + 1 })],
  [
    'issuer-key-is-listed',
    'a key of another purpose',
    () => ({ signer: world.alliance.keys.member(COUNTY).statement }),
  ],
  ['issuer-signature-holds', 'a forged signature', forged],
  ['key-belongs-to-the-issuer', 'the neighbour’s key', () => ({ signer: attestKeyOf(NEIGHBOUR) })],
  [
    'key-belongs-to-the-issuer',
    'the neighbour’s name and list',
    () => ({ claims: { iss: NEIGHBOUR, status: { idx: 9, uri: `${NEIGHBOUR}/s/1` } } }),
  ],
  ['type-is-a-badge', 'the type of another federation', () => ({ claims: { vct: badgeVct('https://other.example') } })],
  ['badge-in-force', 'a badge of the future', () => ({ claims: { iat: NOW + 31 } })],
  ['badge-in-force', 'a badge past its end', () => ({ claims: { exp: NOW } })],
  ['not-revoked', 'a list the issuer does not name', () => ({ claims: { status: { idx: 9, uri: `${COUNTY}/s/2` } } })],
  ['not-revoked', 'the neighbour’s list', () => ({ claims: { status: { idx: 9, uri: `${NEIGHBOUR}/s/1` } } })],
  ['not-revoked', 'no list held', () => ({ lists: new Map() })],
  ['not-revoked', 'a revoked badge', async () => ({ lists: new Map([[LIST, await world.listOf(COUNTY, [9])]]) })],
  ['not-revoked', 'an index outside the list', () => ({ claims: { status: { idx: 2 ** 21, uri: LIST } } })],
  [
    'not-revoked',
    'a list that has expired',
    async () => ({ lists: new Map([[LIST, await world.listOf(COUNTY, [], NOW - 3 * DAY_SECONDS)]]) }),
  ],
  ['holder-signature-holds', 'another holder', async () => ({ holder: await generateTestKey() })],
  ['binding-covers-what-is-shown', 'a proof over another badge', async () => ({ over: await otherBadge() })],
  ['proof-is-for-this-verifier', 'another audience', () => ({ bound: { aud: 'https://other.example' } })],
  ['proof-answers-this-request', 'another nonce', () => ({ bound: { nonce: 'other' } })],
  ['proof-is-recent', 'an old proof', () => ({ bound: { iat: NOW - 301 } })],
  ['proof-is-recent', 'a proof of the future', () => ({ bound: { iat: NOW + 31 } })],
];

describe('a badge (design §4.1)', () => {
  it('is shown in its own words, with whose word it is', async () => {
    expect(await verifyBadge(await show(), REQUEST, world.trust, world.lists, nodeCrypto)).toEqual({
      code: 'genuine',
      badge: SUBJECT,
      issuer: { id: COUNTY, name: COUNTY },
      attestedOn: '2026-11-17',
    });
  });

  it('is genuine to the last second of every span, and not before the first', async () => {
    const last = { iat: NOW - 1, exp: NOW - 1 + MAX_BADGE_LIFE_SECONDS };
    const spans: readonly Case[] = [
      { claims: last },
      { claims: { exp: NOW + 1 } },
      { claims: { iat: NOW + 30 } },
      { bound: { iat: NOW - 300 } },
      { bound: { iat: NOW + 30 } },
      { request: { timeFloor: NOW + 30 } },
      await at(world.trust.expiresAt - 1, { exp: world.trust.expiresAt }),
    ];
    for (const change of spans) expect(await failedBy(change)).toEqual([]);
  });

  it.each(ALONE)('is no proof when %s fails alone: %s', async (check, _what, change) => {
    expect(await failedBy(await change())).toEqual([check]);
  });

  it.each<[string, readonly string[], () => Case | Promise<Case>]>([
    [
      'of a suspended member',
      ['issuer-key-is-listed', 'issuer-is-a-member', 'not-revoked'],
      async () => ({ trust: await suspending(COUNTY) }),
    ],
    [
      'of nobody',
      ['key-belongs-to-the-issuer', 'issuer-is-a-member', 'not-revoked'],
      () => ({ claims: { iss: 'https://nobody.example' } }),
    ],
    [
      'under a key that nobody lists',
      ['issuer-key-is-listed', 'issuer-signature-holds', 'key-belongs-to-the-issuer'],
      async () => ({ signer: await generateTestKey() }),
    ],
  ])('is no proof %s, for every reason there is', async (_what, checks, change) => {
    expect(await failedBy(await change())).toEqual(checks);
  });

  it('is no proof when a county lets it live for over a year', async () => {
    const [jws = ''] = (await show()).split('~');
    const claims = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as JsonObject;
    const lasting = { ...claims, iat: NOW, exp: NOW + MAX_BADGE_LIFE_SECONDS + 1 };
    const issued = `${await signCompactJws('dc+sd-jwt', lasting, attestKeyOf(COUNTY), nodeCrypto)}~`;
    const answer = { iat: NOW, aud: REQUEST.audience, nonce: REQUEST.nonce, offer: undefined };
    const text = issued + (await signKeyBinding(issued, answer, holder.key, nodeCrypto));
    const facts = await readBadge(text, REQUEST, world.trust, world.lists, nodeCrypto);
    expect(facts && failedBadgeChecks(facts)).toEqual(['badge-in-force']);
  });

  it('is no proof where it is none, or where nobody shows it', async () => {
    const bare = `${(await show()).split('~')[0]}~`;
    for (const text of ['', 'hello', bare, await world.present()]) {
      expect(await readBadge(text, REQUEST, world.trust, world.lists, nodeCrypto)).toBeUndefined();
      const verdict = await verifyBadge(text, REQUEST, world.trust, world.lists, nodeCrypto);
      expect(verdict).toEqual({ code: 'no_proof' });
    }
  });

  it('never maps to a band: no way of the pipeline reads it', async () => {
    expect((await world.verdictOf(await show())).code).toBe('no_proof');
  });

  it('has a case for every check there is', () => {
    // A suspended member's keys and lists fall with it, so that this one never fails alone.
    const told = new Set([...ALONE.map(([check]) => check), 'issuer-is-a-member']);
    expect(BADGE_CHECKS.map(({ name }) => name).toSorted()).toEqual([...told].toSorted());
  });
});
