import type { VerifiedStatusList } from './decode-status-list.js';

/** What a gate must remember of a list across restarts to refuse an older one. */
export type HeldStatusList = Pick<VerifiedStatusList, 'uri' | 'iat' | 'digest'>;

/** `conflicting`: the issuer signed two different lists for one instant; the one that came first stands. */
export type StatusListOrder = 'newer' | 'same' | 'older' | 'conflicting';

/**
 * How a decoded list stands to the one held for the same uri (design §4.3: a lower `iat` is refused). Nothing held: `newer`.
 * @throws TypeError when the two are lists of different uris
 */
export function orderStatusLists(candidate: HeldStatusList, held: HeldStatusList | undefined): StatusListOrder {
  if (held === undefined) return 'newer';
  if (candidate.uri !== held.uri) throw new TypeError('lists of different uris have no order');
  if (candidate.iat !== held.iat) return candidate.iat > held.iat ? 'newer' : 'older';
  return candidate.digest === held.digest ? 'same' : 'conflicting';
}

/** Whether the candidate replaces the held list. */
export function isNewerList(candidate: HeldStatusList, held: HeldStatusList | undefined): boolean {
  return orderStatusLists(candidate, held) === 'newer';
}
