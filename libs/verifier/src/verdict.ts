import type { Band } from '#libs/equivalence';
import type { Effect, PartyPrice } from '#libs/offers';
import type { MaskedPerson } from '#libs/attestation';

/**
 * Every verdict there is (design §4.6), worst first: when several checks fail, the first of these decides. Screens, partner
 * logs and metrics know these codes and no finer one.
 */
export const VERDICT_CODES = [
  'not_available',
  'stale',
  'refused',
  'retry',
  'no_proof',
  'already_used',
  'check_by_hand',
  'granted',
] as const;

export type VerdictCode = (typeof VERDICT_CODES)[number];

/** What a check may answer when it fails. */
export type FaultCode = Exclude<VerdictCode, 'granted'>;

/** What a partner learns from a grant: band, issuer and scheme. Not the score, the exact grade or the number of a document. */
export interface Grant {
  readonly offer: string;
  readonly band: Band;
  readonly effect: Effect;
  /** Who of the party pays what, where the offer states prices. */
  readonly price: PartyPrice | undefined;
  readonly issuer: { readonly id: string; readonly name: string };
  readonly scheme: { readonly id: string; readonly name: string };
  /** The day (Asia/Shanghai) the attestation was dated. */
  readonly attestedOn: string;
}

export type Verdict =
  | { readonly code: 'granted'; readonly grant: Grant }
  | { readonly code: 'check_by_hand'; readonly grant: Grant; readonly person: MaskedPerson }
  | { readonly code: Exclude<VerdictCode, 'granted' | 'check_by_hand'> };
