import { beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson, encodeBase64url, signCompactJws, type JsonObject } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, generateTestKey, SMALL_ALLIANCE, type BuiltAlliance, type BundleChange } from '#libs/testing';
import { acceptBundle } from './accept-bundle.js';
import type { AllianceTrust } from './alliance-trust.js';
import type { Bundle } from './bundle.js';
import { HEAD_TYP, headDigest } from './head.js';
import { readDocumentOf, signDocument } from './signed-document.js';

const NOW = 1_795_000_000;
const RONGCHENG = 'https://rongcheng.example';
let alliance: BuiltAlliance;
let first: AllianceTrust;
beforeAll(async () => {
  alliance = await buildAlliance(SMALL_ALLIANCE, NOW);
  first = await accepted(alliance.bundle);
});

async function accepted(bundle: Bundle, held?: AllianceTrust): Promise<AllianceTrust> {
  const outcome = await acceptBundle({ anchor: alliance.anchor, bundle, held }, nodeCrypto);
  if (!outcome.ok) throw new Error(`refused: ${outcome.fault} at ${outcome.at}`);
  return outcome.value;
}

async function faultOf(bundle: Bundle, held?: AllianceTrust): Promise<string> {
  const outcome = await acceptBundle({ anchor: alliance.anchor, bundle, held }, nodeCrypto);
  return outcome.ok ? 'accepted' : outcome.fault;
}

const changed = (change: BundleChange, iat = NOW + 60) => alliance.headAt(iat, change);

async function tableDigest(): Promise<string> {
  return alliance.digestOf('table', 'rongcheng-table-1');
}

describe('a head under its delegation and round (docs/wire.md, Head)', () => {
  it.each([
    ['HEAD_EPOCH_WRONG', { epoch: 2 }],
    ['HEAD_ROUND_WRONG', { round: 2 }],
    ['HEAD_ROUND_WRONG', { docs_root: 'A'.repeat(43) }],
    ['HEAD_OUTSIDE_ROUND', { iat: NOW + 30 * 86_400, exp: NOW + 31 * 86_400 }],
  ])('is refused with %s for %j', async (fault, head) => {
    expect(await faultOf(await changed({ head }))).toBe(fault);
  });

  it('is refused when it dates from after the delegation', async () => {
    const delegation = { exp: NOW + 50 };
    expect(await faultOf(await changed({ delegation }, NOW + 49))).toBe('accepted');
    expect(await faultOf(await changed({ delegation }, NOW + 50))).toBe('HEAD_OUTSIDE_ROUND');
  });

  it('lives seven days at most', async () => {
    const { keys } = alliance;
    const sign = async (exp: number): Promise<Bundle> => {
      const { payload } = await headOf(alliance.bundle);
      return { ...alliance.bundle, head: await signCompactJws(HEAD_TYP, { ...payload, exp }, keys.online, nodeCrypto) };
    };
    expect(await faultOf(await sign(NOW + 7 * 86_400))).toBe('accepted');
    expect(await faultOf(await sign(NOW + 7 * 86_400 + 1))).toBe('HEAD_MALFORMED');
    expect(await faultOf(await sign(NOW))).toBe('HEAD_MALFORMED');
  });

  it('has exactly its members and its typ', async () => {
    const { payload } = await headOf(alliance.bundle);
    const { online } = alliance.keys;
    const extra = await signCompactJws(HEAD_TYP, { ...payload, more: 1 }, online, nodeCrypto);
    const otherTyp = await signCompactJws('xinqiao-round+jwt', payload, online, nodeCrypto);
    expect(await faultOf({ ...alliance.bundle, head: extra })).toBe('HEAD_MALFORMED');
    expect(await faultOf({ ...alliance.bundle, head: otherTyp })).toBe('HEAD_MALFORMED');
    expect(await faultOf({ ...alliance.bundle, head: 'x' })).toBe('HEAD_MALFORMED');
  });

  it('has a header of exactly alg, kid and typ', async () => {
    const { online } = alliance.keys;
    const [, payload] = alliance.bundle.head.split('.');
    const sign = async (extra: object): Promise<string> => {
      const header = { alg: 'ES256', kid: online.kid, typ: HEAD_TYP, ...extra };
      const signingInput = `${encodeBase64url(canonicalJson(header))}.${payload}`;
      return `${signingInput}.${encodeBase64url(await nodeCrypto.sign(online.key, signingInput))}`;
    };
    expect(await faultOf({ ...alliance.bundle, head: await sign({}) })).toBe('accepted');
    expect(await faultOf({ ...alliance.bundle, head: await sign({ jku: 'https://a.example' }) })).toBe(
      'HEAD_MALFORMED',
    );
  });

  it('is signed by the online key and no other, officers and roots included', async () => {
    const { payload } = await headOf(alliance.bundle);
    for (const key of [alliance.keys.officers[0], alliance.keys.roots[0], await generateTestKey()]) {
      const head = await signCompactJws(HEAD_TYP, payload, key, nodeCrypto);
      expect(await faultOf({ ...alliance.bundle, head })).toBe('HEAD_KEY_UNKNOWN');
    }
    const stranger = await generateTestKey();
    const posing = { ...stranger, kid: alliance.keys.online.kid };
    const head = await signCompactJws(HEAD_TYP, payload, posing, nodeCrypto);
    expect(await faultOf({ ...alliance.bundle, head })).toBe('SIGNATURE_INVALID');
  });

  it('suspends at least what its round suspends', async () => {
    const suspended = [await tableDigest()];
    expect(await faultOf(await changed({ round: { suspended } }))).toBe('accepted');
    expect(await faultOf(await changed({ round: { suspended }, head: { suspended: [] } }))).toBe('SUSPENSION_DROPPED');
  });
});

describe('a head against the last accepted one (docs/wire.md, Head; design §4.5)', () => {
  it('may follow it, and may skip heads that this gate never saw', async () => {
    expect(await faultOf(await changed({}), first)).toBe('accepted');
    const skipping = await changed({ head: { seq: 7, prev: 'A'.repeat(43) } });
    expect(await faultOf(skipping, first)).toBe('accepted');
  });

  it('names the last one in prev when it is the successor', async () => {
    expect(await faultOf(await changed({ head: { prev: 'A'.repeat(43) } }), first)).toBe('PREV_WRONG');
    expect(await faultOf(await changed({ head: { prev: '' } }), first)).toBe('PREV_WRONG');
  });

  it('is refused as a rollback when seq is lower', async () => {
    const later = await accepted(await changed({ head: { seq: 5 } }), first);
    expect(await faultOf(await changed({ head: { seq: 4 } }), later)).toBe('SEQ_LOWER');
    expect(await faultOf(alliance.bundle, later)).toBe('SEQ_LOWER');
  });

  it('is refused as equivocation when another head has the same seq', async () => {
    const twin = await changed({ head: { seq: 1, prev: '' } });
    expect(await faultOf(twin, first)).toBe('HEAD_EQUIVOCATION');
    expect(await faultOf(alliance.bundle, first)).toBe('accepted');
  });

  it('cannot bring back an older round and its documents under a higher seq', async () => {
    const later = await accepted(await changed({ round: { round: 2 } }), first);
    expect(await faultOf(await changed({ head: { seq: 3, prev: later.headDigest } }), later)).toBe('ROUND_LOWER');
  });

  it('cannot use another round of the same number', async () => {
    const twin = await changed({ round: { exp: NOW + 29 * 86_400 } });
    expect(await faultOf(twin, first)).toBe('ROUND_CHANGED');
  });

  it('cannot drop a suspension within one round; a new round by two officers lifts it', async () => {
    const suspended = [await tableDigest()];
    const suspending = await accepted(await changed({ head: { suspended } }), first);
    const next = { seq: 3, prev: suspending.headDigest };
    expect(await faultOf(await changed({ head: next }), suspending)).toBe('SUSPENSION_DROPPED');
    expect(await faultOf(await changed({ head: { ...next, suspended } }), suspending)).toBe('accepted');
    expect(await faultOf(await changed({ head: next, round: { round: 2 } }), suspending)).toBe('accepted');
  });
});

describe('the online key alone (design §1.4: a hot key can only subtract)', () => {
  it('signs no round', async () => {
    const { online, officers } = alliance.keys;
    const read = await readDocumentOf('round', alliance.bundle.round, nodeCrypto);
    if (!read.ok) throw new Error(read.fault);
    for (const signers of [[online], [online, officers[0]]]) {
      const round = await signDocument('round', { ...read.value.payload, round: 2 }, signers, nodeCrypto);
      expect(await faultOf({ ...alliance.bundle, round })).toBe('SIGNATURES_MISSING');
    }
  });

  it('publishes no other documents: neither fewer nor more nor others than the round signed', async () => {
    const { documents } = alliance.bundle;
    expect(await faultOf({ ...alliance.bundle, documents: documents.slice(1) })).toBe('DOCS_ROOT_WRONG');
    const member = alliance.plan.members[0];
    if (member === undefined) throw new Error('planned');
    const newer = await alliance.sign('member', { ...member, version: 2 });
    expect(await faultOf({ ...alliance.bundle, documents: [...documents, newer] })).toBe('DOCS_ROOT_WRONG');
    expect(await faultOf({ ...alliance.bundle, documents: [...documents.slice(1), newer] })).toBe('DOCS_ROOT_WRONG');
  });
});

describe('epochs (design §4.5)', () => {
  const stolen = { seq: Number.MAX_SAFE_INTEGER, prev: 'A'.repeat(43) };

  it('recover from a stolen online key that ran seq to its maximum, and from rounds that ran ahead', async () => {
    const ahead = await accepted(await changed({ head: stolen, round: { round: Number.MAX_SAFE_INTEGER } }), first);
    const online = await generateTestKey();
    const recovery = await changed({ delegation: { epoch: 2 }, online, head: { seq: 1, prev: '' } });
    const recovered = await accepted(recovery, ahead);
    expect([recovered.epoch, recovered.seq, recovered.round]).toEqual([2, 1, 1]);
    expect(await faultOf(await changed({ head: stolen }), recovered)).toBe('EPOCH_LOWER');
    const oldKey = { ...recovery, head: (await changed({ delegation: { epoch: 2 } })).head };
    expect(await faultOf(oldKey, recovered)).toBe('HEAD_KEY_UNKNOWN');
  });

  it('have one delegation each', async () => {
    const online = await generateTestKey();
    expect(await faultOf(await changed({ online }), first)).toBe('DELEGATION_CHANGED');
  });

  it('bind their rounds', async () => {
    const bundle = await changed({ delegation: { epoch: 2 } });
    expect(await faultOf({ ...bundle, round: alliance.bundle.round })).toBe('ROUND_EPOCH_WRONG');
  });
});

describe('suspension by the online key (design §4.5)', () => {
  it('of a member silences its keys and all that rests on it, at once', async () => {
    const suspended = [await alliance.digestOf('member', RONGCHENG)];
    const trust = await accepted(await changed({ head: { suspended } }), first);
    const fingerprint = alliance.plan.schemes[0]?.fingerprint ?? '';
    expect(trust.member(RONGCHENG)).toMatchObject({ suspended: true, inert: false });
    expect(trust.scheme('rongcheng', fingerprint)).toMatchObject({ suspended: true, inert: true });
    expect(trust.tableVersions('rongcheng', fingerprint)[0]).toMatchObject({ suspended: true, inert: true });
    expect(trust.key(alliance.keys.member(RONGCHENG).attest.kid)?.suspended).toBe(true);
    expect(trust.offer('rugao-free-aa')?.suspended).toBe(false);
  });
});

async function headOf(bundle: Bundle): Promise<{ readonly payload: JsonObject; readonly digest: string }> {
  const [, part] = bundle.head.split('.');
  const payload = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')) as JsonObject;
  return { payload, digest: await headDigest(bundle.head, nodeCrypto) };
}
