import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyAnchors, type Anchor, type SignedDocument } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';

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

async function makeRoot(name: string): Promise<Anchor['keys'][number]> {
  const { jwk } = await tool('new', 'root', at(`${name}.json`));
  return { jwk: jwk as Anchor['keys'][number]['jwk'], alg: 'ES256', organisation: name };
}

describe('tools/alliance-key.mjs, for whoever holds a key that never touches a server', () => {
  it('makes keys, and signs an anchor by one holder after the other', async () => {
    const old = [await makeRoot('a'), await makeRoot('b')];
    const next = [await makeRoot('c'), await makeRoot('d')];
    expect((await stat(at('a.json'))).mode & 0o777).toBe(0o600);
    const content = { version: 2, iat: 1_795_000_000, threshold: 2, keys: next };
    await writeFile(at('anchor.json'), JSON.stringify(content));
    for (const root of ['a', 'b', 'c', 'd']) {
      const { signed } = await tool('sign', 'anchor', at(`${root}.json`), at('anchor.json'));
      expect(signed).toEqual({ ...content, type: 'anchor' });
    }
    const document = JSON.parse(await readFile(at('anchor.json'), 'utf8')) as SignedDocument;
    const held = { version: 1, threshold: 2, keys: old };
    expect(await verifyAnchors(held, [document], nodeCrypto)).toMatchObject({
      ok: true,
      value: { anchor: { version: 2 } },
    });
  });

  it('signs what the federation answers to a draft', async () => {
    await makeRoot('e');
    const { payload } = JSON.parse(await readFile(at('anchor.json'), 'utf8')) as SignedDocument;
    await writeFile(at('draft.json'), JSON.stringify({ digest: 'x', payload, signatures: [{ kid: 'y' }] }));
    const { signature } = await tool('sign', 'anchor', at('e.json'), at('draft.json'));
    expect(JSON.parse(await readFile(at('draft.json'), 'utf8'))).toEqual({ payload, signatures: [signature] });
  });

  it('overwrites no key, and signs nothing that no gate reads', async () => {
    await expect(tool('new', 'root', at('a.json'))).rejects.toMatchObject({ code: 1 });
    await writeFile(at('wrong.json'), JSON.stringify({ version: 1 }));
    await expect(tool('sign', 'anchor', at('a.json'), at('wrong.json'))).rejects.toMatchObject({ code: 1 });
  });
});
