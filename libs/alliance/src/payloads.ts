import type { PublicJwk, SuiteName } from '#libs/jose-profile';
import type { Agreement, Offer } from '#libs/offers';
import type { EquivalenceTable } from '#libs/equivalence';

/** A name as people read it; never a key to anything. */
export interface Name {
  readonly zh: string;
  readonly en?: string;
}

/** A public key and its suite. The bundle chooses the suite, a token never does (RFC 8725 §3.1). */
export interface SuitedKey {
  readonly jwk: PublicJwk;
  readonly alg: SuiteName;
}

export interface OrganisationKey extends SuitedKey {
  /** Who holds the key. A county's or partner's own organisation is named by its id. */
  readonly organisation: string;
}

export type KeyPurpose = 'attest' | 'status' | 'statement' | 'receipt';
export type KeyStatus = 'active' | 'retired' | 'compromised';

export interface PurposeKey extends SuitedKey {
  readonly purpose: KeyPurpose;
  readonly status: KeyStatus;
}

/** The root keys: `threshold` of them, of different organisations, sign a delegation. The first anchor is pinned in every gate. */
export interface Anchor {
  /** Counts from 1; a rotation of the roots adds exactly 1. */
  readonly version: number;
  readonly threshold: number;
  readonly keys: readonly OrganisationKey[];
}

/** The next anchor as its predecessor's roots and its own sign it. */
export interface AnchorPayload extends Anchor {
  readonly type: 'anchor';
  /** For the record: nothing is decided by it. */
  readonly iat: number;
}

export interface DelegationPayload {
  readonly type: 'delegation';
  readonly epoch: number;
  readonly iat: number;
  readonly exp: number;
  readonly online: SuitedKey;
  readonly officers: readonly OrganisationKey[];
}

export interface RoundPayload {
  readonly type: 'round';
  readonly epoch: number;
  readonly round: number;
  readonly iat: number;
  readonly exp: number;
  readonly docs_root: string;
  readonly suspended: readonly string[];
}

export interface MemberPayload {
  readonly type: 'member';
  /** Entity id, an https URL. */
  readonly id: string;
  readonly version: number;
  readonly place: string;
  readonly name: Name;
  readonly keys: readonly PurposeKey[];
  readonly statusLists: readonly string[];
}

export interface PartnerPayload {
  readonly type: 'partner';
  readonly id: string;
  readonly version: number;
  readonly name: Name;
  readonly place: string;
  /** The member id of the county the partner belongs to; it signs for the partner's offers. */
  readonly hostCounty: string;
  readonly sites: readonly { readonly id: string; readonly name: Name }[];
  readonly keys: readonly PurposeKey[];
}

export interface SchemePayload {
  readonly type: 'scheme';
  readonly id: string;
  readonly member: string;
  readonly name: Name;
  readonly fingerprint: string;
  readonly basis: string;
  readonly subject: string;
  /** Highest first. */
  readonly grades: readonly string[];
  readonly positiveFloor: string;
}

export type AgreementPayload = Agreement & { readonly type: 'agreement' };
export type TablePayload = EquivalenceTable & { readonly type: 'table' };
export type OfferPayload = Offer & { readonly type: 'offer' };

/** Every payload that travels as a signed document, by its `type`. */
export interface PayloadOf {
  readonly anchor: AnchorPayload;
  readonly delegation: DelegationPayload;
  readonly round: RoundPayload;
  readonly member: MemberPayload;
  readonly partner: PartnerPayload;
  readonly scheme: SchemePayload;
  readonly agreement: AgreementPayload;
  readonly table: TablePayload;
  readonly offer: OfferPayload;
}

export type SignedType = keyof PayloadOf;

/** The types that stand under a `docs_root`, in the order they rest on one another. */
export const DOCUMENT_TYPES = ['member', 'partner', 'scheme', 'agreement', 'table', 'offer'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export interface HeadPayload {
  readonly epoch: number;
  readonly seq: number;
  /** Digest of the head before, or `''` for the first of an epoch. */
  readonly prev: string;
  readonly round: number;
  readonly iat: number;
  readonly exp: number;
  readonly docs_root: string;
  readonly suspended: readonly string[];
}
