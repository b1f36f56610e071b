import type { Uses } from './offer.js';

export type QuotaAnswer = 'allowed' | 'reentry' | 'used_up';

/** When and for what an offer is used. */
interface Occasion {
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly day: string;
  readonly orderRef?: string | undefined;
}

const PERIODS: { readonly [Per in Uses['per']]: (at: Occasion) => string | undefined } = {
  entry: () => 'entry',
  day: (at) => `day:${at.day}`,
  order: (at) => (at.orderRef === undefined || at.orderRef === '' ? undefined : `order:${at.orderRef}`),
  year: (at) => `year:${at.day.slice(0, 4)}`,
};

/**
 * The period that a use counts in: `entry`, `day:2026-11-22`, `order:<reference>` or `year:2026` (design §4.2).
 * `undefined` when the offer counts per order and there is no order reference: such a use cannot be counted, so it must not
 * be granted.
 */
export function quotaPeriod(uses: Uses, at: Occasion): string | undefined {
  return PERIODS[uses.per](at);
}

/**
 * Whether one more use is within the quota of the period.
 * A re-entry comes first: it is free and must not be counted, so it never moves `lastUsedAt` and cannot prolong itself.
 * @param state.used counted uses in this period
 * @param state.lastUsedAt the last *counted* use (Unix seconds), if any; a clock before it earns no re-entry
 * @param state.now Unix seconds
 */
export function quotaAllows(
  uses: Uses,
  state: { readonly used: number; readonly lastUsedAt?: number | undefined; readonly now: number },
): QuotaAnswer {
  if (uses.per === 'entry') return 'allowed';
  if (isReentry(uses, state)) return 'reentry';
  return state.used < uses.n ? 'allowed' : 'used_up';
}

function isReentry(
  uses: Uses,
  state: { readonly used: number; readonly lastUsedAt?: number | undefined; readonly now: number },
): boolean {
  if (uses.reentryMinutes === undefined || state.lastUsedAt === undefined || !(state.used > 0)) return false;
  const sinceUse = state.now - state.lastUsedAt;
  return sinceUse >= 0 && sinceUse <= uses.reentryMinutes * 60;
}
