import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  docsRoot,
  documentDigest,
  signDocument,
  verifyAnchors,
  type Anchor,
  type SignedDocument,
} from '#libs/alliance';
import { jwkThumbprint, type PublicJwk } from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto } from '#libs/jose-profile/node';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function tool(...parameters: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)('node', ['tools/alliance-key.mjs', ...parameters]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const at = (name: string): string => path.join(folder, name);

type Keys = readonly { readonly purpose: string; readonly state?: string }[];

/** A key file as the tool or an operator leaves it. */
async function keyFile(name: string, keys: Keys): Promise<PublicJwk[]> {
  const made = await Promise.all(keys.map(async (key) => ({ ...key, jwk: await generatePrivateJwk('ES256') })));
  const content = { sample: false, keys: made.map((key) => ({ ...key, alg: 'ES256' })) };
  await writeFile(at(name), JSON.stringify(content), { mode: 0o600 });
  return made.map(({ jwk }) => {
    const { d: _, ...half } = jwk;
    return half;
  });
}

async function makeRoot(name: string): Promise<Anchor['keys'][number]> {
  const [jwk] = await keyFile(`${name}.json`, [{ purpose: 'root' }]);
  return { jwk: jwk!, alg: 'ES256', organisation: name };
}

/** Why the tool refused. */
async function complaint(...parameters: readonly string[]): Promise<string> {
  const refused = await tool(...parameters).catch((error: unknown) => error as { code: number; stderr: string });
  expect(refused).toMatchObject({ code: 1 });
  return String(refused['stderr']);
}

const DIGEST = 'A'.repeat(43);
const ROUND = { epoch: 1, round: 2, iat: 1_795_000_000, exp: 1_795_100_000, docs_root: '', suspended: [] };

describe('tools/alliance-key.mjs, for whoever holds a key that never touches a server', () => {
  it('makes keys, shows an anchor, and signs it by one holder after the other', async () => {
    const { jwk } = await tool('new', 'root', at('a.json'));
    expect((await stat(at('a.json'))).mode & 0o777).toBe(0o600);
    const old = [{ jwk: jwk as PublicJwk, alg: 'ES256' as const, organisation: 'a' }, await makeRoot('b')];
    const next = [await makeRoot('c'), await makeRoot('d')];
    const content = { version: 2, iat: 1_795_000_000, threshold: 2, keys: next };
    await writeFile(at('anchor.json'), JSON.stringify(content));
    const { payload, digest } = await tool('show', 'anchor', at('anchor.json'));
    expect(payload).toEqual({ ...content, type: 'anchor' });
    for (const root of ['a', 'b', 'c', 'd']) {
      const { signed } = await tool('sign', 'anchor', at(`${root}.json`), at('anchor.json'), String(digest));
      expect(signed).toEqual(payload);
    }
    const document = JSON.parse(await readFile(at('anchor.json'), 'utf8')) as SignedDocument;
    const held = { version: 1, threshold: 2, keys: old };
    expect(await verifyAnchors(held, [document], nodeCrypto)).toMatchObject({
      ok: true,
      value: { anchor: { version: 2 } },
    });
  });

  it('signs what the federation answers to a draft, with the one key of a file that may, and shows what a round covers', async () => {
    const documents = [DIGEST, 'B'.repeat(42) + 'A'];
    const round = await signDocument(
      'round',
      { ...ROUND, docs_root: await docsRoot(documents, nodeCrypto) },
      [],
      nodeCrypto,
    );
    const digest = await documentDigest(round, nodeCrypto);
    const answer = { ...round, digest, documents, signatures: [{ kid: 'y' }] };
    await writeFile(at('draft.json'), JSON.stringify(answer));
    await keyFile('county.json', [{ purpose: 'attest' }, { purpose: 'status' }, { purpose: 'statement' }]);
    await keyFile('office.json', [
      { purpose: 'attest' },
      { purpose: 'officer', state: 'retired' },
      { purpose: 'officer' },
    ]);
    const officer = JSON.parse(await readFile(at('office.json'), 'utf8')) as { keys: { jwk: PublicJwk }[] };

    expect(await tool('show', 'round', at('draft.json'))).toMatchObject({ digest, documents });
    expect(await complaint('sign', 'round', at('county.json'), at('draft.json'), digest)).toContain('officer');
    const { signature, by } = await tool('sign', 'round', at('office.json'), at('draft.json'), digest);
    expect(by).toBe(await jwkThumbprint(officer.keys[2]!.jwk, nodeCrypto));
    const { payload } = round;
    expect(JSON.parse(await readFile(at('draft.json'), 'utf8'))).toEqual({
      payload,
      signatures: [signature],
      documents,
    });

    await writeFile(at('draft.json'), JSON.stringify({ ...answer, documents: [DIGEST] }));
    expect(await complaint('sign', 'round', at('office.json'), at('draft.json'), digest)).toContain('docs_root');
  });

  it('signs nothing but what was shown, and not with a file in which two keys might be meant', async () => {
    const table = { id: 't', scheme: { id: 's', fingerprint: DIGEST }, version: 1, map: {}, excluded: [] };
    await writeFile(at('table.json'), JSON.stringify({ ...table, effectiveFrom: '2026-06-01' }));
    await keyFile('both.json', [{ purpose: 'statement' }, { purpose: 'officer' }]);
    const { digest } = await tool('show', 'table', at('table.json'));
    const before = await readFile(at('table.json'), 'utf8');
    expect(await complaint('sign', 'table', at('both.json'), at('table.json'), String(digest))).toContain(
      'exactly one',
    );
    expect(await complaint('sign', 'table', at('county.json'), at('table.json'), DIGEST)).toContain(
      'not the one given',
    );
    expect(await readFile(at('table.json'), 'utf8')).toBe(before);
  });

  it('overwrites no key, makes none without a purpose, and signs nothing that no gate reads', async () => {
    await complaint('new', 'root', at('b.json'));
    expect(await complaint('new', 'roots', at('x.json'))).toContain('roots');
    await writeFile(at('wrong.json'), JSON.stringify({ version: 1 }));
    await complaint('sign', 'anchor', at('b.json'), at('wrong.json'), DIGEST);
  });
});
