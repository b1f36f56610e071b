import { BANDS } from '#libs/equivalence';
import type { Effect, Offer, Prices, Uses } from '#libs/offers';
import { anyOf, day, integer, list, object, oneOf, optional, where, type Form } from './form.js';
import type { OfferPayload } from './payloads.js';
import { identifier, isSpan, name, version } from './shared-forms.js';

const MAX_FEN = 100_000_000;
const MAX_PARTY = 200;
/** A head lives 7 days, so no budget can be longer. */
const MAX_FRESHNESS_SECONDS = 7 * 86_400;

const fen = integer(0, MAX_FEN);
const people = integer(0, MAX_PARTY);

const effect: Form<Effect> = anyOf<Effect>(
  object<Extract<Effect, { kind: 'free' }>>({ kind: oneOf('free') }),
  object<Extract<Effect, { kind: 'percent_off' }>>({ kind: oneOf('percent_off'), percent: integer(1, 99) }),
  object<Extract<Effect, { kind: 'price_to' }>>({ kind: oneOf('price_to'), fen }),
  object<Extract<Effect, { kind: 'coupon' }>>({ kind: oneOf('coupon'), percent: integer(1, 100) }),
  object<Extract<Effect, { kind: 'cashback' }>>({ kind: oneOf('cashback'), percent: integer(1, 99) }),
);

const uses: Form<Uses> = object<Uses>({
  n: integer(1, 1_000),
  per: oneOf('entry', 'day', 'order', 'year'),
  reentryMinutes: optional(integer(1, 1_440)),
});

const party = where(
  object<Offer['party']>({ adults: people, children: people, seniors: people }),
  ({ adults, children, seniors }) => adults + children + seniors > 0,
);

/** A concession is not above the price it lowers. */
const prices: Form<Prices> = where(
  object<Prices>({
    currency: oneOf('CNY'),
    adultFen: fen,
    childFen: fen,
    seniorFen: fen,
    statutory: object<Prices['statutory']>({ childFen: fen, seniorFen: fen }),
  }),
  ({ childFen, seniorFen, statutory }) => statutory.childFen <= childFen && statutory.seniorFen <= seniorFen,
);

export const offerForm: Form<OfferPayload> = where(
  object<OfferPayload>({
    type: oneOf('offer'),
    id: identifier,
    version,
    partner: identifier,
    agreement: identifier,
    band: oneOf(...BANDS),
    title: name,
    effect,
    uses,
    party,
    holderCheck: oneOf('device', 'document'),
    freshnessSeconds: integer(60, MAX_FRESHNESS_SECONDS),
    from: day,
    to: day,
    blackoutDays: list(day, { max: 4_000 }),
    prices: optional(prices),
    dailyLimit: optional(integer(1, 10_000_000)),
  }),
  isSpan,
);
