import type { AllianceKey, AllianceTrust } from '#libs/alliance';
import { fail, pass, type Result } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList, type StatusListFault, type VerifiedStatusList } from '#libs/status-list';

/** A list with the key that vouches for it: when the key falls, so does the list. */
export interface ReadList {
  readonly list: VerifiedStatusList;
  readonly kid: string;
}

/** Whose list a uri is, and what serves it. */
export interface ListSource {
  readonly member: string;
  readonly origin: string;
}

/** Every status list there is under a trust, by uri. Suspended members have none. */
export function listedLists(trust: AllianceTrust): ReadonlyMap<string, ListSource> {
  const lists = new Map<string, ListSource>();
  for (const document of trust.documents.values())
    if (document.type === 'member' && !document.suspended)
      for (const uri of document.payload.statusLists)
        lists.set(uri, { member: document.payload.id, origin: new URL(uri).origin });
  return lists;
}

/** Whether a key may vouch for a member's lists now: purpose `status`, that member's, neither compromised nor suspended. */
export function isStatusKeyOf(key: AllianceKey | undefined, member: string): key is AllianceKey {
  if (key === undefined || key.purpose !== 'status') return false;
  if (key.owner.kind !== 'member' || key.owner.id !== member) return false;
  return key.status !== 'compromised' && !key.suspended;
}

/** Verifies a token as the list of a uri, by the key its header names among the member's own (design §4.3). */
export async function readStatusList(
  token: string,
  uri: string,
  member: string,
  trust: AllianceTrust,
): Promise<Result<ReadList, StatusListFault | 'STATUS_KEY_UNKNOWN'>> {
  const kid = namedKey(token);
  const key = kid === undefined ? undefined : trust.key(kid);
  if (!isStatusKeyOf(key, member)) return fail('STATUS_KEY_UNKNOWN');
  const expected = { uri, issuer: member, key: await key.verificationKey() };
  const decoded = await decodeStatusList(token, expected, nodeCrypto);
  return decoded.ok ? pass({ list: decoded.value, kid: key.kid }) : decoded;
}

/** The `kid` that the token claims; only ever a key into the bundle's own set. */
function namedKey(token: string): string | undefined {
  try {
    const header: unknown = JSON.parse(
      Buffer.from(token.slice(0, Math.max(0, token.indexOf('.'))), 'base64url').toString(),
    );
    const isObject = typeof header === 'object' && header !== null && 'kid' in header;
    return isObject && typeof header.kid === 'string' ? header.kid : undefined;
  } catch {
    return undefined;
  }
}
