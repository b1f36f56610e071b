import { isNumericDate, signCompactJws, type CryptoPort, type Signer } from '#libs/jose-profile';
import { compressStatusBits } from './compressed-bits.js';
import type { StatusBits } from './status-bits.js';

/** The `typ` of a Status List Token in JWT form (Token Status List §5.1). */
export const STATUS_LIST_TYP = 'statuslist+jwt';

/** The longest a list may stand without being signed anew, and the default (design §4.3): 72 hours. */
export const MAX_LIFETIME_SECONDS = 72 * 3600;

export interface StatusListClaims {
  /** The county's entity id. */
  readonly iss: string;
  /** Where the list is served; becomes `sub`. */
  readonly uri: string;
  readonly bits: StatusBits;
  /** Unix seconds. */
  readonly iat: number;
  /** How long a fetched copy serves before the next fetch. */
  readonly ttlSeconds: number;
  /** From `iat` to `exp`. */
  readonly lifetimeSeconds?: number;
}

/**
 * Signs a Status List Token (Token Status List §5.1) with a key of purpose `status`.
 * @throws RangeError on statuses of more than one bit, or times a decoder of this library would refuse
 */
export async function signStatusList(claims: StatusListClaims, signer: Signer, port: CryptoPort): Promise<string> {
  const { iss, uri, bits, iat, ttlSeconds: ttl, lifetimeSeconds = MAX_LIFETIME_SECONDS } = claims;
  const exp = iat + lifetimeSeconds;
  if (bits.bits !== 1) throw new RangeError('lists of this alliance hold one bit per entry');
  if (!areSoundTimes({ iat, exp, ttl })) throw new RangeError('the times of a status list are not sound');
  const lst = await compressStatusBits(bits, port);
  return signCompactJws(STATUS_LIST_TYP, { iss, sub: uri, iat, exp, ttl, status_list: { bits: 1, lst } }, signer, port);
}

export interface StatusListTimes {
  readonly iat: number;
  readonly exp: number;
  readonly ttl: number;
}

/** Whole seconds, `ttl` positive and not beyond `exp`, `exp` at most 72 hours after `iat` (Token Status List §5.1, §13.7). */
export function areSoundTimes(times: Record<keyof StatusListTimes, unknown>): times is StatusListTimes {
  const { iat, exp, ttl } = times;
  if (!isNumericDate(iat) || !isNumericDate(exp) || !isNumericDate(ttl)) return false;
  const lifetime = exp - iat;
  return ttl > 0 && ttl <= lifetime && lifetime <= MAX_LIFETIME_SECONDS;
}
