import { describe, expect, it } from '@jest/globals';
import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { encodeBase64url } from './base64url.js';
import { parsePublicJwk, publicJwkOf, type PublicJwk } from './jwk.js';
import { generatePrivateJwk, nodeCrypto, nodeCryptoPooled, nodeSigner } from './node-crypto.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('digests and randomness', () => {
  it('SHA-256 of bytes and of an ASCII string are those of FIPS 180-4', async () => {
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(hex(await nodeCrypto.sha256('abc'))).toBe(digest);
    expect(hex(await nodeCrypto.sha256(Uint8Array.of(97, 98, 99)))).toBe(digest);
  });

  it('random bytes have the asked length and differ', () => {
    const [one, two] = [nodeCrypto.randomBytes(16), nodeCrypto.randomBytes(16)];
    expect([one.length, two.length]).toEqual([16, 16]);
    expect(hex(one)).not.toBe(hex(two));
  });
});

describe('randomness drawn ahead', () => {
  it('is handed out once, whatever lengths are asked for', () => {
    const drawn = Array.from({ length: 3000 }, (_, index) => nodeCrypto.randomBytes(16 + (index % 7)));
    expect(new Set(drawn.map((bytes) => hex(bytes.subarray(0, 16)))).size).toBe(drawn.length);
    expect(drawn.every((bytes, index) => bytes.length === 16 + (index % 7))).toBe(true);
  });

  it('serves more than is drawn ahead', () => {
    const [one, two] = [nodeCrypto.randomBytes(10_000), nodeCrypto.randomBytes(10_000)];
    expect([one.length, two.length]).toEqual([10_000, 10_000]);
    expect(hex(one.subarray(-32))).not.toBe(hex(two.subarray(-32)));
    expect(one.subarray(-32).some((byte) => byte !== 0)).toBe(true);
  });

  it('is a copy: nobody reads the next one, or the last one, from it', () => {
    const bytes = nodeCrypto.randomBytes(16);
    expect(bytes.buffer.byteLength).toBe(16);
  });
});

describe('importing keys', () => {
  it('rejects a point that does not lie on the curve', async () => {
    const jwk = publicJwkOf(await generatePrivateJwk('ES256'));
    const off = { ...jwk, x: encodeBase64url(new Uint8Array(32).fill(1)) };
    expect(parsePublicJwk(off, 'ES256').ok).toBe(true);
    await expect(nodeCrypto.importPublicKey('ES256', off)).rejects.toThrow(/./);
  });

  it('rejects what is no point of P-256: a coordinate of the field order or more, of another length, another curve', async () => {
    const jwk = publicJwkOf(await generatePrivateJwk('ES256'));
    if (jwk.crv !== 'P-256') throw new TypeError('a generated key is of the wrong kind');
    const order = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff';
    const odd = [encodeBase64url(Buffer.from(order, 'hex')), encodeBase64url(new Uint8Array(32)), '', jwk.x.slice(4)];
    for (const x of odd) await expect(nodeCrypto.importPublicKey('ES256', { ...jwk, x })).rejects.toThrow(/./);
    for (const y of [...odd, `${jwk.y}AAAA`])
      await expect(nodeCrypto.importPublicKey('ES256', { ...jwk, y })).rejects.toThrow(/./);
    const longer = encodeBase64url(Buffer.concat([Buffer.from(jwk.x, 'base64url'), Buffer.of(0)]));
    await expect(nodeCrypto.importPublicKey('ES256', { ...jwk, x: longer })).rejects.toThrow(TypeError);
    const others = [publicJwkOf(await generatePrivateJwk('EdDSA')), { ...jwk, crv: 'SM2' } as const];
    for (const other of others) await expect(nodeCrypto.importPublicKey('ES256', other)).rejects.toThrow(TypeError);
  });

  it.each(['ES256', 'EdDSA'] as const)(
    'rejects a %s private key that is malformed or of another public half',
    async (suite) => {
      const [jwk, other] = [await generatePrivateJwk(suite), await generatePrivateJwk(suite)];
      for (const d of ['', 'AA', other.d])
        await expect(nodeCrypto.importPrivateKey(suite, { ...jwk, d })).rejects.toThrow(/./);
    },
  );

  it('makes a signer whose public half is its own', async () => {
    const jwk = await generatePrivateJwk('EdDSA');
    const signer = await nodeSigner('EdDSA', jwk);
    expect(signer.publicJwk).toEqual(publicJwkOf(jwk));
    expect(signer.key.suite).toBe('EdDSA');
  });

  it('has no key of a suite that OpenSSL is not asked for: nothing imports, signs or verifies', async () => {
    const jwk = { ...publicJwkOf(await generatePrivateJwk('ES256')), crv: 'SM2' } as PublicJwk;
    const key = await nodeCrypto.importPrivateKey('ES256', await generatePrivateJwk('ES256'));
    await expect(generatePrivateJwk('SM2')).rejects.toThrow(TypeError);
    await expect(nodeCrypto.importPublicKey('SM2', jwk)).rejects.toThrow(TypeError);
    await expect(nodeCrypto.importPrivateKey('SM2', { ...jwk, d: jwk.x })).rejects.toThrow(TypeError);
    await expect(nodeCrypto.sign({ ...key, suite: 'SM2' }, 'a.b')).rejects.toThrow(TypeError);
    expect(await nodeCrypto.verify({ suite: 'SM2', handle: undefined }, 'a.b', new Uint8Array(64))).toBe(false);
  });

  it('never rejects on verifying: a broken key or an empty signature is false', async () => {
    const key = await nodeCrypto.importPublicKey('ES256', publicJwkOf(await generatePrivateJwk('ES256')));
    expect(await nodeCrypto.verify(key, 'a.b', new Uint8Array())).toBe(false);
    expect(await nodeCrypto.verify({ suite: 'ES256', handle: undefined }, 'a.b', new Uint8Array(64))).toBe(false);
  });
});

describe('bounded inflation of a zlib stream (RFC 1950)', () => {
  const plain = new Uint8Array(100_000).map((_, index) => (index * index) % 251);

  it('comes back from its own deflation, up to exactly the bound', async () => {
    const packed = await nodeCrypto.deflate(plain);
    expect(await nodeCrypto.inflate(packed, plain.length)).toEqual(Buffer.from(plain));
    expect(await nodeCrypto.inflate(packed, plain.length - 1)).toBeUndefined();
  });

  it('gives up at once on 2 MB that would become 2 GB', async () => {
    const mebibyteOfZeros = deflateRawSync(new Uint8Array(2 ** 20), { finishFlush: constants.Z_FULL_FLUSH });
    const bomb = Buffer.concat([Buffer.of(0x78, 0xda), ...Array.from({ length: 2048 }, () => mebibyteOfZeros)]);
    const before = process.cpuUsage();
    expect(await nodeCrypto.inflate(bomb, 131_072)).toBeUndefined();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(500);
  });

  it('refuses truncated, trailing, damaged and foreign streams', async () => {
    const packed = deflateSync(plain);
    const damaged = Uint8Array.from(packed);
    damaged[damaged.length - 1]! ^= 1;
    const streams = [
      new Uint8Array(),
      packed.subarray(0, -1),
      packed.subarray(0, 2),
      Buffer.concat([packed, Buffer.of(0)]),
      Buffer.concat([packed, packed]),
      damaged,
      gzipSync(plain),
      deflateRawSync(plain),
    ];
    for (const stream of streams) expect(await nodeCrypto.inflate(stream, plain.length * 2)).toBeUndefined();
  });
});

describe('verification on the thread pool', () => {
  it.each(['ES256', 'EdDSA'] as const)(
    'says of %s signatures what verification in place says, and never rejects',
    async (suite) => {
      const { key, publicJwk } = await nodeSigner(suite, await generatePrivateJwk(suite));
      const signature = await nodeCrypto.sign(key, 'a.b');
      const imported = await nodeCrypto.importPublicKey(suite, publicJwk);
      const cases = [
        { by: imported, over: 'a.b', signed: signature },
        { by: imported, over: 'a.c', signed: signature },
        { by: imported, over: 'a.b', signed: signature.toReversed() },
        { by: imported, over: 'a.b', signed: signature.subarray(1) },
        { by: { suite, handle: undefined }, over: 'a.b', signed: signature },
      ];
      const answers = await Promise.all(cases.map(({ by, over, signed }) => nodeCryptoPooled.verify(by, over, signed)));
      expect(answers).toEqual([true, false, false, false, false]);
      expect(await Promise.all(cases.map(({ by, over, signed }) => nodeCrypto.verify(by, over, signed)))).toEqual(
        answers,
      );
    },
  );
});
