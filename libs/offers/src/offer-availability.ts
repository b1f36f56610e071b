import { isListed } from './is-listed.js';
import type { Agreement, Offer } from './offer.js';

export type OfferAvailability = 'available' | 'not_in_effect' | 'blackout' | 'sold_out';

/**
 * Whether an offer can be had at all on a day; decided before anybody shows anything (design §4.6, `not_available`).
 * An offer is in effect only under the agreement it names (so never without one), for a partner of that agreement, on days
 * that lie in both.
 * @param at.day `YYYY-MM-DD`, Asia/Shanghai
 * @param at.takenToday grants of this offer already counted that day, over all lanes of the partner
 */
export function offerAvailability(
  offer: Offer,
  agreement: Agreement | undefined,
  at: { readonly day: string; readonly takenToday: number },
): OfferAvailability {
  if (agreement?.id === undefined || offer.agreement !== agreement.id || !isListed(agreement.partners, offer.partner))
    return 'not_in_effect';
  if (!isWithin(at.day, offer) || !isWithin(at.day, agreement)) return 'not_in_effect';
  if (isListed(offer.blackoutDays, at.day)) return 'blackout';
  if (offer.dailyLimit !== undefined && !(at.takenToday < offer.dailyLimit)) return 'sold_out';
  return 'available';
}

/** Days of one form compare as text. */
function isWithin(day: string, span: { readonly from: string; readonly to: string }): boolean {
  return span.from <= day && day <= span.to;
}
