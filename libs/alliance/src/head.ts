import {
  encodeBase64url,
  fail,
  isSignedBy,
  parseCompactJws,
  pass,
  signCompactJws,
  type CryptoPort,
  type JsonObject,
  type Result,
  type Signer,
} from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import { headForm } from './payload-forms.js';
import type { HeadPayload } from './payloads.js';
import { DOCUMENT_JSON_BOUNDS } from './signed-document.js';
import type { VerifiedDelegation, VerifiedRound } from './verify-delegation.js';

export const HEAD_TYP = 'xinqiao-head+jwt';
const MAX_CHARS = 800_000;

/** A head that the online key signed under a round. Whether it is fresh is for whoever has a clock. */
export interface VerifiedHead {
  readonly payload: HeadPayload;
  /** Of the signing input, never of signature bytes (design §4). */
  readonly digest: string;
}

/**
 * Signs a head with the online key; compact JWS.
 * @throws TypeError when the payload has not the form of a head
 */
export async function signHead(payload: HeadPayload, online: Signer, port: CryptoPort): Promise<string> {
  const json: JsonObject = { ...payload };
  if (headForm(json) === undefined) throw new TypeError('not a head');
  return signCompactJws(HEAD_TYP, json, online, port);
}

/** `base64url(SHA-256(signing input))` of a head: what the next head names in `prev`. */
export async function headDigest(head: string, port: CryptoPort): Promise<string> {
  return encodeBase64url(await port.sha256(head.slice(0, head.lastIndexOf('.'))));
}

/**
 * Verifies a head under its delegation and round (`docs/wire.md`, Head): signed by the online key, of the delegation's epoch,
 * of the round's number and `docs_root`, dated before either expires, suspending at least what the round suspends.
 */
export async function verifyHead(
  head: string,
  delegation: VerifiedDelegation,
  round: VerifiedRound,
  port: CryptoPort,
): Promise<Result<VerifiedHead, AllianceFault>> {
  const parsed = parseCompactJws(head, { typ: HEAD_TYP, maxChars: MAX_CHARS, bounds: DOCUMENT_JSON_BOUNDS });
  if (!parsed.ok || Object.keys(parsed.value.header).length !== 3) return fail('HEAD_MALFORMED');
  const payload = headForm(parsed.value.payload);
  if (payload === undefined) return fail('HEAD_MALFORMED');
  if (parsed.value.kid !== delegation.online.kid) return fail('HEAD_KEY_UNKNOWN');
  if (!(await isSignedBy(parsed.value, await delegation.online.verificationKey(), port)))
    return fail('SIGNATURE_INVALID');
  const fault = checkHead(payload, delegation, round);
  return fault ? fail(fault) : pass({ payload, digest: await headDigest(head, port) });
}

function checkHead(
  head: HeadPayload,
  { payload: delegation }: VerifiedDelegation,
  { payload: round }: VerifiedRound,
): AllianceFault | undefined {
  if (head.epoch !== delegation.epoch) return 'HEAD_EPOCH_WRONG';
  if (head.round !== round.round || head.docs_root !== round.docs_root) return 'HEAD_ROUND_WRONG';
  if (head.iat >= round.exp || head.iat >= delegation.exp) return 'HEAD_OUTSIDE_ROUND';
  return covers(head.suspended, round.suspended) ? undefined : 'SUSPENSION_DROPPED';
}

/** Whether every one of `wanted` is among `given`. */
export function covers(given: Iterable<string>, wanted: Iterable<string>): boolean {
  const set = new Set(given);
  return [...wanted].every((each) => set.has(each));
}
