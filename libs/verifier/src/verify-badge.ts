import type { AllianceTrust } from '#libs/alliance';
import { parseBadge, sdHash, type BadgePresentation, type BadgeSubject, type KeyBinding } from '#libs/attestation';
import { shanghaiDay } from '#libs/calendar';
import type { CryptoPort } from '#libs/jose-profile';
import { BADGE_CHECKS, type BadgeFacts } from './badge-checks.js';
import { checkIssuerSignature, isSignedByHolder } from './check-signed.js';
import { readStatus, type StatusLists } from './read-status.js';
import { standIns } from './stand-in.js';

/** Who asks to see a badge, and when. */
export interface BadgeRequest {
  readonly audience: string;
  readonly nonce: string;
  readonly federation: string;
  /** The clock of whoever asks, and the largest signed time it has ever seen (Unix seconds). */
  readonly now: number;
  readonly timeFloor: number;
}

/** What a genuine badge says, and whose word it is; nothing finer than "no proof" otherwise. */
export type BadgeVerdict =
  | {
      readonly code: 'genuine';
      readonly badge: BadgeSubject;
      readonly issuer: { readonly id: string; readonly name: string };
      /** The day (Asia/Shanghai) the badge was dated. */
      readonly attestedOn: string;
    }
  | { readonly code: 'no_proof' };

/**
 * Verifies a badge that was presented to somebody (design §4.1). It is shown and read, and nothing is granted for it: no band,
 * no offer, no quota, so it has a list of checks of its own and no place in `decide`. Never rejects.
 */
export async function verifyBadge(
  text: string,
  request: BadgeRequest,
  trust: AllianceTrust,
  lists: StatusLists,
  port: CryptoPort,
): Promise<BadgeVerdict> {
  const facts = await readBadge(text, request, trust, lists, port);
  if (facts?.issuer === undefined || failedBadgeChecks(facts).length > 0) return { code: 'no_proof' };
  const { claims, issuer } = facts;
  const { iss: id, badge, iat } = claims;
  return { code: 'genuine', badge, issuer: { id, name: issuer.name }, attestedOn: shanghaiDay(iat) };
}

/** The names of the checks that fail: for tests, never for a screen, log or answer. */
export function failedBadgeChecks(facts: BadgeFacts): readonly string[] {
  return BADGE_CHECKS.filter((check) => !check.holds(facts)).map(({ name }) => name);
}

/** What a text establishes as a badge; `undefined` when it is none that is shown by its holder. The same work either way. */
export async function readBadge(
  text: string,
  { audience, nonce, ...request }: BadgeRequest,
  trust: AllianceTrust,
  lists: StatusLists,
  port: CryptoPort,
): Promise<BadgeFacts | undefined> {
  const read = parseShown(text);
  const { claims, jws, keyBinding, sdJwt } = read ?? (await standInBadge(port));
  const signature = await checkIssuerSignature(jws, trust, port);
  const isHolderSigned = await isSignedByHolder(keyBinding.jws, claims.cnf, port);
  const coversWhatIsShown = keyBinding.claims.sdHash === (await sdHash(sdJwt, port));
  if (read === undefined) return undefined;
  const member = trust.member(claims.iss);
  const bound = keyBinding.claims;
  return {
    ...request,
    trustExpiresAt: trust.expiresAt,
    claims,
    signature,
    issuer: member && { name: member.payload.name.zh, isSuspended: member.suspended },
    status: readStatus(claims.iss, claims.status, trust, lists),
    binding: {
      iat: bound.iat,
      isForThisVerifier: bound.aud === audience,
      isNonceExpected: bound.nonce === nonce,
      isHolderSigned,
      coversWhatIsShown,
    },
  };
}

interface ShownBadge extends BadgePresentation {
  readonly keyBinding: KeyBinding;
}

/** Without key binding it is a badge, and nobody who shows it (RFC 9901 §7.3 step 2). */
function parseShown(text: string): ShownBadge | undefined {
  const parsed = parseBadge(text);
  if (!parsed.ok || parsed.value.keyBinding === undefined) return undefined;
  return { ...parsed.value, keyBinding: parsed.value.keyBinding };
}

async function standInBadge(port: CryptoPort): Promise<ShownBadge> {
  const badge = parseShown((await standIns(port)).badge);
  if (badge === undefined) throw new TypeError('the stand-in is a badge that is shown');
  return badge;
}
