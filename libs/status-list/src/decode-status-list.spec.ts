import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import {
  encodeBase64url,
  signBoundJws,
  signCompactJws,
  type CryptoPort,
  type JsonObject,
  type Signer,
  type VerificationKey,
} from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { decodeStatusList, statusAt, type VerifiedStatusList } from './decode-status-list.js';
import { signStatusList, STATUS_LIST_TYP } from './sign-status-list.js';
import { createStatusList, setStatus, type StatusBits } from './status-bits.js';

const ISSUER = 'https://rongcheng.example';
const URI = 'https://rongcheng.example/status/1';
const IAT = 1_795_000_000;
const REVOKED = [0, 7, 8, 1993, 131_071];

let signer: Signer;
let key: VerificationKey;
let strangerKey: VerificationKey;
let payload: JsonObject;
let token: string;

beforeAll(async () => {
  const [mine, stranger] = await Promise.all([ours(), ours()]);
  [signer, key, strangerKey] = [mine.signer, mine.key, stranger.key];
  const bits = createStatusList();
  for (const index of REVOKED) setStatus(bits, index, 1);
  token = await signStatusList({ iss: ISSUER, uri: URI, bits, iat: IAT, ttlSeconds: 300 }, signer, nodeCrypto);
  payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JsonObject;
});

async function ours(): Promise<{ signer: Signer; key: VerificationKey }> {
  const made = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  return { signer: made, key: await nodeCrypto.importPublicKey('ES256', made.publicJwk) };
}

const decode = (text: string, other: object = {}, port: CryptoPort = nodeCrypto): ReturnType<typeof decodeStatusList> =>
  decodeStatusList(text, { uri: URI, issuer: ISSUER, key, ...other }, port);

async function decoded(text: string): Promise<VerifiedStatusList> {
  const list = await decode(text);
  if (!list.ok) throw new Error(list.fault);
  return list.value;
}

/** The fault of a token that the county itself signed over another payload. */
async function faultOfSigned(change: JsonObject, typ = STATUS_LIST_TYP): Promise<string> {
  const list = await decode(await signCompactJws(typ, { ...payload, ...change }, signer, nodeCrypto));
  return list.ok ? 'none' : list.fault;
}

const faultsOf = (changes: readonly JsonObject[]): Promise<string[]> =>
  Promise.all(changes.map((change) => faultOfSigned(change)));

const lstOf = (bytes: Uint8Array): JsonObject => ({
  status_list: { bits: 1, lst: encodeBase64url(deflateSync(bytes)) },
});

describe('taking in a status list (Token Status List §8.3)', () => {
  it('answers for every entry what was signed', async () => {
    const list = await decoded(token);
    expect(list).toMatchObject({ uri: URI, issuer: ISSUER, iat: IAT, exp: IAT + 72 * 3600, ttl: 300 });
    const revoked = Array.from({ length: 131_072 }, (_, index) => index).filter((index) => statusAt(list, index) === 1);
    expect(revoked).toEqual(REVOKED);
  });

  it('answers nothing for an index that is no entry', async () => {
    const list = await decoded(token);
    const strange = ['7', 131_072, -1, 0.5, undefined, null, Number.NaN, [7]];
    expect(strange.map((index) => statusAt(list, index))).toEqual(strange.map(() => undefined));
  });

  it('names the list by its signing input, whatever the signature bytes', async () => {
    const claims = { iss: ISSUER, uri: URI, bits: createStatusList(), iat: IAT, ttlSeconds: 300 };
    const [one, two] = [
      await signStatusList(claims, signer, nodeCrypto),
      await signStatusList(claims, signer, nodeCrypto),
    ];
    expect(one).not.toBe(two);
    expect((await decoded(one)).digest).toBe((await decoded(two)).digest);
    expect((await decoded(one)).digest).not.toBe((await decoded(token)).digest);
    expect((await decoded(one)).digest).toMatch(/^[\w-]{43}$/);
  });

  it('refuses a list of another uri or issuer', async () => {
    expect(await decode(token, { uri: `${URI}/` })).toEqual({ ok: false, fault: 'STATUS_LIST_SUBJECT_WRONG' });
    expect(await decode(token, { issuer: 'https://rushan.example' })).toEqual({
      ok: false,
      fault: 'STATUS_LIST_ISSUER_WRONG',
    });
    expect(await faultsOf([{ sub: 'https://rushan.example/status/1' }, { sub: [URI] }, { iss: null }])).toEqual([
      'STATUS_LIST_SUBJECT_WRONG',
      'STATUS_LIST_SUBJECT_WRONG',
      'STATUS_LIST_ISSUER_WRONG',
    ]);
  });

  it('refuses a signature by another key, and a turned bit', async () => {
    expect(await decode(token, { key: strangerKey })).toEqual({ ok: false, fault: 'STATUS_LIST_SIGNATURE_WRONG' });
    const at = token.lastIndexOf('.') + 5;
    const turned = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
    expect(await decode(turned)).toEqual({ ok: false, fault: 'STATUS_LIST_SIGNATURE_WRONG' });
  });

  it('refuses every other typ, so also a plain JWT with the very same claims (§5.1, RFC 8725 §3.11)', async () => {
    const typs = ['JWT', 'statuslist+cwt', `application/${STATUS_LIST_TYP}`, 'dc+sd-jwt'];
    expect(await Promise.all(typs.map((typ) => faultOfSigned({}, typ)))).toEqual(typs.map(() => 'JWS_TYP_WRONG'));
  });

  it('refuses a header without a kid, and members it does not know', async () => {
    const bare = await signBoundJws(STATUS_LIST_TYP, payload, signer.key, nodeCrypto);
    expect(await decode(bare)).toEqual({ ok: false, fault: 'STATUS_LIST_MALFORMED' });
    const changes = [{ nbf: IAT }, { aud: URI }, { ttl: undefined }, { exp: undefined }, { iss: undefined }];
    expect(await faultsOf(changes)).toEqual(changes.map(() => 'STATUS_LIST_MALFORMED'));
  });

  it('refuses a status_list that is not exactly bits and lst', async () => {
    const lists = [
      {},
      null,
      [],
      'eNrbuRgAAhcBXQ',
      { bits: 1 },
      { lst: 'eNrbuRgAAhcBXQ' },
      { bits: 1, lst: 7 },
      { bits: 1, lst: 'eNrbuRgAAhcBXQ', aggregation_uri: URI },
    ];
    const changes = lists.map((list) => ({ status_list: list }));
    expect(await faultsOf(changes)).toEqual(lists.map(() => 'STATUS_LIST_MALFORMED'));
  });

  it('refuses more than one bit per entry, and bits that are no number', async () => {
    const changes = [2, 4, 8, 0, '1', true, null, 1.5].map((bits) => ({
      status_list: { bits, lst: 'eNrbuRgAAhcBXQ' },
    }));
    expect(await faultsOf(changes)).toEqual(changes.map(() => 'STATUS_LIST_BITS_REFUSED'));
  });

  it('refuses times that are not sound: no numbers, an empty or long life, a ttl beyond it', async () => {
    const changes: JsonObject[] = [
      { exp: String(IAT + 60) },
      { exp: null },
      { exp: 1e300 },
      { exp: IAT },
      { exp: IAT - 1 },
      { exp: IAT + 72 * 3600 + 1 },
      { iat: -1 },
      { iat: IAT + 0.5 },
      { iat: String(IAT) },
      { ttl: 0 },
      { ttl: -300 },
      { ttl: 72 * 3600 + 1 },
      { ttl: '300' },
    ];
    expect(await faultsOf(changes)).toEqual(changes.map(() => 'STATUS_LIST_TIMES_UNSOUND'));
  });

  it('refuses an lst that is not one canonical base64url text of one whole zlib stream', async () => {
    const { lst } = payload['status_list'] as { lst: string };
    const texts = ['', 'AAAA', `${lst}=`, lst.slice(0, -4), `${lst}AAAA`, `+${lst.slice(1)}`, ` ${lst}`, 'eJwDAAAAAAE'];
    const changes = texts.map((text) => ({ status_list: { bits: 1, lst: text } }));
    expect(await faultsOf(changes)).toEqual(texts.map(() => 'STATUS_LIST_UNREADABLE'));
  });
});

describe('decoding is bounded (design §4.3)', () => {
  it('takes in a list of 2^20 that cannot be compressed, and not one entry more', async () => {
    const dense: StatusBits = { bits: 1, bytes: nodeCrypto.randomBytes(131_072) };
    const signed = await signStatusList(
      { iss: ISSUER, uri: URI, bits: dense, iat: IAT, ttlSeconds: 300 },
      signer,
      nodeCrypto,
    );
    expect(signed.length).toBeGreaterThan(230_000);
    expect((await decoded(signed)).statuses.bytes).toEqual(Buffer.from(dense.bytes));
    expect(await faultOfSigned(lstOf(new Uint8Array(131_073)))).toBe('STATUS_LIST_UNREADABLE');
    expect(await decode(token, { maxEntries: 131_071 })).toEqual({ ok: false, fault: 'STATUS_LIST_UNREADABLE' });
    expect(await decode(token, { maxEntries: 131_072 })).toMatchObject({ ok: true });
  });

  it('refuses a 100 kB token that would inflate to 56 MB', async () => {
    const zeros = lstOf(new Uint8Array(56 * 2 ** 20));
    const bomb = await signCompactJws(STATUS_LIST_TYP, { ...payload, ...zeros }, signer, nodeCrypto);
    expect(bomb.length).toBeGreaterThan(95_000);
    expect(await decode(bomb)).toEqual({ ok: false, fault: 'STATUS_LIST_UNREADABLE' });
  });

  it('inflates nothing that the pinned key did not sign, and never beyond the bound', async () => {
    const asked: number[] = [];
    const watching: CryptoPort = {
      ...nodeCrypto,
      inflate: (data, maxBytes) => {
        asked.push(maxBytes);
        return nodeCrypto.inflate(data, maxBytes);
      },
    };
    await decode(token, { key: strangerKey }, watching);
    expect(asked).toEqual([]);
    await decode(token, {}, watching);
    expect(asked).toEqual([131_072]);
  });

  it('refuses a token too large before reading it', async () => {
    expect(await decode('A'.repeat(400_000))).toEqual({ ok: false, fault: 'JWS_TOO_LARGE' });
  });

  it('is an outcome, never an exception, for any edit of a good token', async () => {
    const edit = fc.tuple(fc.nat(token.length), fc.nat(3), fc.string({ maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(edit, async ([at, drop, insert]) => {
        const other = token.slice(0, at) + insert + token.slice(at + drop);
        return other === token || !(await decode(other)).ok;
      }),
    );
  });
});

describe('signing a status list (Token Status List §5.1, design §4.3)', () => {
  it('always carries iat, ttl and exp, 72 hours on unless told', () => {
    expect(Object.keys(payload)).toEqual(['exp', 'iat', 'iss', 'status_list', 'sub', 'ttl']);
    expect(payload).toMatchObject({ iss: ISSUER, sub: URI, iat: IAT, exp: IAT + 259_200, ttl: 300 });
  });

  it('refuses what no gate would take in', async () => {
    const claims = { iss: ISSUER, uri: URI, bits: createStatusList(), iat: IAT, ttlSeconds: 300 };
    const wrong = [
      { ...claims, lifetimeSeconds: 72 * 3600 + 1 },
      { ...claims, lifetimeSeconds: 299 },
      { ...claims, ttlSeconds: 0 },
      { ...claims, iat: IAT + 0.5 },
      { ...claims, bits: { bits: 2, bytes: new Uint8Array(32_768) } as const },
    ];
    for (const one of wrong) await expect(signStatusList(one, signer, nodeCrypto)).rejects.toThrow(RangeError);
  });
});
