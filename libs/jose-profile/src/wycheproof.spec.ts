import { expect, it } from '@jest/globals';
import { describeWithVectors } from '#libs/testing';
import { decodeBase64url, encodeBase64url } from './base64url.js';
import { parseCompactJws } from './compact-jws.js';
import { parsePublicJwk, type PublicJwk } from './jwk.js';
import { nodeCrypto } from './node-crypto.js';
import { isJsonObject, parseStrictObject, TOKEN_JSON_BOUNDS, type JsonObject, type JsonValue } from './strict-json.js';
import { isSuiteName, SUITES, type SuiteName } from './suites.js';

interface Expected {
  readonly f: string;
  readonly tcId: number;
  readonly expect: 'accept' | 'reject' | 'skip';
}
interface JwsGroup {
  readonly public?: JsonObject;
  readonly private: JsonObject;
  readonly tests: readonly {
    readonly tcId: number; /** An object where the case is a JSON serialisation. */
    readonly jws?: string | JsonObject;
  }[];
}
interface SignatureGroup<Key> {
  readonly publicKey: Key;
  readonly tests: readonly {
    readonly tcId: number;
    readonly msg: string;
    readonly sig: string;
    readonly result: string;
  }[];
}

/**
 * The profile's own steps in its own order, without what these general tokens lack (a `typ`, a thumbprint for a `kid`, a JSON
 * payload): compact, three canonical parts, strict header, suite by allow-list, key fit for that suite, then the signature.
 */
async function isAccepted(token: string | JsonObject, keys: readonly JsonValue[]): Promise<boolean> {
  if (typeof token !== 'string') return false;
  const parts = token.split('.');
  const [head, payload, signature] = parts.map(decodeBase64url);
  if (parts.length !== 3 || !head || !payload || !signature) return false;
  const header = parseStrictObject(head, TOKEN_JSON_BOUNDS);
  if (!header.ok || !isSuiteName(header.value['alg'])) return false;
  const suite = header.value['alg'];
  if (signature.length !== SUITES[suite].signatureBytes) return false;
  for (const key of keys) {
    const jwk = parsePublicJwk(key, suite);
    if (jwk.ok && (await isValid(suite, jwk.value, `${parts[0]}.${parts[1]}`, signature))) return true;
  }
  return false;
}

async function isValid(suite: SuiteName, jwk: PublicJwk, input: string, signature: Uint8Array): Promise<boolean> {
  try {
    return await nodeCrypto.verify(await nodeCrypto.importPublicKey(suite, jwk), input, signature);
  } catch {
    return false;
  }
}

function keysOf(group: JwsGroup): readonly JsonValue[] {
  const { d: _private, ...key } = group.public ?? group.private;
  const keys = key['keys'];
  if (!Array.isArray(keys)) return [key];
  return keys.map((one: JsonValue) => (isJsonObject(one) ? { ...one, d: undefined } : one));
}

describeWithVectors('wycheproof', (vectors) => {
  const fromHex = (hex: string): Buffer => Buffer.from(hex, 'hex');
  const coordinate = (hex: string): string => encodeBase64url(fromHex(hex.slice(-64).padStart(64, '0')));

  it('JWS and JWK: 474 of 474 outcomes for an ES256 and Ed25519 allow-list', async () => {
    const all = vectors.json('expected-es256-eddsa.json') as readonly Expected[];
    const expected = all.filter((one) => one.expect !== 'skip');
    const actual = new Map<string, 'accept' | 'reject'>();
    for (const file of new Set(expected.map((one) => one.f)))
      for (const group of (vectors.json(`${file}.json`) as { testGroups: readonly JwsGroup[] }).testGroups)
        for (const test of group.tests)
          if (test.jws !== undefined)
            actual.set(`${file} ${test.tcId}`, (await isAccepted(test.jws, keysOf(group))) ? 'accept' : 'reject');
    expect(expected).toHaveLength(474);
    expect(expected.filter((one) => actual.get(`${one.f} ${one.tcId}`) !== one.expect)).toEqual([]);
  });

  it('JWS: none passes for a token of the profile, which always has a typ (RFC 8725 §3.11)', () => {
    const { testGroups } = vectors.json('json_web_signature_test.json') as { testGroups: readonly JwsGroup[] };
    const tokens = testGroups.flatMap((group) =>
      group.tests.map((test) => (typeof test.jws === 'string' ? test.jws : '')),
    );
    expect(tokens).toHaveLength(401);
    expect(tokens.filter((token) => parseCompactJws(token, { typ: 'JWT' }).ok)).toEqual([]);
  });

  it('ECDSA P-256 with SHA-256, P1363 form: 262 of 262', async () => {
    const { testGroups } = vectors.json('ecdsa_secp256r1_sha256_p1363_test.json') as {
      testGroups: readonly SignatureGroup<{ wx: string; wy: string }>[];
    };
    const outcomes = testGroups.flatMap(({ publicKey, tests }) => {
      const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(publicKey.wx), y: coordinate(publicKey.wy) } as const;
      return tests.map(async ({ tcId, msg, sig, result }) => ({
        tcId,
        agrees: (await isValid('ES256', jwk, fromHex(msg).toString('latin1'), fromHex(sig))) === (result === 'valid'),
      }));
    });
    expect(outcomes).toHaveLength(262);
    expect((await Promise.all(outcomes)).filter(({ agrees }) => !agrees)).toEqual([]);
  });

  it('Ed25519: 151 of 151', async () => {
    const { testGroups } = vectors.json('ed25519_test.json') as {
      testGroups: readonly SignatureGroup<{ pk: string }>[];
    };
    const outcomes = testGroups.flatMap(({ publicKey, tests }) => {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: coordinate(publicKey.pk) } as const;
      return tests.map(async ({ tcId, msg, sig, result }) => ({
        tcId,
        agrees: (await isValid('EdDSA', jwk, fromHex(msg).toString('latin1'), fromHex(sig))) === (result === 'valid'),
      }));
    });
    expect(outcomes).toHaveLength(151);
    expect((await Promise.all(outcomes)).filter(({ agrees }) => !agrees)).toEqual([]);
  });
});
