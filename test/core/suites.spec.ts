import { beforeAll, describe, expect, it } from '@jest/globals';
import { acceptBundle, type AllianceTrust, type Bundle } from '#libs/alliance';
import { encodeBase64url, SUITES, type CryptoPort, type SuiteName } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList } from '#libs/status-list';
import {
  buildVisitWorld,
  SMALL_ALLIANCE,
  smCrypto,
  statusListOf,
  type AlliancePlan,
  type VisitWorld,
} from '#libs/testing';

const NOW = 1_795_400_000;
const ISSUER = 'https://rongcheng.example';
const OTHER = 'https://weihai.example';
const OTHER_SCHEME = 'weihai';

/** The small alliance with a second county; the first one's keys are of the suite, the statement key of another if told. */
function planOn(suite: SuiteName, statement: SuiteName = suite): AlliancePlan {
  return {
    ...SMALL_ALLIANCE,
    members: [...(SMALL_ALLIANCE.members ?? []), { id: OTHER }],
    suites: { [ISSUER]: { attest: suite, status: suite, statement } },
    schemes: [...(SMALL_ALLIANCE.schemes ?? []), { id: OTHER_SCHEME, member: OTHER }],
    tables: [...(SMALL_ALLIANCE.tables ?? []), { scheme: { id: OTHER_SCHEME } }],
  };
}

async function accept(bundle: Bundle, { alliance }: VisitWorld, port: CryptoPort): Promise<AllianceTrust> {
  const accepted = await acceptBundle({ anchor: alliance.anchor, bundle }, port);
  if (!accepted.ok) throw new Error(`${accepted.fault} at ${accepted.at}`);
  return accepted.value;
}

describe.each([
  ['EdDSA', nodeCrypto],
  ['SM2', smCrypto],
] as const)('a member on %s (design §4.4)', (suite, port) => {
  let world: VisitWorld;
  beforeAll(async () => {
    world = await buildVisitWorld(NOW, planOn(suite), port);
  });

  it('is granted from end to end: documents, status list and attestation all carry its suite', async () => {
    const { attest, status, statement } = world.alliance.keys.member(ISSUER);
    expect([attest, status, statement].map(({ kid }) => world.trust.key(kid)?.suite)).toEqual([suite, suite, suite]);
    const visit = await world.visit(await world.present());
    expect([headerOf(await world.present()).alg, visit.decision.code]).toEqual([suite, 'granted']);
  });

  it('is refused when its list says revoked: the list was read, not skipped', async () => {
    const list = await world.listOf(ISSUER, [7]);
    const decision = await world.verdictOf(await world.present({ idx: 7 }), { lists: new Map([[list.uri, list]]) });
    expect(decision.code).toBe('no_proof');
  });

  it('stands beside one on ES256', async () => {
    const decision = await world.verdictOf(await world.present({ scheme: OTHER_SCHEME }));
    expect(decision.code).toBe('granted');
  });

  it('is refused with one bit of its signature changed', async () => {
    const [jws = '', ...rest] = (await world.present()).split('~');
    const signature = Buffer.from(jws.slice(jws.lastIndexOf('.') + 1), 'base64url');
    signature[40]! ^= 1;
    const forged = jws.slice(0, jws.lastIndexOf('.') + 1) + encodeBase64url(signature);
    expect((await world.verdictOf([forged, ...rest].join('~'))).code).toBe('refused');
  });

  it('never verifies under another suite than the bundle names for its key (RFC 8725 §3.1)', async () => {
    const text = await world.present();
    const codeUnder = async (alg: string): Promise<string> => (await world.verdictOf(withAlg(text, alg))).code;
    for (const alg of Object.keys(SUITES)) expect(await codeUnder(alg)).toBe(alg === suite ? 'granted' : 'refused');
    for (const alg of ['none', 'HS256', 'ES384', 'Ed25519', suite.toLowerCase(), `${suite} `, ''])
      expect(await codeUnder(alg)).toBe('no_proof');
  });
});

describe('a token does not choose its algorithm (RFC 8725 §2.1, §3.1)', () => {
  let world: VisitWorld;
  beforeAll(async () => {
    world = await buildVisitWorld(NOW, planOn('EdDSA'), smCrypto);
  });

  it('a key of one suite signs nothing under the name of a key of another', async () => {
    const { attest } = world.alliance.keys.member(ISSUER);
    const other = world.alliance.keys.member(OTHER).attest;
    const signed = [
      await world.present({ signer: { key: other.key, kid: attest.kid } }),
      await world.present({ scheme: OTHER_SCHEME, signer: { key: attest.key, kid: other.kid } }),
    ];
    expect(signed.map((text) => headerOf(text).alg)).toEqual(['ES256', 'EdDSA']);
    for (const text of signed) expect((await world.verdictOf(text)).code).toBe('refused');
  });

  it('an HMAC with the public key as its secret is no signature', async () => {
    const text = await world.present({ scheme: OTHER_SCHEME });
    const { publicJwk } = world.alliance.keys.member(OTHER).attest;
    const [jws = '', ...rest] = withAlg(text, 'HS256').split('~');
    const input = jws.slice(0, jws.lastIndexOf('.'));
    const secret = await crypto.subtle.importKey(
      'raw',
      Buffer.from(JSON.stringify(publicJwk)),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const mac = encodeBase64url(new Uint8Array(await crypto.subtle.sign('HMAC', secret, Buffer.from(input))));
    expect((await world.verdictOf([`${input}.${mac}`, ...rest].join('~'))).code).toBe('no_proof');
  });
});

describe.each([
  ['attests and lists', 'ES256'],
  ['attests, lists and signs its documents', 'SM2'],
] as const)('a gate without SM2, before a member that %s with it', (_what, statement) => {
  let world: VisitWorld;
  let plain: AllianceTrust;
  beforeAll(async () => {
    world = await buildVisitWorld(NOW, planOn('SM2', statement), smCrypto);
    plain = await accept(world.alliance.bundle, world, nodeCrypto);
  });

  it('accepts the bundle and grants the others', async () => {
    const text = await world.present({ scheme: OTHER_SCHEME });
    expect((await world.verdictOf(text, { trust: plain, port: nodeCrypto })).code).toBe('granted');
  });

  it('never grants the member, though its list is held', async () => {
    const text = await world.present();
    expect((await world.verdictOf(text)).code).toBe('granted');
    expect((await world.verdictOf(text, { trust: plain, port: nodeCrypto })).code).not.toBe('granted');
  });

  it('counts as withdrawn what only such a key has signed', () => {
    const scheme = [...plain.documents.values()].find(
      ({ type, payload }) => type === 'scheme' && payload.id === 'rongcheng',
    );
    expect(scheme?.inert).toBe(statement === 'SM2');
  });

  it('takes in no status list of it', async () => {
    const token = await statusListOf(world.alliance, ISSUER, { iat: NOW });
    const { kid } = world.alliance.keys.member(ISSUER).status;
    const faults = [];
    for (const [trust, port] of [
      [world.trust, smCrypto],
      [plain, nodeCrypto],
    ] as const) {
      const key = await trust.key(kid)!.verificationKey();
      const list = await decodeStatusList(token, { uri: `${ISSUER}/s/1`, issuer: ISSUER, key }, port);
      faults.push(list.ok ? 'none' : list.fault);
    }
    expect(faults).toEqual(['none', 'STATUS_LIST_SIGNATURE_WRONG']);
  });
});

function headerOf(text: string): { readonly alg: string } {
  return JSON.parse(Buffer.from(text.slice(0, text.indexOf('.')), 'base64url').toString()) as { alg: string };
}

/** The same token saying another `alg`; everything else as it was. */
function withAlg(text: string, alg: string): string {
  const header = Buffer.from(JSON.stringify({ ...headerOf(text), alg })).toString('base64url');
  return header + text.slice(text.indexOf('.'));
}
