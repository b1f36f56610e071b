import { badgeVct, MAX_BADGE_LIFE_SECONDS, type BadgeClaims } from '#libs/attestation';
import { isSame } from './check.js';
import type { IssuerSignature } from './check-signed.js';
import type { BindingFacts, StatusFacts } from './facts.js';
import { CLOCK_SKEW_SECONDS, SESSION_PROOF_LIFE_SECONDS } from './ways.js';

/** What cryptography, the profile and the bundle established about one badge that was shown (Unix seconds). */
export interface BadgeFacts {
  readonly now: number;
  /** The largest signed time ever seen. */
  readonly timeFloor: number;
  readonly trustExpiresAt: number;
  readonly federation: string;
  readonly claims: BadgeClaims;
  readonly signature: IssuerSignature;
  readonly issuer: { readonly name: string; readonly isSuspended: boolean } | undefined;
  readonly status: StatusFacts;
  readonly binding: BindingFacts;
}

/** One rule of what makes a badge genuine. All of them always run; `holds` is total, pure and small. */
export interface BadgeCheck {
  readonly name: string;
  /** The sentence of the design or of a standard that this check enforces. */
  readonly clause: string;
  holds(facts: BadgeFacts): boolean;
}

/** Everything that must hold before a badge is genuine. Whichever does not, the answer is the same. */
export const BADGE_CHECKS: readonly BadgeCheck[] = [
  {
    name: 'clock-not-behind-signed-time',
    clause: 'design §4.5: a clock below the time floor knows nothing of now',
    holds: ({ now, timeFloor }) => now + CLOCK_SKEW_SECONDS >= timeFloor,
  },
  {
    name: 'trust-not-expired',
    clause: 'design §1.2: expiry is hard; §4.5: head, round and delegation',
    holds: ({ now, trustExpiresAt }) => now < trustExpiresAt,
  },
  {
    name: 'issuer-key-is-listed',
    clause: 'design §1.2: unknown key is never a yes; §4: one purpose; §4.5: a compromised key verifies nothing',
    holds: ({ signature }) => signature.isIssuerKeyTrusted,
  },
  {
    name: 'issuer-signature-holds',
    clause: 'RFC 9901 §7.1 step 2.b',
    holds: ({ signature }) => signature.isIssuerSigned,
  },
  {
    name: 'key-belongs-to-the-issuer',
    clause: 'design §4: every key has one purpose and one member',
    holds: ({ signature, claims }) => isSame(signature.keyOwner, claims.iss),
  },
  {
    name: 'issuer-is-a-member',
    clause: 'design §1.2; a suspended member is none',
    holds: ({ issuer }) => issuer?.isSuspended === false,
  },
  {
    name: 'type-is-a-badge',
    clause: 'SD-JWT VC §3.2.2.1.1 (vct); design §4.2: types never substitute for one another',
    holds: ({ claims, federation }) => claims.vct === badgeVct(federation),
  },
  {
    name: 'badge-in-force',
    clause: 'RFC 7519 §4.1.4, §4.1.6; docs/wire.md: at most 366 days',
    holds: ({ claims: { iat, exp }, now }) =>
      iat <= now + CLOCK_SKEW_SECONDS && now < exp && exp - iat <= MAX_BADGE_LIFE_SECONDS,
  },
  {
    name: 'not-revoked',
    clause: 'Token Status List §8.3; design §4.3: by a list that is held and has not expired',
    holds: ({ status, now }) => status.list === 'held' && now < status.exp && !status.isRevoked,
  },
  {
    name: 'holder-signature-holds',
    clause: 'RFC 9901 §7.3 step 5.c: signed with the key in cnf',
    holds: ({ binding }) => binding.isHolderSigned,
  },
  {
    name: 'binding-covers-what-is-shown',
    clause: 'RFC 9901 §7.3 step 5.g: sd_hash',
    holds: ({ binding }) => binding.coversWhatIsShown,
  },
  {
    name: 'proof-is-for-this-verifier',
    clause: 'RFC 9901 §7.3 step 5.f (aud)',
    holds: ({ binding }) => binding.isForThisVerifier,
  },
  {
    name: 'proof-answers-this-request',
    clause: 'RFC 9901 §7.3 step 5.f (nonce)',
    holds: ({ binding }) => binding.isNonceExpected,
  },
  {
    name: 'proof-is-recent',
    clause: 'RFC 9901 §7.3 step 5.e: 300 s, as in a session',
    holds: ({ binding, now }) =>
      binding.iat >= now - SESSION_PROOF_LIFE_SECONDS && binding.iat <= now + CLOCK_SKEW_SECONDS,
  },
];
