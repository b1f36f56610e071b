import type { Band } from '#libs/equivalence';

/** What the holder of a proof gets. Benefits only: no effect can express a surcharge or a price above the public one. */
export type Effect =
  | { readonly kind: 'free' }
  /** `percent` off the public price, 1 to 99 (half price: 50). */
  | { readonly kind: 'percent_off'; readonly percent: number }
  /** The price of one person becomes `fen`, where that is less than the public price. */
  | { readonly kind: 'price_to'; readonly fen: number }
  /** A one-use code worth `percent` off (1 to 100), redeemed in the partner's own shop. */
  | { readonly kind: 'coupon'; readonly percent: number }
  /** The public price is paid, and `percent` of it (1 to 99) comes back after the purchase, once. */
  | { readonly kind: 'cashback'; readonly percent: number };

/** How often one holder may use an offer (design §4.2). */
export interface Uses {
  readonly n: number;
  /** `entry`: every entry is proven anew and none is counted; otherwise `n` in one calendar day, order or calendar year. */
  readonly per: 'entry' | 'day' | 'order' | 'year';
  /** Coming back in within so many minutes of a counted use is free and uncounted. */
  readonly reentryMinutes?: number;
}

/** A number of people of each kind: in an offer the most it covers, in a request those who come. */
export interface Party {
  readonly adults: number;
  readonly children: number;
  readonly seniors: number;
}

/** What one person pays without any proof, in fen (1/100 yuan). */
export interface Prices {
  readonly currency: 'CNY';
  readonly adultFen: number;
  readonly childFen: number;
  readonly seniorFen: number;
  /** The statutory concessions: applied first, and never asking for a grade. */
  readonly statutory: { readonly childFen: number; readonly seniorFen: number };
}

/** What a partner gives under one agreement (`docs/wire.md`, document `offer`). Days are `YYYY-MM-DD`, Asia/Shanghai. */
export interface Offer {
  readonly id: string;
  readonly version: number;
  readonly partner: string;
  readonly agreement: string;
  readonly band: Band;
  readonly title: { readonly zh: string; readonly en?: string };
  readonly effect: Effect;
  readonly uses: Uses;
  readonly party: Party;
  readonly holderCheck: 'device' | 'document';
  /** The oldest that head and status list may be for a grant, in seconds. */
  readonly freshnessSeconds: number;
  readonly from: string;
  /** Inclusive. */
  readonly to: string;
  readonly blackoutDays: readonly string[];
  readonly prices?: Prices;
  readonly dailyLimit?: number;
}

/** Who recognises whose schemes, and on what legal basis (`docs/wire.md`, document `agreement`). */
export interface Agreement {
  readonly id: string;
  readonly version: number;
  readonly name: { readonly zh: string; readonly en?: string };
  readonly counties: readonly string[];
  readonly schemes: readonly string[];
  readonly partners: readonly string[];
  readonly legalBasis: string;
  readonly from: string;
  /** Inclusive. */
  readonly to: string;
}
