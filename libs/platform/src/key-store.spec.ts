import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readKeyFile } from './index.js';

const { subtle } = globalThis.crypto;
const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const privateKey = await subtle.exportKey('jwk', pair.privateKey);
const keys = [{ purpose: 'attest', alg: 'ES256', jwk: privateKey }];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xinqiao-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function keyFile(name: string, content: unknown, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  await chmod(path, mode);
  return path;
}

describe('key files', () => {
  it('give the private keys with their purposes', async () => {
    const path = await keyFile('own.json', { sample: false, keys });
    await expect(readKeyFile(path, { production: true })).resolves.toEqual({ sample: false, keys });
  });

  it('may hold symmetric keys', async () => {
    const content = { sample: false, keys: [{ purpose: 'seal', alg: 'A256GCM', jwk: { kty: 'oct', k: 'c2VjcmV0' } }] };
    const path = await keyFile('symmetric.json', content);
    await expect(readKeyFile(path, { production: true })).resolves.toEqual(content);
  });

  it('with sample keys serve a demonstration, readable by anyone, and are refused in production', async () => {
    const path = await keyFile('sample.json', { sample: true, keys }, 0o644);
    await expect(readKeyFile(path, { production: false })).resolves.toMatchObject({ sample: true });
    await expect(readKeyFile(path, { production: true })).rejects.toMatchObject({ code: 'SAMPLE_KEYS_IN_PRODUCTION' });
  });

  it.each([0o640, 0o604])('with real keys are refused when others may read them (mode %d)', async (mode) => {
    const path = await keyFile('open.json', { sample: false, keys }, mode);
    await expect(readKeyFile(path, { production: false })).rejects.toMatchObject({ code: 'KEYS_INVALID' });
  });

  it('that are malformed are refused without repeating their content', async () => {
    const secret = privateKey.d ?? '';
    const faulty = [
      `{"sample":false,"keys":[{"d":"${secret}"`,
      { sample: false, keys: [] },
      { keys },
      { sample: true, keys: [{ purpose: 'attest', alg: 'ES256', jwk: { kty: 'EC' } }] },
      { sample: true, keys: [{ purpose: 'seal', alg: 'A256GCM', jwk: { kty: 'oct', d: secret } }] },
      { sample: true, keys: [{ purpose: secret, alg: 'ES256', jwk: privateKey }] },
    ];
    for (const content of faulty) {
      const path = await keyFile('faulty.json', content);
      const error: unknown = await readKeyFile(path, { production: false }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'KEYS_INVALID', cause: undefined });
      expect(String(error)).not.toContain(secret);
    }
    await expect(readKeyFile(join(folder, 'none'), { production: false })).rejects.toMatchObject({
      code: 'KEYS_INVALID',
    });
  });
});
