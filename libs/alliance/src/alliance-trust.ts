import type { PublicJwk, SuiteName, VerificationKey } from '#libs/jose-profile';
import type { DocumentSignature } from './check-signatures.js';
import type { Footing } from './footing.js';
import type { Anchor, DelegationPayload, DocumentType, KeyPurpose, KeyStatus, RoundPayload } from './payloads.js';
import type { ReadDocument, SignedDocument } from './signed-document.js';

/** A document under the head's `docs_root`, with the signatures it needs. */
export interface HeldDocument<Type extends DocumentType> extends ReadDocument<Type> {
  /**
   * Counts as withdrawn: named by the head, or `inert`. A suspended table version still ends its predecessor; a suspended
   * member's or partner's keys verify nothing.
   */
  readonly suspended: boolean;
  /** Not named itself: what it rests on is suspended, or a key that had to sign it is compromised or cannot be checked here. */
  readonly inert: boolean;
  /** Of `signed`, in its order. */
  readonly signatures: readonly DocumentSignature[];
  /** The documents it rests on, as they stood when its signatures were counted. */
  readonly footing: HeldFooting;
}

export type HeldFooting = Footing<
  HeldDocument<'member'> | HeldDocument<'partner'>,
  HeldDocument<'scheme'> | HeldDocument<'agreement'>
>;

export type AnyHeldDocument = { readonly [Type in DocumentType]: HeldDocument<Type> }[DocumentType];

/** A key of a member or partner. It has one purpose and one owner in the whole bundle. */
export interface AllianceKey {
  readonly kid: string;
  readonly jwk: PublicJwk;
  readonly suite: SuiteName;
  readonly purpose: KeyPurpose;
  readonly status: KeyStatus;
  readonly owner: { readonly kind: 'member' | 'partner'; readonly id: string };
  /** The owner's document. */
  readonly digest: string;
  /** The owner is suspended, so the key verifies nothing. */
  readonly suspended: boolean;
  /** Imported on first use and kept. Never rejects: a point off its curve gives a key that verifies nothing. */
  readonly verificationKey: () => Promise<VerificationKey>;
}

/**
 * What one accepted bundle says. Made by `acceptBundle` only. Nothing in it says that it is still fresh: whoever has a clock
 * compares `expiresAt` and `headIat` with it.
 */
export interface AllianceTrust {
  readonly epoch: number;
  readonly seq: number;
  readonly round: number;
  /** Unix seconds. */
  readonly headIat: number;
  /** The earliest expiry of head, round and delegation (Unix seconds). */
  readonly expiresAt: number;
  readonly headDigest: string;
  readonly docsRoot: string;
  /** Digests that the head names. */
  readonly suspended: ReadonlySet<string>;
  /** The newest anchor: the delegation is signed by its roots, and none before it counts any more. */
  readonly anchor: Anchor;
  /** The documents of this bundle that led to `anchor` from the one held before, ascending: what to keep. */
  readonly followedAnchors: readonly SignedDocument[];
  readonly delegation: DelegationPayload;
  readonly delegationDigest: string;
  readonly roundPayload: RoundPayload;
  readonly roundDigest: string;
  /** By digest. */
  readonly documents: ReadonlyMap<string, AnyHeldDocument>;
  key(kid: string): AllianceKey | undefined;
  /** The keys that a member's or partner's document lists, by its digest. */
  keysOf(digest: string): readonly AllianceKey[] | undefined;
  member(id: string): HeldDocument<'member'> | undefined;
  partner(id: string): HeldDocument<'partner'> | undefined;
  scheme(id: string, fingerprint: string): HeldDocument<'scheme'> | undefined;
  agreement(id: string): HeldDocument<'agreement'> | undefined;
  offer(id: string): HeldDocument<'offer'> | undefined;
  /** Every version for exactly this (scheme, fingerprint), ascending, suspended ones included. */
  tableVersions(schemeId: string, fingerprint: string): readonly HeldDocument<'table'>[];
}
