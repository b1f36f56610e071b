import { offerAvailability, quotaPeriod } from '#libs/offers';
import { stands, type Check } from './check.js';
import { allowedUse } from './use-checks.js';

/** The offer itself, decided before any presentation. */
export const OFFER_CHECKS: readonly Check[] = [
  {
    name: 'offer-not-suspended',
    clause: 'design §4.5: a suspended document counts as withdrawn',
    fault: 'not_available',
    holds: (_, { offer, agreement }) =>
      (offer === undefined || stands(offer)) && (agreement === undefined || stands(agreement)),
  },
  {
    name: 'offer-available-on-the-day',
    clause: 'design §4.6: not in effect, blackout, sold out; §2: nothing is recognised outside an agreement',
    fault: 'not_available',
    holds: (facts, { offer, agreement }) => {
      if (offer === undefined) return true;
      // Who comes back was counted when the place was taken.
      const takenToday = allowedUse(facts, offer.payload) === 'reentry' ? 0 : facts.memory.takenToday;
      return offerAvailability(offer.payload, agreement?.payload, { day: facts.day, takenToday }) === 'available';
    },
  },
  {
    name: 'use-can-be-counted',
    clause: 'design §4.2: an offer per order is had with an order reference only',
    fault: 'not_available',
    holds: ({ day, orderRef }, { offer }) =>
      offer === undefined || quotaPeriod(offer.payload.uses, { day, orderRef }) !== undefined,
  },
  {
    name: 'card-at-an-attended-lane',
    clause: 'design §4.2: a card is never taken on an unattended lane',
    fault: 'not_available',
    holds: ({ way, place }) => way !== 'card' || place.isAttended,
  },
];
