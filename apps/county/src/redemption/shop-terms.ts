import { GatewayError } from '#libs/platform';
import { type CatalogueItem, type Fund, windowDays, type Days } from '#libs/scheme';
import type { SchemeBook } from '../schemes/scheme-book.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';
import type { FundName } from './lock-funds.js';
import { refusal } from './scheme-scope.js';

/**
 * The version of a scheme by which its shop sells on a day.
 * @throws GatewayError ENTRY_SCHEME_UNKNOWN, REDEMPTION_CLOSED on a day on which none is in effect
 */
export function termsOn(book: SchemeBook, scheme: string, day: string): SchemeVersion {
  const version = book.inForce(scheme, day);
  if (version !== undefined) return version;
  throw new GatewayError(book.versionsOf(scheme).length === 0 ? 'ENTRY_SCHEME_UNKNOWN' : 'REDEMPTION_CLOSED');
}

/** What a shop sells under a stock-keeping unit; `undefined` for what it does not. */
export function itemOf({ document: { catalogue = [] } }: SchemeVersion, sku: string): CatalogueItem | undefined {
  return catalogue.find((item) => item.sku === sku);
}

export function fundOf({ document: { funds = [] } }: SchemeVersion, id: string): Fund | undefined {
  return funds.find((fund) => fund.id === id);
}

/**
 * Whose money a fund of a scheme is. What a scheme writes itself, or inherits and might set itself, is its own; what it can
 * only inherit is its parent's: one town fund for seven villages, and a village fund for each.
 */
export function fundName(book: SchemeBook, { document, written }: SchemeVersion, fund: string): FundName {
  const own = { owner: document.id, fund };
  const parent = document.parent && book.version(document.parent.id, document.parent.version);
  if (parent === undefined || written.funds?.some(({ id }) => id === fund) === true) return own;
  const isLeft = parent.document.overridable?.some((part) => part === 'funds' || part === `funds/${fund}`) === true;
  return isLeft ? own : fundName(book, parent, fund);
}

/**
 * The area inside which points of one scheme buy in the shop of another; `null` in its own shop.
 * @throws GatewayError AREA_DIFFERENT unless both documents name one area, each other, and shared scenes
 */
export function areaBetween(payer: SchemeVersion, shop: SchemeVersion): string | null {
  const [one, other] = [payer.document, shop.document];
  if (one.id === other.id) return null;
  const areas = [one.area, other.area].filter((area) => area !== undefined);
  const isShared = areas.every(
    ({ id, schemes, shared }) =>
      id === one.area?.id && schemes.includes(one.id) && schemes.includes(other.id) && shared.includes('scenes'),
  );
  if (areas.length < 2 || !isShared || one.area === undefined) throw new GatewayError('AREA_DIFFERENT');
  return one.area.id;
}

/**
 * Where an area shares prices (兑换统一标准), what the payer's own shop sells for other points is not sold until the two agree.
 * @throws GatewayError AREA_PRICE_DIFFERS naming the item
 */
export function refuseOtherPrices(
  payer: SchemeVersion,
  shop: SchemeVersion,
  items: readonly { readonly item: CatalogueItem }[],
): void {
  if (![payer, shop].every(({ document: { area } }) => area?.shared.includes('prices') === true)) return;
  const isOther = ({ item: { sku, price_points: points } }: { readonly item: CatalogueItem }): boolean =>
    (itemOf(payer, sku)?.price_points ?? points) !== points;
  const at = items.findIndex(isOther);
  if (at >= 0) throw refusal('AREA_PRICE_DIFFERS', `/items/${at}/sku`);
}

/** The days over which an item's limit counts when it is bought on one; `undefined` for a limit per occasion. */
export function limitDays({ limit }: CatalogueItem, day: string): Days | undefined {
  if (limit === undefined || limit.per === 'event') return undefined;
  return windowDays(limit.per, { from: day, to: day }, day);
}
