import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { GatewayError } from './gateway-error.js';

/** The secret member of a private or symmetric key (RFC 7518 §6). */
const secretOf = ({
  kty,
  d,
  k,
}: {
  kty: string;
  d?: string | undefined;
  k?: string | undefined;
}): string | undefined => (kty === 'oct' ? k : d);

const keyFileSchema = z.strictObject({
  sample: z.boolean(),
  keys: z
    .array(
      z
        .strictObject({
          purpose: z.string().regex(/^[a-z][a-z-]*$/),
          alg: z.string().min(1),
          state: z.enum(['next', 'retired']).optional(),
          jwk: z.looseObject({
            kty: z.string().min(1),
            d: z.string().min(1).optional(),
            k: z.string().min(1).optional(),
          }),
        })
        .refine(({ state, jwk }) => state === 'retired' || secretOf(jwk) !== undefined, { path: ['jwk'] }),
    )
    .min(1),
});

/** A service's private and symmetric keys. `sample` keys were made for a demonstration and are worth nothing. */
export type KeyFile = z.infer<typeof keyFileSchema>;

/**
 * One private or symmetric key (JWK, RFC 7517) with its one purpose and algorithm. Without a `state` it is the one that signs; `next` is
 * made known before it signs, `retired` after: its private half may be gone.
 */
export type StoredKey = KeyFile['keys'][number];

/**
 * Reads a service's key file.
 * @throws GatewayError SAMPLE_KEYS_IN_PRODUCTION; KEYS_INVALID when it cannot be read, is malformed, or holds real keys
 *   that other accounts of the machine may read. No message repeats any of its content.
 */
export async function readKeyFile(path: string, options: { readonly production: boolean }): Promise<KeyFile> {
  const file = keyFileSchema.safeParse(await readJson(path));
  if (!file.success) {
    const places = new Set(file.error.issues.map((issue) => `/${issue.path.map(String).join('/')}`));
    return refuse(path, `malformed at ${[...places].join(', ')}`);
  }
  if (file.data.sample && options.production) throw new GatewayError('SAMPLE_KEYS_IN_PRODUCTION', { detail: path });
  if (!file.data.sample && (await isOpenToOthers(path)))
    return refuse(path, 'readable by others than its owner (mode 0600 is needed)');
  return file.data;
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => refuse(path, 'cannot be read'));
  try {
    const content: unknown = JSON.parse(text);
    return content;
  } catch {
    // Not kept as the cause: its message quotes the text, and the text is keys.
    return refuse(path, 'not JSON');
  }
}

async function isOpenToOthers(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  return (mode & 0o077) !== 0;
}

function refuse(path: string, what: string): never {
  throw new GatewayError('KEYS_INVALID', { detail: `${path}: ${what}` });
}
