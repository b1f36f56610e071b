import { beforeAll, describe, expect, it } from '@jest/globals';
import { acceptBundle, type AllianceTrust } from '#libs/alliance';
import { signCompactJws, type CryptoPort, type JsonObject } from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { buildVisitWorld, generateTestKey, VISIT_FEDERATION, type Visiting, type VisitWorld } from '#libs/testing';
import { verifyBadge } from '#libs/verifier';
import { printedCard, shownBadge, vouchedFor } from './other-ways.js';

const NOW = 1_795_000_000;
const COUNTY = 'https://rongcheng.example';

/** What a look at one text asked of cryptography: how often, and over how many bytes. */
interface Work {
  imports: number;
  verifications: number;
  verifiedBytes: number;
  digests: number;
  digestedBytes: number;
}

/** The Node port, every call that costs anything counted. */
function countingPort(): { readonly port: CryptoPort; readonly take: () => Work } {
  const none = (): Work => ({ imports: 0, verifications: 0, verifiedBytes: 0, digests: 0, digestedBytes: 0 });
  let work = none();
  const port: CryptoPort = {
    ...nodeCrypto,
    sha256: (data) => {
      work.digests += 1;
      work.digestedBytes += data.length;
      return nodeCrypto.sha256(data);
    },
    importPublicKey: (suite, jwk) => {
      work.imports += 1;
      return nodeCrypto.importPublicKey(suite, jwk);
    },
    verify: (key, signingInput, signature) => {
      work.verifications += 1;
      work.verifiedBytes += signingInput.length;
      return nodeCrypto.verify(key, signingInput, signature);
    },
  };
  const take = (): Work => {
    const taken = work;
    work = none();
    return taken;
  };
  return { port, take };
}

/** One way to have nothing: what is shown, and where it differs from the gate of the granted visit. */
interface Cause {
  readonly name: string;
  readonly text: string;
  readonly visiting?: Visiting;
}

let world: VisitWorld;
let causes: readonly Cause[];
beforeAll(async () => {
  world = await buildVisitWorld(NOW, {
    members: [{ id: COUNTY }, { id: 'https://rugao.example', statusLists: [] }, { id: 'https://wendeng.example' }],
    partners: [
      { id: 'rugao-spot', hostCounty: 'https://rugao.example' },
      { id: 'rugao-shop', hostCounty: 'https://rugao.example' },
    ],
    schemes: [
      { id: 'rongcheng', member: COUNTY },
      { id: 'wendeng-1', member: 'https://wendeng.example' },
      { id: 'untabled', member: COUNTY },
    ],
    agreements: [{ id: 'lv', schemes: ['rongcheng', 'untabled'], counties: [COUNTY] }],
    tables: [{ scheme: { id: 'rongcheng' } }, { scheme: { id: 'wendeng-1' } }],
    offers: [
      { id: 'rugao-free-aa', partner: 'rugao-spot', agreement: 'lv' },
      { id: 'rugao-named-a', partner: 'rugao-spot', agreement: 'lv', band: 'A', holderCheck: 'document' },
      { id: 'other-free-aa', partner: 'rugao-shop', agreement: 'lv' },
    ],
  });
  causes = await makeCauses();
});

async function suspending(type: 'member' | 'table' | 'scheme' | 'partner', id: string): Promise<Visiting> {
  const head = { suspended: [await world.alliance.digestOf(type, id)] };
  const bundle = await world.alliance.headAt(NOW, { head });
  return { trust: await accept(bundle) };
}

async function accept(bundle: Parameters<typeof acceptBundle>[0]['bundle']): Promise<AllianceTrust> {
  const outcome = await acceptBundle({ anchor: world.alliance.anchor, bundle, held: world.trust }, nodeCrypto);
  if (!outcome.ok) throw new Error(outcome.fault);
  return outcome.value;
}

/** The trust in which the county's attest key has become compromised. */
async function compromised(): Promise<Visiting> {
  const { alliance } = world;
  const member = alliance.plan.members.find(({ id }) => id === COUNTY);
  if (member === undefined) throw new Error('planned');
  const keys = member.keys.map((key) => (key.purpose === 'attest' ? { ...key, status: 'compromised' as const } : key));
  const newer = await alliance.sign('member', { ...member, version: 2, keys });
  const digest = await alliance.digestOf('member', COUNTY);
  const documents = alliance.bundle.documents.filter((each) => world.trust.documents.get(digest)?.signed !== each);
  return { trust: await accept(await alliance.headAt(NOW, { documents: [...documents, newer], round: { round: 2 } })) };
}

/** The same claims as those of a presentation, in a token of another suite or with a key that nobody lists. */
async function underEdDsa(shown: string): Promise<string> {
  const [jws = '', ...rest] = shown.split('~');
  const payload = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as JsonObject;
  const signer = await nodeSigner('EdDSA', await generatePrivateJwk('EdDSA'));
  return [await signCompactJws('dc+sd-jwt', payload, signer, nodeCrypto), ...rest].join('~');
}

async function makeCauses(): Promise<readonly Cause[]> {
  const proof = await world.issue();
  const shown = await world.present({ proof });
  const revoked = new Map([[`${COUNTY}/s/1`, await world.listOf(COUNTY, [7])]]);
  const outside = { grade: 'AA', idx: 2 ** 17 };
  return [
    { name: 'a lower grade', text: await world.present({ proof, threshold: 'A' }) },
    { name: 'an unknown county key', text: await world.present({ signer: await generateTestKey() }) },
    {
      name: 'a key of another purpose',
      text: await world.present({ signer: world.alliance.keys.member(COUNTY).statement }),
    },
    { name: 'an unknown key of another suite', text: await underEdDsa(shown) },
    { name: 'a suspended county', text: shown, visiting: await suspending('member', COUNTY) },
    { name: 'a compromised county key', text: shown, visiting: await compromised() },
    { name: 'a suspended scheme', text: shown, visiting: await suspending('scheme', 'rongcheng') },
    { name: 'a suspended table', text: shown, visiting: await suspending('table', 'rongcheng-table-1') },
    { name: 'no table', text: await world.present({ scheme: 'untabled' }) },
    { name: 'no agreement', text: await world.present({ scheme: 'wendeng-1' }) },
    { name: 'another partner', text: await world.present({ partner: 'rugao-shop' }) },
    { name: 'a revoked one', text: shown, visiting: { lists: revoked } },
    { name: 'a place outside the list', text: await world.present(outside) },
    { name: 'an expired one', text: await world.present({ issuedAt: NOW - 30 * 86_400 }) },
    { name: 'an undeclared fingerprint', text: await world.present({ fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' }) },
    { name: 'an offer of another partner', text: await world.present({ proof, offer: 'other-free-aa' }) },
    { name: 'an offer that does not exist', text: await world.present({ proof, offer: 'rugao-free-xx' }) },
    { name: 'no person where a document is compared', text: await world.present({ proof, offer: 'rugao-named-a' }) },
    { name: 'an attestation without key binding', text: `${shown.slice(0, shown.lastIndexOf('~'))}~` },
    { name: 'nothing at all', text: '' },
    { name: 'a word', text: 'hello' },
    { name: 'a text over every bound', text: 'A'.repeat(100_000) },
    { name: 'a link of another kind', text: 'HTTPS://EXAMPLE.COM/#ABC' },
    { name: 'a card in place of a code', text: (await printedCard(world)).text },
  ];
}

interface Worked {
  readonly code: string;
  readonly calls: Pick<Work, 'imports' | 'verifications' | 'digests'>;
  readonly bytes: number;
}

/** The work of one look, after one that makes what is made once: listed keys imported, stand-ins issued. */
async function workOf({ text, visiting = {} }: Omit<Cause, 'name'>, { port, take } = countingPort()): Promise<Worked> {
  await world.visit(text, { ...visiting, port });
  take();
  const { decision } = await world.visit(text, { ...visiting, port });
  const { imports, verifications, digests, verifiedBytes, digestedBytes } = take();
  return { code: decision.code, calls: { imports, verifications, digests }, bytes: verifiedBytes + digestedBytes };
}

describe('every cause of no_proof costs the same work (design §1.3: a refusal tells nothing)', () => {
  it('as a grant: one import, two verifications, four digests', async () => {
    const granted = await workOf({ text: await world.present() });
    expect(granted).toMatchObject({ code: 'granted', calls: { imports: 1, verifications: 2, digests: 4 } });
    const told = await Promise.all(causes.map(async (cause) => [cause.name, await workOf(cause)] as const));
    for (const [name, { code, calls }] of told) expect([name, code, calls]).toEqual([name, 'no_proof', granted.calls]);
  });

  it('over as many bytes, give or take a tenth: what stands in for unreadable text is no shorter than real texts are', async () => {
    const granted = await workOf({ text: await world.present() });
    const told = await Promise.all(causes.map(async (cause) => [cause.name, (await workOf(cause)).bytes] as const));
    expect(told.filter(([, bytes]) => Math.abs(bytes / granted.bytes - 1) > 0.1)).toEqual([]);
  });

  it.each([
    ['card', printedCard, 'check_by_hand'],
    ['voucher', vouchedFor, 'granted'],
  ] as const)('by way of %s as well', async (_way, make, taken) => {
    const { text, visiting } = await make(world);
    const given = await workOf({ text, visiting });
    expect([given.code, given.calls]).toEqual([taken, { imports: 0, verifications: 1, digests: 1 }]);
    const { visiting: silenced } = causes.find(({ name }) => name === 'a suspended county') ?? {};
    const { visiting: broken } = causes.find(({ name }) => name === 'a compromised county key') ?? {};
    for (const cause of [
      { text: 'hello', visiting },
      { text: await world.present(), visiting },
      { text, visiting: { ...visiting, ...silenced } },
      { text, visiting: { ...visiting, ...broken } },
    ]) {
      const { code, calls, bytes } = await workOf(cause);
      expect([code, calls]).toEqual(['no_proof', given.calls]);
      expect(Math.abs(bytes / given.bytes - 1)).toBeLessThan(0.1);
    }
  });

  it('by way of badge as well, whatever is shown in its place', async () => {
    const asked = { audience: 'https://shop.example', nonce: 'nonce', federation: VISIT_FEDERATION };
    const { port, take } = countingPort();
    const workOn = async (text: string, now = NOW): Promise<readonly [string, Worked['calls']]> => {
      const look = () => verifyBadge(text, { ...asked, now, timeFloor: NOW }, world.trust, world.lists, port);
      await look();
      take();
      const { code } = await look();
      const { imports, verifications, digests } = take();
      return [code, { imports, verifications, digests }];
    };
    const shown = await shownBadge(world, asked);
    const calls = { imports: 1, verifications: 2, digests: 1 };
    expect(await workOn(shown)).toEqual(['genuine', calls]);
    const bare = `${shown.split('~')[0]}~`;
    for (const text of ['hello', bare, await world.present(), await shownBadge(world, { ...asked, nonce: 'other' })])
      expect(await workOn(text)).toEqual(['no_proof', calls]);
    expect(await workOn(shown, NOW - 31)).toEqual(['no_proof', calls]);
  });
});
