import {
  isSuiteName,
  jwkThumbprint,
  parsePrivateJwk,
  parsePublicJwk,
  type JsonObject,
  type PublicJwk,
  type Signer,
  type SuiteName,
} from '#libs/jose-profile';
import { nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { GatewayError } from './gateway-error.js';
import type { KeyFile } from './key-store.js';

export type ServiceSigner = Signer & { readonly publicJwk: PublicJwk };

/**
 * The signer for one purpose out of a key file: the key that is neither next nor retired.
 * @throws GatewayError KEYS_INVALID when the file has no such key, or more than one, of that purpose, or it is not of its suite
 */
export async function openSigner(file: KeyFile, purpose: string): Promise<ServiceSigner> {
  const [stored, ...others] = file.keys.filter((key) => key.purpose === purpose && key.state === undefined);
  if (stored === undefined || others.length > 0)
    throw new GatewayError('KEYS_INVALID', {
      detail: `exactly one key of purpose ${purpose} that is neither next nor retired is needed`,
    });
  const jwk = isSuiteName(stored.alg) ? parsePrivateJwk(stored.jwk, stored.alg) : undefined;
  if (!isSuiteName(stored.alg) || !jwk?.ok)
    throw new GatewayError('KEYS_INVALID', { detail: `the key of purpose ${purpose} does not fit its suite` });
  try {
    return await nodeSigner(stored.alg, jwk.value);
  } catch {
    // Not kept as the cause: it may describe the key.
    throw new GatewayError('KEYS_INVALID', { detail: `the key of purpose ${purpose} is not a key of its curve` });
  }
}

/** A public key as a service makes it known (RFC 7517). */
export type PublishedJwk = PublicJwk & { readonly kid: string; readonly use: 'sig'; readonly alg: SuiteName };

/**
 * The public halves of every key of one purpose, next and retired ones included, in the order of the file.
 * @throws GatewayError KEYS_INVALID when one is not of its suite
 */
export async function publishedKeys(file: KeyFile, purpose: string): Promise<readonly PublishedJwk[]> {
  const keys: PublishedJwk[] = [];
  for (const { purpose: each, alg, jwk } of file.keys) {
    if (each !== purpose) continue;
    const { d: _, key_ops: __, ...half } = jwk;
    const parsed = isSuiteName(alg) ? parsePublicJwk(half as JsonObject, alg) : undefined;
    if (!isSuiteName(alg) || !parsed?.ok)
      throw new GatewayError('KEYS_INVALID', { detail: `a key of purpose ${purpose} does not fit its suite` });
    keys.push({ ...parsed.value, kid: await jwkThumbprint(parsed.value, nodeCrypto), use: 'sig', alg });
  }
  return keys;
}
