import { beforeAll, describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { parsePrivateJwk, parsePublicJwk, publicJwkOf, type PrivateJwk } from './jwk.js';
import { jwkThumbprint } from './jwk-thumbprint.js';
import { generatePrivateJwk, nodeCrypto } from './node-crypto.js';
import type { JsonObject } from './strict-json.js';

let es256: PrivateJwk & { readonly kty: 'EC' };
let ed25519: PrivateJwk & { readonly kty: 'OKP' };

beforeAll(async () => {
  const [ec, okp] = [await generatePrivateJwk('ES256'), await generatePrivateJwk('EdDSA')];
  if (ec.kty !== 'EC' || okp.kty !== 'OKP') throw new TypeError('a generated key is of the wrong kind');
  [es256, ed25519] = [ec, okp];
});

describe('reading a public JWK (RFC 7517 §4, RFC 8725 §3.1)', () => {
  it('keeps the required members and drops the rest', () => {
    const jwk = publicJwkOf(es256);
    const read = parsePublicJwk({ ...jwk, use: 'sig', alg: 'ES256', key_ops: ['verify'], kid: 'x', x5c: [] }, 'ES256');
    expect(read).toEqual({ ok: true, value: jwk });
    expect(parsePublicJwk({ ...publicJwkOf(ed25519) }, 'EdDSA')).toEqual({ ok: true, value: publicJwkOf(ed25519) });
  });

  it('refuses a private key rather than keeping half of it', () => {
    expect(parsePublicJwk({ ...es256 }, 'ES256')).toEqual({ ok: false, fault: 'JWK_HOLDS_PRIVATE_KEY' });
    expect(parsePublicJwk({ ...publicJwkOf(es256), d: null }, 'ES256')).toEqual({
      ok: false,
      fault: 'JWK_HOLDS_PRIVATE_KEY',
    });
  });

  it('refuses a key of another suite, type or curve', () => {
    const wrong = { ok: false, fault: 'JWK_WRONG_TYPE' };
    expect(parsePublicJwk({ ...publicJwkOf(es256) }, 'EdDSA')).toEqual(wrong);
    expect(parsePublicJwk({ ...publicJwkOf(ed25519) }, 'ES256')).toEqual(wrong);
    for (const other of [{ crv: 'P-384' }, { crv: 'secp256k1' }, { kty: 'ec' }, { kty: 'oct', k: 'AA' }])
      expect(parsePublicJwk({ ...publicJwkOf(es256), ...other }, 'ES256')).toEqual(wrong);
  });

  it('refuses a key declared for something else', () => {
    const others: JsonObject[] = [
      { use: 'enc' },
      { use: null },
      { alg: 'ES384' },
      { alg: 'EdDSA' },
      { key_ops: ['sign'] },
      { key_ops: [] },
      { key_ops: 'verify' },
    ];
    for (const other of others)
      expect(parsePublicJwk({ ...publicJwkOf(es256), ...other }, 'ES256')).toEqual({
        ok: false,
        fault: 'JWK_WRONG_USE',
      });
  });

  it('refuses coordinates that are not 32 bytes of canonical base64url', () => {
    const { x } = es256;
    const others = [`${x}=`, x.slice(1), `A${x}`, `${x}AAAA`, '', 7, null, [x], `${x.slice(0, 42)}_`];
    for (const other of others)
      expect(parsePublicJwk({ ...publicJwkOf(es256), x: other }, 'ES256')).toEqual({
        ok: false,
        fault: 'JWK_MALFORMED',
      });
    expect(parsePublicJwk({ kty: 'EC', crv: 'P-256', x }, 'ES256')).toEqual({ ok: false, fault: 'JWK_MALFORMED' });
  });

  it('refuses what is no object', () => {
    for (const value of [undefined, null, 'EC', [], [{}]])
      expect(parsePublicJwk(value, 'ES256')).toEqual({ ok: false, fault: 'JWK_MALFORMED' });
  });
});

describe('reading a private JWK', () => {
  it('keeps both halves, whatever the key operations', () => {
    expect(parsePrivateJwk({ ...es256, key_ops: ['sign'], kid: 'x' }, 'ES256')).toEqual({ ok: true, value: es256 });
    expect(parsePrivateJwk({ ...ed25519 }, 'EdDSA')).toEqual({ ok: true, value: ed25519 });
  });

  it('refuses a public key, a `d` of another length, and a public half it would refuse alone', () => {
    const malformed = { ok: false, fault: 'JWK_MALFORMED' };
    for (const value of [undefined, null, 'EC', {}, publicJwkOf(es256)])
      expect(parsePrivateJwk(value, 'ES256')).toEqual(malformed);
    for (const d of ['', es256.d.slice(1), `${es256.d}=`, `${es256.d}AAAA`, 7, null, undefined])
      expect(parsePrivateJwk({ ...es256, d }, 'ES256')).toEqual(malformed);
    expect(parsePrivateJwk({ ...es256, use: 'enc' }, 'ES256')).toEqual({ ok: false, fault: 'JWK_WRONG_USE' });
    expect(parsePrivateJwk({ ...es256 }, 'EdDSA')).toEqual({ ok: false, fault: 'JWK_WRONG_TYPE' });
  });
});

describe('a thumbprint (RFC 7638)', () => {
  it('of Ed25519 is the one of RFC 8037 appendix A.3', async () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;
    expect(await jwkThumbprint(jwk, nodeCrypto)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('agrees with jose for fresh keys of both suites', async () => {
    for (const suite of ['ES256', 'EdDSA'] as const) {
      const peer = await exportJWK((await generateKeyPair(suite, { extractable: true })).publicKey);
      const read = parsePublicJwk({ ...peer }, suite);
      if (!read.ok) throw new Error(read.fault);
      expect(await jwkThumbprint(read.value, nodeCrypto)).toBe(await calculateJwkThumbprint(peer));
    }
  });

  it('says nothing of the private half', async () => {
    expect(publicJwkOf(es256)).not.toHaveProperty('d');
    expect(await jwkThumbprint(es256, nodeCrypto)).toBe(await jwkThumbprint(publicJwkOf(es256), nodeCrypto));
  });
});
