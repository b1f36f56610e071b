import type { AgreementPayload, MemberPayload, PartnerPayload, SchemePayload } from '#libs/alliance';
import type { EquivalenceTable } from '#libs/equivalence';
import type { Offer, Party } from '#libs/offers';
import type { PresentationWay } from './ways.js';

/** What a status list the gate holds says about one attestation. */
export type StatusFacts =
  /** The attestation names a list that its issuer's member document does not. */
  | { readonly list: 'not_listed' }
  /** A listed list that this gate has not got. */
  | { readonly list: 'missing' }
  /** A voucher names none: it is the issuer's word of this minute. */
  | { readonly list: 'none' }
  | {
      readonly list: 'held';
      /** True too when the index lies outside the list. */
      readonly isRevoked: boolean;
      readonly iat: number;
      readonly exp: number;
      readonly digest: string;
    };

/** What binds a proof to one visit: the key-binding JWT, or a voucher's own request. */
export interface BindingFacts {
  readonly iat: number;
  readonly isForThisVerifier: boolean;
  readonly isNonceExpected: boolean;
  /** Signed with the key in `cnf`; a voucher by the county itself. */
  readonly isHolderSigned: boolean;
  /** `sd_hash` is over exactly what was shown. */
  readonly coversWhatIsShown: boolean;
}

/** What cryptography and the profile established about one presentation. Holds no name, key, nonce or status index. */
export interface AttestationFacts {
  /** Whether the key named is, in the bundle, an attest key of a member in good standing. */
  readonly isIssuerKeyTrusted: boolean;
  /** Signed with that very key. */
  readonly isIssuerSigned: boolean;
  /** Every disclosure belongs to a digest, and says what the profile allows there. */
  readonly areDisclosuresSound: boolean;
  readonly keyOwner: string | undefined;
  readonly issuer: string;
  readonly vct: string;
  /** `undefined` for a card, which names an agreement. */
  readonly partner: string | undefined;
  /** Of a card only. */
  readonly agreement: string | undefined;
  readonly iat: number;
  readonly exp: number;
  readonly scheme: { readonly id: string; readonly fingerprint: string };
  readonly thresholds: readonly string[];
  readonly hasPerson: boolean;
  readonly status: StatusFacts;
  /** `undefined` for a card: paper is bound to nothing. */
  readonly binding: BindingFacts | undefined;
}

/** Everything one decision is made from, besides documents: plain data, kept in the receipt, replayed for ever. */
export interface DecisionFacts {
  readonly engine: string;
  readonly way: PresentationWay;
  /** The gate's clock, and the largest signed time the gate has ever seen (Unix seconds). */
  readonly now: number;
  readonly timeFloor: number;
  /** `isAttended`: a clerk stands there, who can compare a document. */
  readonly place: {
    readonly partner: string;
    readonly site: string;
    readonly lane: string;
    readonly isAttended: boolean;
  };
  readonly federation: string;
  readonly head: { readonly digest: string; readonly iat: number; readonly expiresAt: number };
  readonly offer: string | undefined;
  /** The day of the visit (Asia/Shanghai). */
  readonly day: string;
  readonly party: Party;
  readonly orderRef: string | undefined;
  /** `undefined` when the text was no presentation of the profile. */
  readonly attestation: AttestationFacts | undefined;
  /** What the site remembers: whether this proof was seen elsewhere, how often the holder used the offer in its period. */
  readonly memory: {
    readonly isReplayed: boolean;
    readonly used: number;
    readonly lastUsedAt: number | undefined;
    readonly takenToday: number;
  };
}

/** A document of the bundle with its digest; a suspended one counts as withdrawn. */
export interface Ruled<Payload> {
  readonly payload: Payload;
  readonly digest: string;
  readonly isSuspended: boolean;
}

/** The documents that apply to one decision; what is absent is `undefined` and never a yes. */
export interface Rules {
  readonly offer: Ruled<Offer> | undefined;
  readonly agreement: Ruled<AgreementPayload> | undefined;
  readonly partner: Ruled<PartnerPayload> | undefined;
  readonly member: Ruled<MemberPayload> | undefined;
  readonly scheme: Ruled<SchemePayload> | undefined;
  /** Every version for the attestation's (scheme, fingerprint). */
  readonly tables: readonly Ruled<EquivalenceTable>[];
}
