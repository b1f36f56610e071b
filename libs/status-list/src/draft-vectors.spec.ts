import { expect, it } from '@jest/globals';
import { isJsonObject, parsePublicJwk, type JsonObject } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { describeWithVectors } from '#libs/testing';
import { compressStatusBits, inflateStatusBits } from './compressed-bits.js';
import { decodeStatusList } from './decode-status-list.js';
import { entryCount, readStatus, type BitsPerStatus, type StatusBits } from './status-bits.js';

interface Vectors {
  readonly vectors: Readonly<
    Record<
      string,
      {
        readonly bits: BitsPerStatus;
        readonly entries: number;
        readonly statuses: Readonly<Record<string, number>>;
        readonly lst: string;
      }
    >
  >;
  readonly small: Readonly<
    Record<string, { readonly bits: BitsPerStatus; readonly byte_array_hex: string; readonly lst: string }>
  >;
  readonly token: { readonly compact: string; readonly public_jwk: JsonObject; readonly payload: JsonObject };
}

const MAX_ENTRIES = 2 ** 20;

async function inflated(lst: string, bits: BitsPerStatus): Promise<StatusBits> {
  const list = await inflateStatusBits(lst, bits, MAX_ENTRIES, nodeCrypto);
  if (list === undefined) throw new Error('the vector does not inflate');
  return list;
}

describeWithVectors('status-list', (vectorFiles) => {
  const { vectors, small, token } = vectorFiles.json('tsl-draft-vectors.json') as Vectors;

  it.each(['1', '2', '4', '8'])('a list of 2^20 entries of %s bits has exactly the named statuses', async (width) => {
    const { bits, entries, statuses, lst } = vectors[width]!;
    const list = await inflated(lst, bits);
    expect(entryCount(list)).toBe(entries);
    const set: Record<string, number> = {};
    for (let index = 0; index < entries; index += 1) {
      const status = readStatus(list, index);
      if (status !== 0) set[index] = status ?? Number.NaN;
    }
    // One of the named statuses of the 8-bit list is 0, which every other entry is too.
    expect(set).toEqual(Object.fromEntries(Object.entries(statuses).filter(([, status]) => status !== 0)));
  });

  it.each(['1', '2'])(
    'the small list of %s bits inflates to its bytes, and comes back from our own deflation',
    async (width) => {
      const { bits, byte_array_hex: hex, lst } = small[width]!;
      const list = await inflated(lst, bits);
      expect(Buffer.from(list.bytes).toString('hex')).toBe(hex);
      expect(await inflated(await compressStatusBits(list, nodeCrypto), bits)).toEqual(list);
    },
  );

  it('the signed token verifies, though the profile takes neither its kid nor its twenty years', async () => {
    const jwk = parsePublicJwk(token.public_jwk, 'ES256');
    if (!jwk.ok) throw new Error(jwk.fault);
    const key = await nodeCrypto.importPublicKey('ES256', jwk.value);
    const at = token.compact.lastIndexOf('.');
    const signature = Buffer.from(token.compact.slice(at + 1), 'base64url');
    expect(await nodeCrypto.verify(key, token.compact.slice(0, at), signature)).toBe(true);
    expect(JSON.parse(Buffer.from(token.compact.split('.')[1] ?? '', 'base64url').toString())).toEqual(token.payload);
    const expected = { uri: 'https://example.com/statuslists/1', issuer: 'https://example.com', key };
    expect(await decodeStatusList(token.compact, expected, nodeCrypto)).toEqual({
      ok: false,
      fault: 'JWS_KID_MALFORMED',
    });
  });

  it('the token’s list is the small 1-bit list', () => {
    const list = token.payload['status_list'];
    expect(isJsonObject(list) && list['lst']).toBe(small['1']!.lst);
  });
});
