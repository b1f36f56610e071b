import { quotaAllows, type Offer, type QuotaAnswer } from '#libs/offers';
import type { Check } from './check.js';
import type { DecisionFacts } from './facts.js';

/**
 * Whether the holder may use the offer now, and whether that counts. Going out and coming back is for people at a lane: a
 * sale in a session is never a re-entry, however soon it follows another.
 */
export function allowedUse(
  { way, memory, now }: Pick<DecisionFacts, 'way' | 'memory' | 'now'>,
  { uses }: Offer,
): QuotaAnswer {
  const lastUsedAt = way === 'session' ? undefined : memory.lastUsedAt;
  return quotaAllows(uses, { used: memory.used, lastUsedAt, now });
}

/** Whether the holder has a use left, and whether a clerk has the last word. */
export const USE_CHECKS: readonly Check[] = [
  {
    name: 'uses-left',
    clause: 'design §4.2: uses {n, per, reentryMinutes} per holder key and offer',
    fault: 'already_used',
    holds: (facts, { offer }) => offer !== undefined && allowedUse(facts, offer.payload) !== 'used_up',
  },
  {
    name: 'no-document-to-compare',
    clause: 'design §4.2, §4.6: check_by_hand, the clerk compares; with a card always, with a voucher the gate has',
    fault: 'check_by_hand',
    holds: ({ way }, { offer }) =>
      way === 'voucher' || (way !== 'card' && offer !== undefined && offer.payload.holderCheck === 'device'),
  },
];
