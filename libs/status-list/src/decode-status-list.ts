import {
  encodeBase64url,
  fail,
  isJsonObject,
  isSignedBy,
  parseCompactJws,
  pass,
  type CryptoPort,
  type JsonObject,
  type JwsFault,
  type Result,
  type VerificationKey,
} from '#libs/jose-profile';
import { inflateStatusBits } from './compressed-bits.js';
import { areSoundTimes, STATUS_LIST_TYP, type StatusListTimes } from './sign-status-list.js';
import { readStatus, type StatusBits } from './status-bits.js';

export type StatusListFault =
  | JwsFault
  | 'STATUS_LIST_MALFORMED'
  | 'STATUS_LIST_ISSUER_WRONG'
  | 'STATUS_LIST_SUBJECT_WRONG'
  | 'STATUS_LIST_TIMES_UNSOUND'
  | 'STATUS_LIST_BITS_REFUSED'
  | 'STATUS_LIST_SIGNATURE_WRONG'
  | 'STATUS_LIST_UNREADABLE';

/** A list whose signature and form hold. Whether it is fresh enough is for the verdict, which has the clock. */
export interface VerifiedStatusList extends StatusListTimes {
  readonly uri: string;
  readonly issuer: string;
  /** base64url SHA-256 of the token's signing input: what receipts name the list by. */
  readonly digest: string;
  readonly statuses: StatusBits;
}

export interface StatusListExpectation {
  /** The list's uri as the bundle names it; compared exactly with `sub`. */
  readonly uri: string;
  /** The member's entity id. */
  readonly issuer: string;
  /** A key of that member whose purpose is `status`. */
  readonly key: VerificationKey;
  /** The most entries taken in; 2^20 unless told. */
  readonly maxEntries?: number;
}

const MAX_ENTRIES = 2 ** 20;
const CLAIMS = ['exp', 'iat', 'iss', 'status_list', 'sub', 'ttl'];
const LIST_MEMBERS = ['bits', 'lst'];
const HEADER_MEMBERS = ['alg', 'kid', 'typ'];
/** Room for the header, the signature and every claim but `lst`. */
const ENVELOPE_CHARS = 8192;

/**
 * Takes in a Status List Token (Token Status List §8.3) of one known uri and issuer: exact `typ`, header and claims, sound times,
 * one bit per entry, the signature, then the bounded inflation, so that only the county itself could even try to bloat a gate.
 */
export async function decodeStatusList(
  token: string,
  expected: StatusListExpectation,
  port: CryptoPort,
): Promise<Result<VerifiedStatusList, StatusListFault>> {
  const { uri, issuer, key, maxEntries = MAX_ENTRIES } = expected;
  const maxChars = tokenCharsFor(maxEntries);
  const parsed = parseCompactJws(token, {
    typ: STATUS_LIST_TYP,
    maxChars,
    bounds: { maxBytes: maxChars, maxDepth: 2, maxValues: 32 },
  });
  if (!parsed.ok) return parsed;
  const jws = parsed.value;
  if (!hasExactly(jws.header, HEADER_MEMBERS) || !hasExactly(jws.payload, CLAIMS)) return fail('STATUS_LIST_MALFORMED');
  const { iss, sub, iat, exp, ttl, status_list: list } = jws.payload;
  if (iss !== issuer) return fail('STATUS_LIST_ISSUER_WRONG');
  if (sub !== uri) return fail('STATUS_LIST_SUBJECT_WRONG');
  const times = { iat, exp, ttl };
  if (!areSoundTimes(times)) return fail('STATUS_LIST_TIMES_UNSOUND');
  if (!isJsonObject(list) || !hasExactly(list, LIST_MEMBERS)) return fail('STATUS_LIST_MALFORMED');
  const { bits, lst } = list;
  if (typeof lst !== 'string') return fail('STATUS_LIST_MALFORMED');
  if (bits !== 1) return fail('STATUS_LIST_BITS_REFUSED');
  if (!(await isSignedBy(jws, key, port))) return fail('STATUS_LIST_SIGNATURE_WRONG');
  const statuses = await inflateStatusBits(lst, bits, maxEntries, port);
  if (statuses === undefined) return fail('STATUS_LIST_UNREADABLE');
  const digest = encodeBase64url(await port.sha256(jws.signingInput));
  return pass({ uri, issuer, ...times, digest, statuses });
}

/**
 * The status of one referenced token: 0 valid, 1 revoked, read from the packed bits without expanding them. `undefined` for an
 * index that is not a non-negative integer within the list; never to be taken for valid (Token Status List §8.3 step 8).
 */
export function statusAt(list: VerifiedStatusList, index: unknown): 0 | 1 | undefined {
  const status = readStatus(list.statuses, index);
  return status === 0 || status === 1 ? status : undefined;
}

/** An incompressible list of `maxEntries` bits, in base64url twice over (`lst` inside the payload), fits exactly. */
function tokenCharsFor(maxEntries: number): number {
  return Math.ceil(((maxEntries / 8) * 16) / 9) + ENVELOPE_CHARS;
}

function hasExactly(value: JsonObject, members: readonly string[]): boolean {
  const names = Object.keys(value);
  return names.length === members.length && members.every((name) => Object.hasOwn(value, name));
}
