import { isSignedBy, parseCompactJws, parsePublicJwk, type JsonObject, type PublicJwk } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList, statusAt } from '#libs/status-list';
import type { HeldAttestation } from '#libs/wallet';
import { type Ask, COUNTY_ID } from './running-county.js';

export type AttestationFault = 'KEY_UNKNOWN' | 'SIGNATURE_INVALID' | 'REVOKED' | 'EXPIRED';

/**
 * Why an attestation is good no more, by the keys and the list that its county serves now.
 * @param statusKey which must have signed the list
 * @param now Unix seconds
 */
export async function faultOfAttestation(
  { jws, kid, claims }: HeldAttestation,
  ask: Ask,
  statusKey: PublicJwk,
  now: number,
): Promise<AttestationFault | undefined> {
  const { body } = await ask('GET', '/.well-known/jwt-vc-issuer');
  const { keys } = body['jwks'] as { readonly keys: readonly JsonObject[] };
  const jwk = parsePublicJwk(
    keys.find((each) => each['kid'] === kid),
    'ES256',
  );
  if (!jwk.ok) return 'KEY_UNKNOWN';
  const parsed = parseCompactJws(jws, { typ: 'dc+sd-jwt' });
  const key = await nodeCrypto.importPublicKey('ES256', jwk.value);
  if (!parsed.ok || !(await isSignedBy(parsed.value, key, nodeCrypto))) return 'SIGNATURE_INVALID';
  const { uri, idx } = claims.status;
  const { text } = await ask('GET', new URL(uri).pathname);
  const listKey = await nodeCrypto.importPublicKey('ES256', statusKey);
  const list = await decodeStatusList(text, { uri, issuer: COUNTY_ID, key: listKey }, nodeCrypto);
  if (!list.ok) throw new Error(list.fault);
  if (statusAt(list.value, idx) !== 0) return 'REVOKED';
  return claims.exp > now ? undefined : 'EXPIRED';
}
