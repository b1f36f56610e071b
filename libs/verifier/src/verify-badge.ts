import type { AllianceTrust } from '#libs/alliance';
import { badgeVct, MAX_BADGE_LIFE_SECONDS, parseBadge, sdHash, type BadgeSubject } from '#libs/attestation';
import { shanghaiDay } from '#libs/calendar';
import type { CryptoPort } from '#libs/jose-profile';
import { checkIssuerSignature, isSignedByHolder } from './check-signed.js';
import { CLOCK_SKEW_SECONDS } from './checks.js';
import { readStatus, type StatusLists } from './read-status.js';
import { SESSION_PROOF_LIFE_SECONDS } from './ways.js';

/** Who asks to see a badge, and when (Unix seconds). */
export interface BadgeRequest {
  readonly audience: string;
  readonly nonce: string;
  readonly federation: string;
  readonly now: number;
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
 * no offer, no quota, so it needs none of the pipeline in `decide`. Never rejects.
 */
export async function verifyBadge(
  text: string,
  { audience, nonce, federation, now }: BadgeRequest,
  trust: AllianceTrust,
  lists: StatusLists,
  port: CryptoPort,
): Promise<BadgeVerdict> {
  const parsed = parseBadge(text);
  if (!parsed.ok || parsed.value.keyBinding === undefined) return { code: 'no_proof' };
  const { claims, jws, keyBinding, sdJwt } = parsed.value;
  const { isIssuerKeyTrusted, isIssuerSigned, keyOwner } = await checkIssuerSignature(jws, trust, port);
  const isHolderSigned = await isSignedByHolder(keyBinding.jws, claims.cnf, port);
  const bound = keyBinding.claims;
  const status = readStatus(claims.iss, claims.status, trust, lists);
  const member = trust.member(claims.iss);
  const latest = now + CLOCK_SKEW_SECONDS;
  const holds = [
    now < trust.expiresAt,
    isIssuerKeyTrusted && isIssuerSigned && keyOwner === claims.iss,
    claims.vct === badgeVct(federation),
    claims.iat <= latest && now < claims.exp && claims.exp - claims.iat <= MAX_BADGE_LIFE_SECONDS,
    status.list === 'held' && !status.isRevoked && now < status.exp,
    isHolderSigned && bound.sdHash === (await sdHash(sdJwt, port)),
    bound.aud === audience && bound.nonce === nonce,
    bound.iat >= now - SESSION_PROOF_LIFE_SECONDS && bound.iat <= latest,
  ];
  if (member === undefined || member.suspended || holds.includes(false)) return { code: 'no_proof' };
  const issuer = { id: member.payload.id, name: member.payload.name.zh };
  return { code: 'genuine', badge: claims.badge, issuer, attestedOn: shanghaiDay(claims.iat) };
}
