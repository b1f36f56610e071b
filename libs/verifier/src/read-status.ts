import type { AllianceTrust } from '#libs/alliance';
import { isListed } from '#libs/offers';
import { statusAt, type VerifiedStatusList } from '#libs/status-list';
import type { StatusFacts } from './facts.js';

/** The status lists a gate holds, by exact uri. */
export interface StatusLists {
  get(uri: string): VerifiedStatusList | undefined;
}

/** What the held list says: a list counts only for the issuer whose member document names its exact uri (design §4.3). */
export function readStatus(
  issuer: string,
  status: { readonly idx: number; readonly uri: string },
  trust: AllianceTrust,
  lists: StatusLists,
): StatusFacts {
  // A suspended member lists nothing: the answer must not be "this gate must sync", which would tell why.
  const member = trust.member(issuer);
  if (member === undefined || member.suspended || !isListed(member.payload.statusLists, status.uri))
    return { list: 'not_listed' };
  const list = lists.get(status.uri);
  if (list === undefined || list.issuer !== issuer) return { list: 'missing' };
  return {
    list: 'held',
    isRevoked: statusAt(list, status.idx) !== 0,
    iat: list.iat,
    exp: list.exp,
    digest: list.digest,
  };
}
