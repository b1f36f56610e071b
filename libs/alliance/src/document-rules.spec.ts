import { beforeAll, describe, expect, it } from '@jest/globals';
import { jwkThumbprint, type CryptoPort } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import {
  buildAlliance,
  generateTestKey,
  SMALL_ALLIANCE,
  type AlliancePlan,
  type BuiltAlliance,
  type BundleChange,
} from '#libs/testing';
import { acceptBundle } from './accept-bundle.js';
import type { AllianceTrust } from './alliance-trust.js';
import type { Bundle } from './bundle.js';
import type { KeyStatus, MemberPayload, PurposeKey } from './payloads.js';
import { addSignature, type SignedDocument } from './signed-document.js';

const NOW = 1_795_000_000;
const RONGCHENG = 'https://rongcheng.example';
const RUGAO = 'https://rugao.example';
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

async function faultOfPlan(plan: AlliancePlan): Promise<string> {
  const built = await buildAlliance({ ...SMALL_ALLIANCE, ...plan }, NOW);
  const outcome = await acceptBundle({ anchor: built.anchor, bundle: built.bundle }, nodeCrypto);
  return outcome.ok ? 'accepted' : outcome.fault;
}

/** A later round with other documents: those that `replaced` names by digest left out, `added` added. */
async function nextRound(
  replaced: readonly string[],
  added: readonly SignedDocument[],
  change: BundleChange = {},
): Promise<Bundle> {
  const kept = [...first.documents.values()]
    .filter(({ digest }) => !replaced.includes(digest))
    .map(({ signed }) => signed);
  return alliance.headAt(NOW + 60, { round: { round: 2 }, documents: [...kept, ...added], ...change });
}

function member(id: string): Omit<MemberPayload, 'type'> {
  const found = alliance.plan.members.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

async function nextMember(id: string, keys: readonly PurposeKey[]): Promise<Bundle> {
  const newer = await alliance.sign('member', { ...member(id), version: 2, keys });
  return nextRound([await alliance.digestOf('member', id)], [newer]);
}

const withStatus = (id: string, status: KeyStatus) =>
  member(id).keys.map((key) => (key.purpose === 'statement' ? { ...key, status } : key));
const tables = (trust: AllianceTrust) =>
  trust
    .tableVersions('rongcheng', alliance.plan.schemes[0]?.fingerprint ?? '')
    .map(({ payload, suspended, inert }) => ({
      version: payload.version,
      suspended,
      inert,
    }));

describe('a signer whose key changed (design §4.5)', () => {
  it('compromised: what it had to sign is inert from the next head on, and does not stop that head', async () => {
    for (const held of [undefined, first]) {
      const trust = await accepted(await nextMember(RONGCHENG, withStatus(RONGCHENG, 'compromised')), held);
      expect(trust.member(RONGCHENG)).toMatchObject({ suspended: false, payload: { version: 2 } });
      expect(trust.scheme('rongcheng', alliance.plan.schemes[0]?.fingerprint ?? '')).toMatchObject({
        suspended: true,
        inert: true,
      });
      expect(tables(trust)).toEqual([{ version: 1, suspended: true, inert: true }]);
      expect(trust.offer('rugao-free-aa')?.suspended).toBe(false);
    }
  });

  it('compromised, of the host county: its partner and that partner’s offers are inert, its keys silent', async () => {
    const trust = await accepted(await nextMember(RUGAO, withStatus(RUGAO, 'compromised')), first);
    expect(trust.partner('rugao-spot')?.inert).toBe(true);
    expect(trust.offer('rugao-free-aa')?.inert).toBe(true);
    expect(trust.key(alliance.keys.partner('rugao-spot').receipt.kid)?.suspended).toBe(true);
  });

  it('compromised, then signed anew with another key: in force again', async () => {
    const key = await generateTestKey();
    const keys = withStatus(RUGAO, 'compromised').concat({
      jwk: key.publicJwk,
      alg: 'ES256',
      purpose: 'statement',
      status: 'active',
    });
    const inert = await accepted(await nextMember(RUGAO, keys), first);
    expect(inert.partner('rugao-spot')?.inert).toBe(true);
    const documents: SignedDocument[] = [];
    for (const { type, signed } of inert.documents.values())
      documents.push(
        type === 'partner' || type === 'offer' ? await addSignature(signed, type, key, nodeCrypto) : signed,
      );
    const renewed = await alliance.headAt(NOW + 120, {
      documents,
      round: { round: 3 },
      head: { seq: 3, prev: inert.headDigest },
    });
    const trust = await accepted(renewed, inert);
    expect(trust.partner('rugao-spot')?.suspended).toBe(false);
    expect(trust.offer('rugao-free-aa')?.suspended).toBe(false);
  });

  it('retired: what it signed stays in force', async () => {
    const trust = await accepted(await nextMember(RONGCHENG, withStatus(RONGCHENG, 'retired')), first);
    expect(tables(trust)).toEqual([{ version: 1, suspended: false, inert: false }]);
  });

  it('removed: what it signed has no signature any more, held or not', async () => {
    const bundle = await nextMember(
      RONGCHENG,
      member(RONGCHENG).keys.filter(({ purpose }) => purpose !== 'statement'),
    );
    expect(await faultOf(bundle)).toBe('SIGNATURES_MISSING');
    expect(await faultOf(bundle, first)).toBe('SIGNATURES_MISSING');
  });

  it('an officer left out of a new delegation: the same, held or not', async () => {
    const officers = first.delegation.officers.slice(1);
    const bundle = await alliance.headAt(NOW + 60, { delegation: { epoch: 2, officers } });
    expect(await faultOf(bundle, first)).toBe('SIGNATURES_MISSING');
  });
});

describe('a key that this verifier cannot check (a suite its port lacks)', () => {
  const portWithout = (kids: readonly { readonly publicJwk: PurposeKey['jwk'] }[]): CryptoPort => ({
    ...nodeCrypto,
    importPublicKey: async (suite, jwk) => {
      if (kids.some(({ publicJwk }) => publicJwk.x === jwk.x)) throw new TypeError('not a suite of this port');
      return nodeCrypto.importPublicKey(suite, jwk);
    },
  });
  const take = (port: CryptoPort, held?: AllianceTrust) =>
    acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle, held }, port);

  it('makes what it had to sign inert, and stops nothing else', async () => {
    const port = portWithout([alliance.keys.member(RONGCHENG).statement]);
    const outcome = await take(port);
    if (!outcome.ok) throw new Error(outcome.fault);
    expect(tables(outcome.value)).toEqual([{ version: 1, suspended: true, inert: true }]);
    expect(outcome.value.offer('rugao-free-aa')?.suspended).toBe(false);
    const again = await take(port, outcome.value);
    expect(again.ok && tables(again.value)).toEqual([{ version: 1, suspended: true, inert: true }]);
  });

  it('signs no delegation and no round', async () => {
    expect(await take(portWithout([alliance.keys.roots[0]]))).toMatchObject({
      fault: 'SIGNATURES_MISSING',
      at: 'delegation',
    });
    expect(await take(portWithout([alliance.keys.officers[0]]))).toMatchObject({
      fault: 'SIGNATURES_MISSING',
      at: 'round',
    });
  });
});

describe('one key, one purpose, one owner (design §4)', () => {
  const entry = (key: { readonly publicJwk: PurposeKey['jwk'] }, purpose: PurposeKey['purpose']): PurposeKey => ({
    jwk: key.publicJwk,
    alg: 'ES256',
    purpose,
    status: 'active',
  });

  it('refuses a key of another member or partner, of an officer, of a root, or the online key', async () => {
    const { keys } = alliance;
    const foreign = [keys.member(RUGAO).attest, keys.partner('rugao-spot').receipt, keys.officers[2]];
    for (const key of [...foreign, keys.roots[2], keys.online])
      expect(await faultOf(await nextMember(RONGCHENG, [...member(RONGCHENG).keys, entry(key, 'receipt')]))).toBe(
        'KEY_SHARED',
      );
    const fresh = entry(await generateTestKey(), 'receipt');
    expect(await faultOf(await nextMember(RONGCHENG, [...member(RONGCHENG).keys, fresh]))).toBe('accepted');
  });

  it('keeps a point off its curve from signing anything, without failing the rest', async () => {
    const good = await generateTestKey();
    if (good.publicJwk.kty !== 'EC') throw new Error('ES256');
    const off = { publicJwk: { ...good.publicJwk, y: good.publicJwk.x } };
    const trust = await accepted(await nextMember(RONGCHENG, [...member(RONGCHENG).keys, entry(off, 'attest')]));
    const key = trust.key(await jwkThumbprint(off.publicJwk, nodeCrypto));
    const imported = await key?.verificationKey();
    if (imported === undefined) throw new Error('listed');
    expect(await nodeCrypto.verify(imported, 'x', new Uint8Array(64))).toBe(false);
  });
});

describe('the documents under a docs_root (docs/wire.md)', () => {
  it('are each there once, and none is a delegation or round', async () => {
    const { documents } = alliance.bundle;
    expect(await faultOf({ ...alliance.bundle, documents: [...documents, ...documents.slice(0, 1)] })).toBe(
      'DOCUMENT_TWICE',
    );
    expect(await faultOf({ ...alliance.bundle, documents: [...documents, alliance.bundle.round] })).toBe(
      'DOCUMENT_TYPE_WRONG',
    );
  });

  it('are refused when one cannot be read', async () => {
    const { documents } = alliance.bundle;
    const unreadable = { payload: 'AAAA', signatures: [] };
    expect(await faultOf({ ...alliance.bundle, documents: [...documents, unreadable] })).toBe('PAYLOAD_MALFORMED');
  });

  it('have one version of each (type, id)', async () => {
    const newer = await alliance.sign('member', { ...member(RONGCHENG), version: 2, keys: [] });
    expect(await faultOf(await nextRound([], [newer]))).toBe('VERSION_AMBIGUOUS');
  });

  it('rest on documents that are there', async () => {
    const drop = async (type: 'partner' | 'agreement' | 'member', id: string) =>
      faultOf(await nextRound([await alliance.digestOf(type, id)], []));
    expect(await drop('agreement', 'lv')).toBe('REFERENCE_MISSING');
    expect(await drop('partner', 'rugao-spot')).toBe('REFERENCE_MISSING');
    expect(await drop('member', RUGAO)).toBe('REFERENCE_MISSING');
    expect(await drop('member', RONGCHENG)).toBe('REFERENCE_MISSING');
  });

  it('have one scheme for each fingerprint, and one owner for each scheme id', async () => {
    const [declared] = alliance.plan.schemes;
    if (declared === undefined) throw new Error('planned');
    const fingerprint = 'AAAAAAAAAAAAAAAAAAAAAA';
    const renewed = await alliance.sign('scheme', { ...declared, fingerprint });
    expect(await faultOf(await nextRound([], [renewed]))).toBe('accepted');
    const renamed = await alliance.sign('scheme', { ...declared, name: { zh: '改名' } });
    expect(await faultOf(await nextRound([], [renamed]))).toBe('VERSION_AMBIGUOUS');
    const stolen = await alliance.sign('scheme', { ...declared, member: RUGAO, fingerprint });
    expect(await faultOf(await nextRound([], [stolen]))).toBe('SCHEME_OWNER_DIFFERS');
  });

  it('list a status list once: no member takes another’s place at it, whichever comes first', async () => {
    const lists = member(RONGCHENG).statusLists;
    expect(lists).toHaveLength(1);
    const shared = await alliance.sign('member', { ...member(RUGAO), version: 2, statusLists: lists });
    const { documents, ...parts } = await nextRound([await alliance.digestOf('member', RUGAO)], [shared]);
    for (const each of [documents, documents.toReversed()])
      expect(await faultOf({ ...parts, documents: each })).toBe('STATUS_LIST_SHARED');
  });

  it('say the same in whatever order they come', async () => {
    const { documents, ...parts } = alliance.bundle;
    const reversed = await accepted({ ...parts, documents: documents.toReversed() });
    expect(reversed.docsRoot).toBe(first.docsRoot);
    expect(new Map(reversed.documents)).toEqual(new Map(first.documents));
  });

  it('make an offer withdrawn whose agreement is, and a table whose scheme is', async () => {
    const suspended = [await alliance.digestOf('agreement', 'lv'), await alliance.digestOf('scheme', 'rongcheng')];
    const trust = await accepted(await alliance.headAt(NOW + 60, { head: { suspended } }), first);
    expect(trust.offer('rugao-free-aa')).toMatchObject({ suspended: true, inert: true });
    expect(tables(trust)).toEqual([{ version: 1, suspended: true, inert: true }]);
    expect(trust.partner('rugao-spot')?.suspended).toBe(false);
  });
});

describe('table versions (design §4.4)', () => {
  const scheme = { id: 'rongcheng' };
  const from = (version: number, effectiveFrom: string, id = `t${version}`) => ({ scheme, version, effectiveFrom, id });

  it('start one after the other, in the order of their versions', async () => {
    expect(await faultOfPlan({ tables: [from(2, '2026-06-01'), from(1, '2026-01-01')] })).toBe('accepted');
    expect(await faultOfPlan({ tables: [from(1, '2026-06-01'), from(2, '2026-01-01')] })).toBe('TABLE_ORDER_WRONG');
    expect(await faultOfPlan({ tables: [from(1, '2026-01-01'), from(2, '2026-01-01')] })).toBe('TABLE_ORDER_WRONG');
    expect(await faultOfPlan({ tables: [from(1, '2026-01-01'), from(1, '2026-06-01', 'x')] })).toBe(
      'VERSION_AMBIGUOUS',
    );
  });

  async function secondVersion(map: Readonly<Record<string, 'AA' | 'A'>>): Promise<SignedDocument> {
    const table = alliance.plan.tables[0];
    if (table === undefined) throw new Error('planned');
    return alliance.sign('table', { ...table, id: 'second', version: 2, effectiveFrom: '2026-06-01', map });
  }

  it('all stay: a suspended or inert one is still there to end its predecessor', async () => {
    const trust = await accepted(await nextRound([], [await secondVersion({ AA: 'A' })]), first);
    expect(tables(trust).map(({ version }) => version)).toEqual([1, 2]);
    const digest = [...trust.documents.keys()].find((each) => !first.documents.has(each)) ?? '';
    const kept = [...trust.documents.values()].map(({ signed }) => signed);
    const next = { seq: 3, prev: trust.headDigest, suspended: [digest] };
    const suspending = await alliance.headAt(NOW + 90, { documents: kept, round: { round: 2 }, head: next });
    expect(tables(await accepted(suspending, trust))).toEqual([
      { version: 1, suspended: false, inert: false },
      { version: 2, suspended: true, inert: false },
    ]);
  });

  it('cannot be taken back by two officers: the older, wider version would stand again', async () => {
    const trust = await accepted(await nextRound([], [await secondVersion({ AA: 'A' })]), first);
    const without = await nextRound([], [], { round: { round: 3 }, head: { seq: 3, prev: trust.headDigest } });
    expect(await faultOf(without, trust)).toBe('DOCUMENT_DROPPED');
    const other = await nextRound([], [await secondVersion({ AA: 'AA' })], {
      round: { round: 3 },
      head: { seq: 3, prev: trust.headDigest },
    });
    expect(await faultOf(other, trust)).toBe('DOCUMENT_DROPPED');
  });
});

describe('versions within an epoch', () => {
  const later = { round: { round: 3 }, head: { seq: 3 } };
  const offer = (version: number, percent: number) => {
    const content = alliance.plan.offers[1];
    if (content === undefined) throw new Error('planned');
    return alliance.sign('offer', { ...content, version, effect: { kind: 'percent_off', percent } });
  };

  it('neither go back nor change their meaning, and no document disappears', async () => {
    const replaced = [await alliance.digestOf('offer', 'rugao-half-a')];
    const trust = await accepted(await nextRound(replaced, [await offer(2, 40)]), first);
    const head = { seq: 3, prev: trust.headDigest };
    expect(await faultOf(await nextRound(replaced, [await offer(3, 30)], { ...later, head }), trust)).toBe('accepted');
    expect(await faultOf(await nextRound(replaced, [await offer(2, 60)], { ...later, head }), trust)).toBe(
      'VERSION_REUSED',
    );
    expect(await faultOf(await nextRound([], [], { ...later, head }), trust)).toBe('VERSION_LOWER');
    // Left out now, an older version of it could come back in the round after.
    expect(await faultOf(await nextRound(replaced, [], { ...later, head }), trust)).toBe('DOCUMENT_DROPPED');
  });

  it('are of a scheme its fingerprint: under one its content stays', async () => {
    const [declared] = alliance.plan.schemes;
    if (declared === undefined) throw new Error('planned');
    const renamed = await alliance.sign('scheme', { ...declared, name: { zh: '改名' } });
    const bundle = await nextRound([await alliance.digestOf('scheme', declared.id)], [renamed]);
    expect(await faultOf(bundle)).toBe('accepted');
    expect(await faultOf(bundle, first)).toBe('VERSION_REUSED');
  });

  it('begin anew with an epoch, which takes the roots', async () => {
    const replaced = [await alliance.digestOf('offer', 'rugao-half-a')];
    const trust = await accepted(await nextRound(replaced, [await offer(2, 40)]), first);
    const recovery = await alliance.headAt(NOW + 90, { delegation: { epoch: 2 }, head: { seq: 1, prev: '' } });
    expect(await faultOf(recovery, trust)).toBe('accepted');
  });
});
