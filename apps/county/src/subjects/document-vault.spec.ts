import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { subjectKeys } from '../../../../test/county/running-county.js';
import { DocumentVault } from './document-vault.js';

const DOCUMENT = { type: 'resident_id', number: '11010519491231002X' } as const;
const [ONE, OTHER] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-vault-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function vaultOf(keys: readonly object[], sample = true, production = false): Promise<DocumentVault> {
  const file = path.join(folder, 'keys.json');
  await writeFile(file, JSON.stringify({ sample, keys }), { mode: 0o600 });
  return DocumentVault.read(file, production);
}

describe('the vault of document numbers', () => {
  it('gives back what it sealed, to the subject it was sealed for and in the form it had, only', async () => {
    const vault = await vaultOf(subjectKeys());
    const row = vault.seal(ONE, DOCUMENT);
    expect(vault.open(ONE, row)).toEqual(DOCUMENT);
    expect(row.sealed.includes(DOCUMENT.number)).toBe(false);
    expect(() => vault.open(OTHER, row)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(() => vault.open(ONE, { ...row, type: 'other' })).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    for (const at of [0, 12, 28]) {
      const changed = Buffer.from(row.sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => vault.open(ONE, { ...row, sealed: changed })).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    }
  });

  it('seals the same number differently each time, and finds it by one index that its key alone makes', async () => {
    const keys = subjectKeys();
    const vault = await vaultOf(keys);
    const [first, second] = [vault.seal(ONE, DOCUMENT), vault.seal(ONE, DOCUMENT)];
    expect(first.sealed.equals(second.sealed)).toBe(false);
    expect(first.blind.equals(second.blind)).toBe(true);
    expect(vault.blinds(DOCUMENT)).toEqual([first.blind]);
    expect(vault.blinds({ type: 'other', number: DOCUMENT.number })).not.toEqual([first.blind]);
    expect((await vaultOf(subjectKeys())).blinds(DOCUMENT)).not.toEqual([first.blind]);
  });

  it('opens and finds with retired keys what new ones have not sealed yet', async () => {
    const former = subjectKeys();
    const row = (await vaultOf(former)).seal(ONE, DOCUMENT);
    const retired = former.map((key) => ({ ...key, state: 'retired' }));
    const vault = await vaultOf([...subjectKeys(), ...retired]);
    expect(vault.open(ONE, row)).toEqual(DOCUMENT);
    expect(vault.blinds(DOCUMENT).some((blind) => blind.equals(row.blind))).toBe(true);
    expect(vault.seal(ONE, DOCUMENT).keyId).not.toBe(row.keyId);
    const without = await vaultOf(subjectKeys());
    expect(() => without.open(ONE, row)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });

  it('needs one active key of 256 bits for each purpose, and none of a sample in production', async () => {
    const [sealing, index] = subjectKeys() as [object, object];
    const short = { purpose: 'subject-index', alg: 'HS256', jwk: { kty: 'oct', k: 'c2hvcnQ' } };
    for (const keys of [[sealing], [index], [sealing, index, ...subjectKeys()], [sealing, short]])
      await expect(vaultOf(keys)).rejects.toMatchObject({ code: 'KEYS_INVALID' });
    await expect(vaultOf([sealing, index], true, true)).rejects.toMatchObject({ code: 'SAMPLE_KEYS_IN_PRODUCTION' });
    await expect(vaultOf([sealing, index], false, true)).resolves.toBeInstanceOf(DocumentVault);
  });
});
