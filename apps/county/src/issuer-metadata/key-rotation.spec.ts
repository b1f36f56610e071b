import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CountyConfig } from '#apps/county';
import { documentTyp } from '#libs/alliance';
import {
  canonicalJson,
  encodeBase64url,
  isSignedBy,
  parseCompactJws,
  parseDetachedJws,
  publicJwkOf,
  type JsonObject,
  type VerificationKey,
} from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto } from '#libs/jose-profile/node';
import { type KeyFile, openSigner, publishedKeys, type StoredKey } from '#libs/platform';
import { waitFor } from '#libs/testing';
import { holdAttestation, type HeldAttestation } from '#libs/wallet';
import { faultOfAttestation } from '../../../../test/county/fault-of-attestation.js';
import { nextScheme } from '../../../../test/county/next-scheme.js';
import {
  runCounty,
  type AnotherService,
  type Answer,
  type Ask,
  type RunningCounty,
} from '../../../../test/county/running-county.js';
import { assessAndRelease, settle } from '../../../../test/county/sample-residents.js';
import { makeKey, TestPhone, type PhoneKey } from '../../../../test/county/test-phone.js';
import { StatusListPublisher } from '../status-lists/status-list-publisher.js';

let county: RunningCounty;
let folder: string;
/** The keys of the running county, and the ones after them. */
let present: readonly StoredKey[];
let next: readonly StoredKey[];
beforeAll(async () => {
  county = await runCounty();
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-rotation-'));
  present = (JSON.parse(await readFile(county.config.keysFile, 'utf8')) as KeyFile).keys;
  next = await Promise.all(
    present.map(async ({ purpose, alg }) => ({ purpose, alg, jwk: { ...(await generatePrivateJwk('ES256')) } })),
  );
});
afterAll(async () => {
  await county.close();
  await rm(folder, { recursive: true });
});

/** The county started again with these keys, for as long as `work` takes. */
async function withKeys(
  keys: readonly StoredKey[],
  changes: Partial<CountyConfig>,
  work: (other: AnotherService) => Promise<void>,
): Promise<void> {
  const keysFile = path.join(folder, 'keys.json');
  await writeFile(keysFile, JSON.stringify({ sample: true, keys }));
  const other = await county.again({ ...changes, keysFile });
  try {
    await work(other);
  } finally {
    await other.close();
  }
}

const inState = (keys: readonly StoredKey[], state: 'next' | 'retired'): readonly StoredKey[] =>
  keys.map((key) => ({ ...key, state }));

/** A retired key as an operator leaves it: the private half is gone. */
const halved = (keys: readonly StoredKey[]): readonly StoredKey[] =>
  inState(keys, 'retired').map((key) => ({ ...key, jwk: { ...key.jwk, d: undefined } }));

/** Thumbprints of the attest and the status key. */
async function kidsOf(keys: readonly StoredKey[]): Promise<readonly string[]> {
  const file = { sample: true, keys: [...keys] };
  const listed = [...(await publishedKeys(file, 'attest')), ...(await publishedKeys(file, 'status'))];
  return listed.map(({ kid }) => kid);
}

async function publishedBy(ask: Ask): Promise<readonly string[]> {
  const { body, text } = await ask('GET', '/.well-known/jwt-vc-issuer');
  expect(text).not.toContain('"d"');
  const { keys } = body['jwks'] as { keys: readonly { kid: string }[] };
  return keys.map(({ kid }) => kid).toSorted();
}

async function listNow(ask: Ask): Promise<{ readonly kid: unknown; readonly iat: number }> {
  const [header = '', payload = ''] = (await ask('GET', '/s/1')).text.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return { kid: read(header)['kid'], iat: Number(read(payload)['iat']) };
}

/** What a process of the county has put into the outbox under this id, and signed with the present statement key of `keys`. */
async function statementOf(answer: Answer, keys: readonly StoredKey[]): Promise<Readonly<Record<string, string>>> {
  expect(answer.status).toBe(202);
  const [row] = await county.database.query<readonly { readonly jws: string }[]>(
    "SELECT payload ->> 'jws' AS jws FROM outbox_message WHERE id = $1",
    [answer.body['statement']],
  );
  const parsed = parseCompactJws(row?.jws ?? '', { typ: 'xinqiao-statement+jwt' });
  if (!parsed.ok) throw new Error(parsed.fault);
  expect(await isSignedBy(parsed.value, await statementKeyOf(keys), nodeCrypto)).toBe(true);
  return parsed.value.payload['body'] as JsonObject & Readonly<Record<string, string>>;
}

async function statementKeyOf(keys: readonly StoredKey[]): Promise<VerificationKey> {
  const { publicJwk } = await openSigner({ sample: true, keys: [...keys] }, 'statement');
  return nodeCrypto.importPublicKey('ES256', publicJwk);
}

async function hold(attestation: unknown, key: PhoneKey): Promise<HeldAttestation> {
  const held = await holdAttestation(String(attestation), publicJwkOf(key.jwk), nodeCrypto);
  if (!held.ok) throw new Error(held.fault);
  return held.value;
}

describe('a county that changes its keys by its key file (docs/key-rotation.md)', () => {
  it('makes the next keys known before they sign, and retired ones as long as they are listed, without their private halves', async () => {
    const [old, fresh] = [await kidsOf(present), await kidsOf(next)];
    const both = [old[0]!, fresh[0]!].toSorted();
    expect(await publishedBy(county.ask)).toEqual([old[0]]);
    await withKeys([...present, ...inState(next, 'next')], {}, async ({ ask }) => {
      expect(await publishedBy(ask)).toEqual(both);
      expect((await listNow(ask)).kid).toBe(old[1]);
    });
    const before = await listNow(county.ask);
    county.clock.advance(county.config.statusTtlSeconds);
    await withKeys([...halved(present), ...next], {}, async ({ ask }) => {
      expect(await publishedBy(ask)).toEqual(both);
      await waitFor(async () => (await listNow(ask)).kid === fresh[1]);
      expect((await listNow(ask)).iat).toBeGreaterThan(before.iat);
    });
    await withKeys(next, {}, async ({ ask }) => expect(await publishedBy(ask)).toEqual([fresh[0]]));
  });

  it('does not start with two keys that sign, with none, or without the private half of one', async () => {
    const [attest, ...others] = present;
    if (attest === undefined) throw new Error('an attest key');
    const { d: _, ...half } = attest.jwk;
    const wrong: readonly (readonly StoredKey[])[] = [
      [...present, ...next],
      inState(present, 'next'),
      [{ ...attest, state: 'retired' }, ...others],
      [{ ...attest, jwk: half }, ...others],
    ];
    for (const keys of wrong)
      await expect(withKeys(keys, {}, () => Promise.resolve())).rejects.toMatchObject({ code: 'KEYS_INVALID' });
  });

  it('and its scheme leaves what it issued under the former one good until it expires, and signs that one again with its new key', async () => {
    const desk = await county.as('desk');
    await settle(county);
    const declared = await statementOf(await desk('POST', '/v1/admin/scheme-declarations', {}), present);
    const former = JSON.parse(Buffer.from(declared['payload']!, 'base64url').toString()) as JsonObject;
    const phone = await TestPhone.enrol(county, 'wd-1');
    const key = await makeKey();
    await phone.consent('rugao-spot');
    const held = await hold((await phone.obtain('rugao-spot', key)).body['attestation'], key);
    expect(held.claims.scheme.fingerprint).toBe(former['fingerprint']);
    // As in a redeployment: the process of the former keys signs no more.
    await county.app.get(StatusListPublisher, { strict: false }).onModuleDestroy();
    const schemesFolder = await nextScheme(folder, { AAA: { ge: 1_090 }, AA: { ge: 1_030, lt: 1_090 } });
    const { publicJwk: statusKey } = await openSigner({ sample: true, keys: [...next] }, 'status');
    const fault = (of: HeldAttestation, ask: Ask) => faultOfAttestation(of, ask, statusKey, county.clock.now());
    const rotated = [...halved(present), ...next];

    county.clock.advance(county.config.statusTtlSeconds);
    await withKeys(rotated, { schemesFolder }, async (other) => {
      const { ask } = other;
      const manager = await other.as('desk');
      expect((await assessAndRelease(other)).status).toBe(200);
      const [issued] = JSON.parse((await phone.through(ask).renew()).text) as readonly { attestation: string }[];
      const renewed = await hold(issued?.attestation, key);
      expect(renewed.claims.scheme.fingerprint).not.toBe(former['fingerprint']);
      expect([renewed.kid === held.kid, await fault(held, ask), await fault(renewed, ask)]).toEqual([
        false,
        undefined,
        undefined,
      ]);
      const scheme = { id: former['id'], fingerprint: former['fingerprint'] };
      const terms = { version: 1, map: { AAA: 'AAA', AA: 'AA', A: 'A' }, excluded: ['B', 'C', 'D'] };
      const table = { type: 'table', id: 'wendeng', scheme, ...terms, effectiveFrom: '2026-01-01' };
      for (const [type, payload] of [
        ['scheme', former],
        ['table', table],
      ] as const) {
        const again = await manager('POST', '/v1/admin/countersignatures', { payload });
        const { digest, signature } = await statementOf(again, next);
        const bytes = canonicalJson(payload);
        expect(digest).toBe(encodeBase64url(await nodeCrypto.sha256(bytes)));
        const signed = parseDetachedJws(signature!, encodeBase64url(bytes), documentTyp(type));
        expect(signed.ok && (await isSignedBy(signed.value, await statementKeyOf(next), nodeCrypto))).toBe(true);
      }
    });
    county.clock.advance(held.claims.exp - 1 - county.clock.now());
    await withKeys(rotated, { schemesFolder }, async ({ ask }) => {
      expect(await fault(held, ask)).toBeUndefined();
      county.clock.advance(1);
      expect(await fault(held, ask)).toBe('EXPIRED');
    });
    await withKeys(next, { schemesFolder }, async ({ ask }) => expect(await fault(held, ask)).toBe('KEY_UNKNOWN'));
  });
});
