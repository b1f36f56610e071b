import { isSuiteName, parsePrivateJwk, type PublicJwk, type Signer } from '#libs/jose-profile';
import { nodeSigner } from '#libs/jose-profile/node';
import { GatewayError } from './gateway-error.js';
import type { KeyFile } from './key-store.js';

export type ServiceSigner = Signer & { readonly publicJwk: PublicJwk };

/**
 * The signer for one purpose out of a key file.
 * @throws GatewayError KEYS_INVALID when the file has no key, or more than one, of that purpose, or the key is not of its suite
 */
export async function openSigner(file: KeyFile, purpose: string): Promise<ServiceSigner> {
  const [stored, ...others] = file.keys.filter((key) => key.purpose === purpose);
  if (stored === undefined || others.length > 0)
    throw new GatewayError('KEYS_INVALID', { detail: `exactly one key of purpose ${purpose} is needed` });
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
