import { unobjected, type Check } from './check.js';
import { CLOCK_SKEW_SECONDS } from './ways.js';

/** What this gate holds: decided again with the presentation's own status list. */
export const FRESHNESS_CHECKS: readonly Check[] = [
  {
    name: 'clock-not-behind-signed-time',
    clause: 'design §4.5: a clock below the time floor is stale',
    fault: 'stale',
    holds: ({ now, timeFloor }) => now + CLOCK_SKEW_SECONDS >= timeFloor,
  },
  {
    name: 'trust-not-expired',
    clause: 'design §1.2: expiry is hard; §4.5: head, round and delegation',
    fault: 'stale',
    holds: ({ now, head }) => now < head.expiresAt,
  },
  {
    name: 'status-list-held',
    clause: 'design §4.3: lists are fetched on a timer, never because of a presentation',
    fault: 'stale',
    holds: unobjected(({ status }, { now }) => (status.list === 'held' ? now < status.exp : status.list !== 'missing')),
  },
  {
    name: 'fresh-within-the-offers-budget',
    clause: 'design §4.5: age = clock − min(head.iat, list.iat)',
    fault: 'stale',
    holds: ({ now, head, attestation }, { offer }) => {
      const listIat = attestation?.status.list === 'held' ? attestation.status.iat : head.iat;
      return offer === undefined || now - Math.min(head.iat, listIat) <= offer.payload.freshnessSeconds;
    },
  },
];
