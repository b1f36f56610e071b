import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generatePrivateJwk } from '#libs/jose-profile/node';
import { type KeyFile, publishedKeys, type StoredKey } from '#libs/platform';
import { waitFor } from '#libs/testing';
import { runCounty, type Ask, type RunningCounty } from '../../../../test/county/running-county.js';

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
async function withKeys(keys: readonly StoredKey[], work: (ask: Ask) => Promise<void>): Promise<void> {
  const keysFile = path.join(folder, 'keys.json');
  await writeFile(keysFile, JSON.stringify({ sample: true, keys }));
  const other = await county.again({ keysFile });
  try {
    await work(other.ask);
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

describe('a county that changes its keys by its key file (docs/key-rotation.md)', () => {
  it('makes the next keys known before they sign, and retired ones as long as they are listed, without their private halves', async () => {
    const [old, fresh] = [await kidsOf(present), await kidsOf(next)];
    const both = [old[0]!, fresh[0]!].toSorted();
    expect(await publishedBy(county.ask)).toEqual([old[0]]);
    await withKeys([...present, ...inState(next, 'next')], async (ask) => {
      expect(await publishedBy(ask)).toEqual(both);
      expect((await listNow(ask)).kid).toBe(old[1]);
    });
    const before = await listNow(county.ask);
    county.clock.advance(county.config.statusTtlSeconds);
    await withKeys([...halved(present), ...next], async (ask) => {
      expect(await publishedBy(ask)).toEqual(both);
      await waitFor(async () => (await listNow(ask)).kid === fresh[1]);
      expect((await listNow(ask)).iat).toBeGreaterThan(before.iat);
    });
    await withKeys(next, async (ask) => expect(await publishedBy(ask)).toEqual([fresh[0]]));
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
      await expect(withKeys(keys, () => Promise.resolve())).rejects.toMatchObject({ code: 'KEYS_INVALID' });
  });
});
