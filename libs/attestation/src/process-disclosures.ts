import {
  fail,
  isJsonObject,
  pass,
  type CryptoPort,
  type JsonObject,
  type JsonValue,
  type Result,
} from '#libs/jose-profile';
import { disclosureDigest, type Disclosure } from './disclosures.js';

/** Why an SD-JWT's disclosures and digests do not fit together (RFC 9901 §7.1). */
export type SdJwtFault =
  | 'SD_ALG_REFUSED'
  | 'SD_MALFORMED'
  | 'DIGEST_TWICE'
  | 'DISCLOSURE_TWICE'
  | 'DISCLOSURE_NOT_REFERENCED'
  | 'DISCLOSURE_KIND_WRONG'
  | 'DISCLOSURE_NAME_RESERVED'
  | 'CLAIM_TWICE'
  | 'CLAIM_NEVER_DISCLOSED';

const RESERVED = new Set(['_sd', '_sd_alg', '...']);

/**
 * What says whether a credential is genuine, valid and whose it is travels in the open or not at all (RFC 9901 §9.7,
 * SD-JWT VC §3.2.2.2): no disclosure may bring or override it.
 */
const NEVER_DISCLOSED = new Set(['iss', 'aud', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status']);

/** One pass over a payload. The first fault stands; whatever is built after it is thrown away. */
interface Walk {
  readonly byDigest: ReadonlyMap<string, Disclosure>;
  /** Every digest met, in the payload and in disclosures. */
  readonly met: Set<string>;
  used: number;
  fault: SdJwtFault | undefined;
}

/**
 * Puts disclosures where their digests stand and takes all digests out: RFC 9901 §7.1 steps 2.d and 3 to 5, in full, with
 * nested and array disclosures. Only SHA-256. No digest may stand twice, and every disclosure must be referenced.
 * @param payload of the issuer's JWS
 * @returns the processed payload
 */
export async function processDisclosures(
  payload: JsonObject,
  disclosures: readonly Disclosure[],
  port: CryptoPort,
): Promise<Result<JsonObject, SdJwtFault>> {
  const algorithm = payload['_sd_alg'];
  if (algorithm !== undefined && algorithm !== 'sha-256') return fail('SD_ALG_REFUSED');
  const byDigest = new Map<string, Disclosure>();
  for (const disclosure of disclosures) {
    const digest = await disclosureDigest(disclosure.text, port);
    if (byDigest.has(digest)) return fail('DISCLOSURE_TWICE');
    byDigest.set(digest, disclosure);
  }
  const walk: Walk = { byDigest, met: new Set(), used: 0, fault: undefined };
  const claims = resolveObject(payload, walk, true);
  if (walk.fault !== undefined) return fail(walk.fault);
  return walk.used === byDigest.size ? pass(claims) : fail('DISCLOSURE_NOT_REFERENCED');
}

function resolveValue(value: JsonValue, walk: Walk): JsonValue {
  if (value === null || typeof value !== 'object' || isPlain(value)) return value;
  return isJsonObject(value) ? resolveObject(value, walk, false) : resolveArray(value, walk);
}

function resolveObject(object: JsonObject, walk: Walk, isTop: boolean): JsonObject {
  const members = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(object)) {
    if (name === '_sd' || (isTop && name === '_sd_alg')) continue;
    // `...` only ever stands alone in an array element, `_sd_alg` at the top (RFC 9901 §4.1, §4.2.4.2).
    if (RESERVED.has(name)) walk.fault ??= 'SD_MALFORMED';
    if (value !== undefined) members.set(name, resolveValue(value, walk));
  }
  if (Object.hasOwn(object, '_sd')) discloseMembers(object['_sd'], members, walk, isTop);
  // Not by assignment: `__proto__` is a name like any other.
  return Object.fromEntries(members);
}

/** Nothing in it is, or could be, disclosed, however deep (which the parser bounds): most values stay as they are. */
function isPlain(value: JsonValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (!isJsonObject(value)) return value.every(isPlain);
  for (const name in value) if (RESERVED.has(name) || !isPlain(value[name])) return false;
  return true;
}

/** RFC 9901 §7.1 step 3.c.ii. */
function discloseMembers(
  digests: JsonValue | undefined,
  members: Map<string, JsonValue>,
  walk: Walk,
  isTop: boolean,
): void {
  if (!Array.isArray(digests)) {
    walk.fault ??= 'SD_MALFORMED';
    return;
  }
  for (const digest of digests as readonly JsonValue[]) {
    const disclosure = takeByDigest(digest, walk);
    if (disclosure === undefined) continue;
    const { name, value } = disclosure;
    if (name === undefined) walk.fault ??= 'DISCLOSURE_KIND_WRONG';
    else if (RESERVED.has(name)) walk.fault ??= 'DISCLOSURE_NAME_RESERVED';
    else if (members.has(name)) walk.fault ??= 'CLAIM_TWICE';
    else if (isTop && NEVER_DISCLOSED.has(name)) walk.fault ??= 'CLAIM_NEVER_DISCLOSED';
    else members.set(name, resolveValue(value, walk));
  }
}

/** RFC 9901 §7.1 steps 3.c.iii and 3.d: an element whose digest nothing matches is left out. */
function resolveArray(array: readonly JsonValue[], walk: Walk): readonly JsonValue[] {
  const elements: JsonValue[] = [];
  for (const element of array) {
    if (!isPlaceholder(element)) {
      elements.push(resolveValue(element, walk));
      continue;
    }
    const disclosure = takeByDigest(element['...'], walk);
    if (disclosure === undefined) continue;
    if (disclosure.name !== undefined) walk.fault ??= 'DISCLOSURE_KIND_WRONG';
    else elements.push(resolveValue(disclosure.value, walk));
  }
  return elements;
}

function isPlaceholder(element: JsonValue): element is JsonObject {
  return isJsonObject(element) && Object.hasOwn(element, '...') && Object.keys(element).length === 1;
}

/** The disclosure of a digest, if one came along. No digest may stand twice anywhere (RFC 9901 §7.1 step 4). */
function takeByDigest(digest: JsonValue | undefined, walk: Walk): Disclosure | undefined {
  if (typeof digest !== 'string') {
    walk.fault ??= 'SD_MALFORMED';
    return undefined;
  }
  if (walk.met.has(digest)) {
    walk.fault ??= 'DIGEST_TWICE';
    return undefined;
  }
  walk.met.add(digest);
  const disclosure = walk.byDigest.get(digest);
  if (disclosure !== undefined) walk.used += 1;
  return disclosure;
}
