import type { AgreementPayload, MemberPayload, PartnerPayload, SchemePayload } from '#libs/alliance';
import type { EquivalenceTable } from '#libs/equivalence';
import type { Offer, Party } from '#libs/offers';

export type PresentationWay = 'rotating_qr' | 'session';

/** What a status list the gate holds says about one attestation. */
export type StatusFacts =
  /** The attestation names a list that its issuer's member document does not. */
  | { readonly list: 'not_listed' }
  /** A listed list that this gate has not got. */
  | { readonly list: 'missing' }
  | {
      readonly list: 'held';
      /** True too when the index lies outside the list. */
      readonly isRevoked: boolean;
      readonly iat: number;
      readonly exp: number;
      readonly digest: string;
    };

/** What cryptography and the profile established about one presentation. Holds no name, key, nonce or status index. */
export interface AttestationFacts {
  /** Whether the key named is, in the bundle, an attest key of a member in good standing. */
  readonly isIssuerKeyTrusted: boolean;
  /** Whether both signatures, every digest and `sd_hash` hold. Meaningful for a trusted key only. */
  readonly isGenuine: boolean;
  readonly keyOwner: string | undefined;
  readonly issuer: string;
  readonly vct: string;
  readonly partner: string;
  readonly iat: number;
  readonly exp: number;
  readonly scheme: { readonly id: string; readonly fingerprint: string };
  readonly thresholds: readonly string[];
  readonly hasPerson: boolean;
  readonly status: StatusFacts;
  /** Of the key-binding JWT; `undefined` when there is none. */
  readonly binding:
    { readonly iat: number; readonly isForThisVerifier: boolean; readonly isNonceExpected: boolean } | undefined;
}

/** Everything one decision is made from, besides documents: plain data, kept in the receipt, replayed for ever. */
export interface DecisionFacts {
  readonly engine: string;
  readonly way: PresentationWay;
  /** The gate's clock, and the largest signed time the gate has ever seen (Unix seconds). */
  readonly now: number;
  readonly timeFloor: number;
  readonly place: { readonly partner: string; readonly site: string; readonly lane: string };
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
