import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseStrictJson, type CryptoPort } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, SMALL_ALLIANCE, type BuiltAlliance } from '#libs/testing';
import { acceptBundle } from './accept-bundle.js';
import type { AllianceTrust } from './alliance-trust.js';
import { BUNDLE_JSON_BOUNDS, parseBundle, type Bundle } from './bundle.js';
import { addSignature } from './signed-document.js';

const NOW = 1_795_000_000;
const RONGCHENG = 'https://rongcheng.example';
let alliance: BuiltAlliance;
beforeAll(async () => {
  alliance = await buildAlliance(SMALL_ALLIANCE, NOW);
});

async function accepted(bundle: Bundle, held?: AllianceTrust, port: CryptoPort = nodeCrypto): Promise<AllianceTrust> {
  const outcome = await acceptBundle({ anchor: alliance.anchor, bundle, held }, port);
  if (!outcome.ok) throw new Error(`refused: ${outcome.fault} at ${outcome.at}`);
  return outcome.value;
}

function countingPort(): { readonly port: CryptoPort; readonly verified: () => number } {
  let count = 0;
  const verify: CryptoPort['verify'] = (...input) => {
    count += 1;
    return nodeCrypto.verify(...input);
  };
  return { port: { ...nodeCrypto, verify }, verified: () => count };
}

describe('an accepted bundle (docs/wire.md, Head)', () => {
  it('answers for every document by id, with digest and standing', async () => {
    const trust = await accepted(alliance.bundle);
    expect(trust.member(RONGCHENG)).toMatchObject({
      digest: await alliance.digestOf('member', RONGCHENG),
      suspended: false,
      inert: false,
    });
    expect(trust.partner('rugao-spot')?.payload.hostCounty).toBe('https://rugao.example');
    expect(trust.agreement('lv')?.payload.partners).toEqual(['rugao-spot']);
    expect(trust.offer('rugao-half-a')?.payload.effect).toEqual({ kind: 'percent_off', percent: 50 });
    const fingerprint = alliance.plan.schemes[0]?.fingerprint ?? '';
    expect(trust.scheme('rongcheng', fingerprint)?.payload.member).toBe(RONGCHENG);
    expect(trust.tableVersions('rongcheng', fingerprint).map(({ payload }) => payload.version)).toEqual([1]);
    expect(trust.documents.size).toBe(alliance.bundle.documents.length);
  });

  it('answers for nothing else: unknown ids and fingerprints are undefined', async () => {
    const trust = await accepted(alliance.bundle);
    expect(trust.member('https://nobody.example')).toBeUndefined();
    expect(trust.key('no-such-kid')).toBeUndefined();
    expect(trust.scheme('rongcheng', 'AAAAAAAAAAAAAAAAAAAAAA')).toBeUndefined();
    expect(trust.tableVersions('rongcheng', 'AAAAAAAAAAAAAAAAAAAAAA')).toEqual([]);
  });

  it('names the purpose, owner and suite of every key, importing it once and on first use', async () => {
    let imports = 0;
    const importPublicKey: CryptoPort['importPublicKey'] = (...input) => {
      imports += 1;
      return nodeCrypto.importPublicKey(...input);
    };
    const trust = await accepted(alliance.bundle, undefined, { ...nodeCrypto, importPublicKey });
    const { attest } = alliance.keys.member(RONGCHENG);
    const key = trust.key(attest.kid);
    expect(key).toMatchObject({
      purpose: 'attest',
      status: 'active',
      suite: 'ES256',
      owner: { kind: 'member', id: RONGCHENG },
      suspended: false,
    });
    const before = imports;
    expect(await key?.verificationKey()).toBe(await key?.verificationKey());
    expect(imports).toBe(before + 1);
    const later = await accepted(await alliance.headAt(NOW + 60), trust, { ...nodeCrypto, importPublicKey });
    expect(await later.key(attest.kid)?.verificationKey()).toBe(await key?.verificationKey());
  });

  it('exposes the earliest expiry of head, round and delegation, and judges none of them (no clock)', async () => {
    const head = { exp: NOW + 1_000 };
    expect((await accepted(await alliance.headAt(NOW, { head }))).expiresAt).toBe(NOW + 1_000);
    const round = { exp: NOW + 500 };
    expect((await accepted(await alliance.headAt(NOW, { head, round }))).expiresAt).toBe(NOW + 500);
    const delegation = { exp: NOW + 200 };
    const trust = await accepted(await alliance.headAt(NOW + 10, { head, round, delegation }));
    expect([trust.expiresAt, trust.headIat]).toEqual([NOW + 200, NOW + 10]);
  });

  it('accepts the very same bundle again, and ignores a signature of a stranger', async () => {
    const trust = await accepted(alliance.bundle);
    expect((await accepted(alliance.bundle, trust)).headDigest).toBe(trust.headDigest);
    const [first, ...others] = alliance.bundle.documents;
    if (first === undefined) throw new Error('a bundle has documents');
    const stranger = alliance.keys.member(RONGCHENG).attest;
    const doubled = await addSignature(first, 'member', stranger, nodeCrypto);
    expect(doubled.signatures).toHaveLength(first.signatures.length + 1);
    expect((await accepted({ ...alliance.bundle, documents: [doubled, ...others] })).docsRoot).toBe(trust.docsRoot);
  });
});

describe('documents already held', () => {
  it('are not verified again: a later head costs the signatures of delegation, round and head', async () => {
    const trust = await accepted(alliance.bundle);
    const { port, verified } = countingPort();
    await accepted(await alliance.headAt(NOW + 3_600), trust, port);
    expect(verified()).toBe(2 + 2 + 1);
  });

  it('are verified when their signatures changed', async () => {
    const trust = await accepted(alliance.bundle);
    const [first, ...others] = alliance.bundle.documents;
    if (first === undefined) throw new Error('a bundle has documents');
    const again = await addSignature(first, 'member', alliance.keys.officers[2], nodeCrypto);
    const { port, verified } = countingPort();
    await accepted({ ...(await alliance.headAt(NOW + 3_600)), documents: [again, ...others] }, trust, port);
    expect(verified()).toBe(2 + 2 + 1 + 1);
  });
});

describe('any single-byte change of any part of a bundle (design §4.5)', () => {
  const summary = (trust: AllianceTrust) => ({
    ...trust,
    suspended: [...trust.suspended],
    documents: [...trust.documents.values()].map(({ digest, payload, suspended }) => ({ digest, payload, suspended })),
    keys: alliance.plan.members.flatMap(({ id }) =>
      Object.values<{ readonly kid: string }>({ ...alliance.keys.member(id) }).map(({ kid }) => {
        const key = trust.key(kid);
        return key && [key.kid, key.purpose, key.status, key.owner, key.suspended];
      }),
    ),
  });

  /** What a gate would take from these bytes. */
  async function takenFrom(bytes: Uint8Array): Promise<string> {
    const json = parseStrictJson(bytes, BUNDLE_JSON_BOUNDS);
    const bundle = json.ok ? parseBundle(json.value) : json;
    if (!bundle.ok) return 'refused';
    const outcome = await acceptBundle({ anchor: alliance.anchor, bundle: bundle.value }, nodeCrypto);
    return outcome.ok ? JSON.stringify(summary(outcome.value)) : 'refused';
  }

  it('is refused or changes nothing', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(alliance.bundle));
    const expected = await takenFrom(bytes);
    expect(expected).not.toBe('refused');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(['refused', expected]).toContain(await takenFrom(changed));
      }),
      { numRuns: 400 },
    );
  });

  it('is refused or changes nothing where the change keeps the text base64url', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(alliance.bundle));
    const places = [...bytes.keys()].filter((at) => /[A-Za-z0-9_-]/.test(String.fromCharCode(bytes[at] ?? 0)));
    const expected = await takenFrom(bytes);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.constantFrom('A', 'Q', 'g', 'w', '9', '_'),
        async (at, letter) => {
          const changed = bytes.slice();
          changed[at] = letter.charCodeAt(0);
          expect(['refused', expected]).toContain(await takenFrom(changed));
        },
      ),
      { numRuns: 400 },
    );
  });
});
