import { beforeAll, describe, expect, it } from '@jest/globals';
import { CompactSign, compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import { parseCompactJws, parseDetachedJws, type ParsedJws } from './compact-jws.js';
import { encodeBase64url } from './base64url.js';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from './node-crypto.js';
import type { VerificationKey } from './crypto-port.js';
import type { PrivateJwk, PublicJwk } from './jwk.js';
import { signCompactJws, signDetachedJws, signPossessionJws, type Signer } from './sign-jws.js';
import { canonicalJson } from './strict-json.js';
import type { SuiteName } from './suites.js';
import { isSignedBy } from './verify-jws.js';

const TYP = 'test+jwt';
const CLAIMS = { iss: 'https://county.example', n: 1 };

interface Party {
  readonly jwk: PrivateJwk;
  readonly signer: Signer & { readonly publicJwk: PublicJwk };
  readonly key: VerificationKey;
}

async function party(suite: SuiteName): Promise<Party> {
  const jwk = await generatePrivateJwk(suite);
  const signer = await nodeSigner(suite, jwk);
  return { jwk, signer, key: await nodeCrypto.importPublicKey(suite, signer.publicJwk) };
}

function parsed(token: string): ParsedJws {
  const jws = parseCompactJws(token, { typ: TYP });
  if (!jws.ok) throw new Error(jws.fault);
  return jws.value;
}

describe.each(['ES256', 'EdDSA'] as const)('signing and verifying with %s', (suite) => {
  let county: Party;
  let other: Party;
  beforeAll(async () => {
    [county, other] = await Promise.all([party(suite), party(suite)]);
  });

  it('verifies its own, under the header alg, kid, typ and no more', async () => {
    const token = await signCompactJws(TYP, CLAIMS, county.signer, nodeCrypto);
    expect(parsed(token).header).toEqual({ alg: suite, kid: county.signer.kid, typ: TYP });
    expect(await isSignedBy(parsed(token), county.key, nodeCrypto)).toBe(true);
  });

  it('gives equal signing inputs for equal claims, in whatever order (RFC 8785)', async () => {
    const [one, two] = [
      await signCompactJws(TYP, { a: 1, b: 2 }, county.signer, nodeCrypto),
      await signCompactJws(TYP, { b: 2, a: 1 }, county.signer, nodeCrypto),
    ];
    expect(parsed(one).signingInput).toBe(parsed(two).signingInput);
  });

  it('does not verify under another key', async () => {
    const token = await signCompactJws(TYP, CLAIMS, county.signer, nodeCrypto);
    expect(await isSignedBy(parsed(token), other.key, nodeCrypto)).toBe(false);
  });

  it('does not verify with any bit of signature or payload turned', async () => {
    const jws = parsed(await signCompactJws(TYP, CLAIMS, county.signer, nodeCrypto));
    for (let bit = 0; bit < 512; bit += 7) {
      const signature = Uint8Array.from(jws.signature);
      signature[bit >> 3]! ^= 1 << (bit & 7);
      expect(await isSignedBy({ ...jws, signature }, county.key, nodeCrypto)).toBe(false);
    }
    const moved = parsed(await signCompactJws(TYP, { ...CLAIMS, n: 2 }, county.signer, nodeCrypto));
    expect(await isSignedBy({ ...jws, signingInput: moved.signingInput }, county.key, nodeCrypto)).toBe(false);
  });

  it('is verified by jose', async () => {
    const token = await signCompactJws(TYP, CLAIMS, county.signer, nodeCrypto);
    const verified = await compactVerify(token, await importJWK({ ...county.signer.publicJwk }, suite));
    expect(Uint8Array.from(verified.payload)).toEqual(canonicalJson(CLAIMS));
    expect(decodeProtectedHeader(token)).toEqual({ alg: suite, kid: county.signer.kid, typ: TYP });
  });

  it('verifies what jose signs', async () => {
    const token = await new CompactSign(canonicalJson(CLAIMS))
      .setProtectedHeader({ alg: suite, typ: TYP, kid: county.signer.kid })
      .sign(await importJWK({ ...county.jwk }, suite));
    expect(parsed(token).payload).toEqual(CLAIMS);
    expect(await isSignedBy(parsed(token), county.key, nodeCrypto)).toBe(true);
    expect(await isSignedBy(parsed(token), other.key, nodeCrypto)).toBe(false);
  });

  it('proves possession of a key that stands in the header (OpenID4VCI 1.0 appendix F.1)', async () => {
    const { signer, key } = county;
    const jws = parsed(await signPossessionJws(TYP, CLAIMS, signer.key, signer.publicJwk, nodeCrypto));
    expect(jws.header).toEqual({ alg: suite, jwk: { ...signer.publicJwk }, typ: TYP });
    expect([await isSignedBy(jws, key, nodeCrypto), await isSignedBy(jws, other.key, nodeCrypto)]).toEqual([
      true,
      false,
    ]);
  });

  it('signs a detached payload that verifies over those bytes alone', async () => {
    const payload = encodeBase64url(canonicalJson(CLAIMS));
    const detached = await signDetachedJws(TYP, payload, county.signer, nodeCrypto);
    const verdicts = [payload, encodeBase64url(canonicalJson({ ...CLAIMS, n: 2 }))].map(async (text) => {
      const jws = parseDetachedJws(detached, text, TYP);
      return jws.ok && isSignedBy(jws.value, county.key, nodeCrypto);
    });
    expect(await Promise.all(verdicts)).toEqual([true, false]);
  });
});

describe('a token does not choose its algorithm (RFC 8725 §3.1)', () => {
  it('is false, not an exception, when alg and the pinned suite differ', async () => {
    const [ec, ed] = [await party('ES256'), await party('EdDSA')];
    const jws = parsed(await signCompactJws(TYP, CLAIMS, ec.signer, nodeCrypto));
    expect(await isSignedBy(jws, ed.key, nodeCrypto)).toBe(false);
    expect(await isSignedBy({ ...jws, alg: 'EdDSA' }, ec.key, nodeCrypto)).toBe(false);
    expect(await isSignedBy({ ...jws, alg: 'EdDSA' }, ed.key, nodeCrypto)).toBe(false);
  });
});
