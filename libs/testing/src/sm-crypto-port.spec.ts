import { describe, expect, it } from '@jest/globals';
import { encodeBase64url, parsePrivateJwk, parsePublicJwk, publicJwkOf, type PublicJwk } from '#libs/jose-profile';
import { generateSmJwk, smCrypto } from './sm-crypto-port.js';

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const base64url = (hex: string): string => encodeBase64url(bytesOf(hex));

describe('SM2 with SM3 (GB/T 32918.2)', () => {
  const jwk = generateSmJwk();
  const publicJwk = publicJwkOf(jwk);

  it('verifies the example of GM/T 0003.5 appendix A, user id 1234567812345678', async () => {
    const example: PublicJwk = {
      kty: 'EC',
      crv: 'SM2',
      x: base64url('09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020'),
      y: base64url('CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13'),
    };
    const signature = bytesOf(
      'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA',
    );
    const key = await smCrypto.importPublicKey('SM2', example);
    expect(await smCrypto.verify(key, 'message digest', signature)).toBe(true);
    expect(await smCrypto.verify(key, 'message digesT', signature)).toBe(false);
  });

  it('verifies what it signs, and nothing else', async () => {
    const signing = await smCrypto.importPrivateKey('SM2', jwk);
    const verifying = await smCrypto.importPublicKey('SM2', publicJwk);
    const stranger = await smCrypto.importPublicKey('SM2', publicJwkOf(generateSmJwk()));
    const signature = await smCrypto.sign(signing, 'a.b');
    expect(signature.length).toBe(64);
    expect(await smCrypto.verify(verifying, 'a.b', signature)).toBe(true);
    expect(await smCrypto.verify(verifying, 'a.c', signature)).toBe(false);
    expect(await smCrypto.verify(stranger, 'a.b', signature)).toBe(false);
    for (const odd of [new Uint8Array(), new Uint8Array(64), new Uint8Array(64).fill(255), signature.subarray(1)])
      expect(await smCrypto.verify(verifying, 'a.b', odd)).toBe(false);
  });

  it('takes its keys through the same form as every suite, and each key for its own curve only', () => {
    expect(parsePublicJwk({ ...publicJwk }, 'SM2')).toEqual({ ok: true, value: publicJwk });
    expect(parsePrivateJwk(jwk, 'SM2')).toEqual({ ok: true, value: jwk });
    expect(parsePublicJwk({ ...publicJwk }, 'ES256')).toEqual({ ok: false, fault: 'JWK_WRONG_TYPE' });
    expect(parsePublicJwk({ ...publicJwk, crv: 'P-256' }, 'SM2')).toEqual({ ok: false, fault: 'JWK_WRONG_TYPE' });
  });

  it('imports neither a point off the curve nor a private key of another public half', async () => {
    const off: PublicJwk = { kty: 'EC', crv: 'SM2', x: base64url('01'.repeat(32)), y: base64url('01'.repeat(32)) };
    await expect(smCrypto.importPublicKey('SM2', off)).rejects.toThrow(/./);
    await expect(smCrypto.importPrivateKey('SM2', { ...jwk, d: generateSmJwk().d })).rejects.toThrow(/./);
  });
});
