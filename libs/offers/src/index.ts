export { isListed } from './is-listed.js';
export type { Agreement, Effect, Offer, Party, Prices, Uses } from './offer.js';
export { offerAvailability, type OfferAvailability } from './offer-availability.js';
export { priceParty, type PartyKind, type PartyPrice, type PriceLine } from './price-party.js';
export { quotaAllows, quotaPeriod, type QuotaAnswer } from './quota.js';
export { rebateFen } from './rebate.js';
