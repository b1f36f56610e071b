import { beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson, encodeBase64url, signDetachedJws, type Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, generateTestKey, SMALL_ALLIANCE, type BuiltAlliance } from '#libs/testing';
import { acceptBundle } from './accept-bundle.js';
import { DOCUMENT_TYPES, type DocumentType } from './payloads.js';
import { readDocument, signDocument, type SignedDocument } from './signed-document.js';
import { verifyDelegation, verifyRound } from './verify-delegation.js';

const NOW = 1_795_000_000;
const RONGCHENG = 'https://rongcheng.example';
const RUGAO = 'https://rugao.example';
let alliance: BuiltAlliance;
let byType: ReadonlyMap<DocumentType, SignedDocument>;
beforeAll(async () => {
  alliance = await buildAlliance(SMALL_ALLIANCE, NOW);
  const entries = new Map<DocumentType, SignedDocument>();
  for (const document of alliance.bundle.documents) {
    const read = await readDocument(document, nodeCrypto);
    if (!read.ok) throw new Error(read.fault);
    for (const type of DOCUMENT_TYPES) if (type === read.value.type) entries.set(type, document);
  }
  byType = entries;
});

/** The bundle with one document signed by exactly these keys. */
async function faultWith(type: DocumentType, signers: readonly Signer[]): Promise<string> {
  const original = byType.get(type);
  if (original === undefined) throw new Error(`no ${type}`);
  const signatures = await Promise.all(
    signers.map((each) => signDetachedJws(`xinqiao-${type}+jwt`, original.payload, each, nodeCrypto)),
  );
  const documents = alliance.bundle.documents.map((document) =>
    document === original ? { payload: document.payload, signatures } : document,
  );
  const outcome = await acceptBundle(
    { anchor: alliance.anchor, bundle: { ...alliance.bundle, documents } },
    nodeCrypto,
  );
  return outcome.ok ? 'accepted' : outcome.fault;
}

/** Everybody who signs something, by a short name. */
function signer(name: string): Signer {
  const { keys } = alliance;
  const named: Readonly<Record<string, Signer>> = {
    'officer-1': keys.officers[0],
    'officer-2': keys.officers[1],
    'officer-3': keys.officers[2],
    online: keys.online,
    root: keys.roots[0],
    rongcheng: keys.member(RONGCHENG).statement,
    'rongcheng attest': keys.member(RONGCHENG).attest,
    rugao: keys.member(RUGAO).statement,
    spot: keys.partner('rugao-spot').statement,
    'spot receipt': keys.partner('rugao-spot').receipt,
  };
  const found = named[name];
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
}

describe('who must sign what (docs/wire.md, "signed by")', () => {
  it.each<[DocumentType, readonly string[], string]>([
    ['member', ['officer-1', 'officer-3'], 'accepted'],
    ['member', ['officer-1', 'officer-1'], 'SIGNATURES_MISSING'],
    ['member', ['officer-1', 'online'], 'SIGNATURES_MISSING'],
    ['member', ['officer-1', 'root'], 'SIGNATURES_MISSING'],
    ['member', ['officer-1', 'rongcheng'], 'SIGNATURES_MISSING'],
    ['member', [], 'SIGNATURES_MISSING'],
    ['agreement', ['officer-2', 'officer-3'], 'accepted'],
    ['agreement', ['officer-2'], 'SIGNATURES_MISSING'],
    ['partner', ['rugao', 'officer-2'], 'accepted'],
    ['partner', ['rugao', 'rongcheng'], 'SIGNATURES_MISSING'],
    ['partner', ['officer-1', 'officer-2'], 'SIGNATURES_MISSING'],
    ['partner', ['rongcheng', 'officer-1'], 'SIGNATURES_MISSING'],
    ['partner', ['spot', 'officer-1'], 'SIGNATURES_MISSING'],
    ['scheme', ['rongcheng', 'officer-3'], 'accepted'],
    ['scheme', ['rongcheng attest', 'officer-3'], 'SIGNATURES_MISSING'],
    ['scheme', ['rugao', 'officer-3'], 'SIGNATURES_MISSING'],
    ['table', ['rongcheng', 'officer-2', 'officer-3'], 'accepted'],
    ['table', ['rongcheng', 'officer-2'], 'SIGNATURES_MISSING'],
    ['table', ['officer-1', 'officer-2', 'officer-3'], 'SIGNATURES_MISSING'],
    ['table', ['rugao', 'officer-1', 'officer-2'], 'SIGNATURES_MISSING'],
    ['offer', ['spot', 'rugao'], 'accepted'],
    ['offer', ['spot', 'officer-1', 'officer-2'], 'SIGNATURES_MISSING'],
    ['offer', ['rugao', 'officer-1'], 'SIGNATURES_MISSING'],
    ['offer', ['spot receipt', 'rugao'], 'SIGNATURES_MISSING'],
    ['offer', ['spot', 'rongcheng'], 'SIGNATURES_MISSING'],
  ])('%s signed by %j is %s', async (type, names, expected) => {
    expect(await faultWith(type, names.map(signer))).toBe(expected);
  });

  it('refuses an invalid signature by a listed key even where enough others are valid', async () => {
    const posing = { ...(await generateTestKey()), kid: signer('officer-3').kid };
    const enough = [signer('officer-1'), signer('officer-2')];
    expect(await faultWith('member', [...enough, posing])).toBe('SIGNATURE_INVALID');
    expect(await faultWith('member', [...enough, await generateTestKey()])).toBe('accepted');
  });

  it('refuses a signature whose header says more than alg, kid and typ', async () => {
    const document = byType.get('member');
    if (document === undefined) throw new Error('planned');
    const [one, two] = alliance.keys.officers;
    const sign = async (key: Signer, extra: object): Promise<string> => {
      const header = { alg: 'ES256', kid: key.kid, typ: 'xinqiao-member+jwt', ...extra };
      const protectedPart = encodeBase64url(canonicalJson(header));
      const signature = await nodeCrypto.sign(key.key, `${protectedPart}.${document.payload}`);
      return `${protectedPart}..${encodeBase64url(signature)}`;
    };
    const faultFor = async (extra: object): Promise<string> => {
      const signatures = [await sign(one, {}), await sign(two, extra)];
      const documents = alliance.bundle.documents.map((each) => (each === document ? { ...each, signatures } : each));
      const bundle = { ...alliance.bundle, documents };
      const outcome = await acceptBundle({ anchor: alliance.anchor, bundle }, nodeCrypto);
      return outcome.ok ? 'accepted' : outcome.fault;
    };
    expect(await faultFor({})).toBe('accepted');
    expect(await faultFor({ cty: 'x' })).toBe('SIGNATURE_MALFORMED');
  });

  it('refuses a signature over the payload made for another type', async () => {
    const original = byType.get('member');
    if (original === undefined) throw new Error('planned');
    const wrong = await signDetachedJws('xinqiao-agreement+jwt', original.payload, signer('officer-3'), nodeCrypto);
    const documents = alliance.bundle.documents.map((document) =>
      document === original ? { ...document, signatures: [...document.signatures, wrong] } : document,
    );
    const outcome = await acceptBundle(
      { anchor: alliance.anchor, bundle: { ...alliance.bundle, documents } },
      nodeCrypto,
    );
    expect(outcome).toMatchObject({ ok: false, fault: 'SIGNATURE_MALFORMED' });
  });
});

describe('two organisations (docs/wire.md)', () => {
  const officersOf = (organisations: readonly string[]) => ({
    officers: alliance.keys.officers.map((key, index) => ({
      jwk: key.publicJwk,
      alg: 'ES256' as const,
      organisation: organisations[index] ?? '',
    })),
  });

  async function faultUnder(organisations: readonly string[]): Promise<string> {
    const bundle = await alliance.headAt(NOW, { delegation: officersOf(organisations) });
    const outcome = await acceptBundle({ anchor: alliance.anchor, bundle }, nodeCrypto);
    return outcome.ok ? 'accepted' : `${outcome.fault} ${outcome.at.split(':')[0]}`;
  }

  it('are not two officers of one', async () => {
    expect(await faultUnder(['one', 'two', 'three'])).toBe('accepted');
    expect(await faultUnder(['one', 'one', 'three'])).toBe('SIGNATURES_MISSING round');
  });

  it('are not a county and its own officer', async () => {
    expect(await faultUnder([RUGAO, 'two', 'three'])).toBe('SIGNATURES_MISSING document');
  });

  it('are not a partner and a host county that are one: no partner can bear the id of a member', async () => {
    const plan = { ...SMALL_ALLIANCE, partners: [{ id: RUGAO, hostCounty: RUGAO }], offers: [] };
    await expect(buildAlliance(plan, NOW)).rejects.toThrow(TypeError);
  });
});

describe('delegation (design §4.5: two of three roots)', () => {
  const content = () => ({
    epoch: 1,
    iat: NOW,
    exp: NOW + 1_000,
    online: { jwk: alliance.keys.online.publicJwk, alg: 'ES256' as const },
    officers: alliance.keys.officers.map((key, index) => ({
      jwk: key.publicJwk,
      alg: 'ES256' as const,
      organisation: `officer-${index + 1}`,
    })),
  });
  const verified = async (signers: readonly Signer[], change: Partial<ReturnType<typeof content>> = {}) => {
    const document = await signDocument('delegation', { ...content(), ...change }, signers, nodeCrypto);
    const outcome = await verifyDelegation(document, alliance.anchor, nodeCrypto);
    return outcome.ok ? 'verified' : outcome.fault;
  };

  it('takes two roots of different organisations, any two', async () => {
    const [one, two, three] = alliance.keys.roots;
    expect(await verified([one, three])).toBe('verified');
    expect(await verified([two])).toBe('SIGNATURES_MISSING');
    expect(await verified([one, alliance.keys.officers[0], alliance.keys.online])).toBe('SIGNATURES_MISSING');
  });

  it('takes two organisations, not two keys of one', async () => {
    const [one, two, three] = alliance.keys.roots;
    const document = await signDocument('delegation', content(), [one, two], nodeCrypto);
    const [first, second, third] = alliance.anchor.keys;
    if (!first || !second || !third) throw new Error('three roots');
    const anchor = { version: 1, threshold: 2, keys: [first, { ...second, organisation: first.organisation }, third] };
    expect(await verifyDelegation(document, anchor, nodeCrypto)).toEqual({ ok: false, fault: 'SIGNATURES_MISSING' });
    const other = await signDocument('delegation', content(), [one, three], nodeCrypto);
    expect(await verifyDelegation(other, anchor, nodeCrypto)).toMatchObject({ ok: true });
  });

  it('gives no key two purposes', async () => {
    const roots = alliance.keys.roots.slice(0, 2);
    const { officers } = content();
    const [officer] = officers;
    const root = { jwk: alliance.keys.roots[2].publicJwk, alg: 'ES256' as const };
    if (officer === undefined) throw new Error('three officers');
    expect(await verified(roots, { online: { jwk: officer.jwk, alg: 'ES256' } })).toBe('KEY_SHARED');
    expect(await verified(roots, { online: root })).toBe('KEY_SHARED');
    expect(await verified(roots, { officers: [{ ...root, organisation: 'x' }] })).toBe('KEY_SHARED');
  });

  it('is no round, and a round is no delegation', async () => {
    const { round, delegation } = alliance.bundle;
    const wrong = { ok: false, fault: 'DOCUMENT_TYPE_WRONG' };
    expect(await verifyDelegation(round, alliance.anchor, nodeCrypto)).toEqual(wrong);
    const known = await verifyDelegation(delegation, alliance.anchor, nodeCrypto);
    if (!known.ok) throw new Error(known.fault);
    expect(await verifyRound(delegation, known.value, nodeCrypto)).toEqual(wrong);
  });
});
