import type { AlliancePlan } from './alliance-plan.js';

/** How large an alliance is: one scheme and table per member, the rest of the tables as second schemes of the first members. */
export interface AllianceSize {
  readonly members: number;
  readonly tables: number;
  readonly partners: number;
  readonly offers: number;
}

/** Every county-level division of the country (design §6), and what stands under them. */
export const NATIONAL: AllianceSize = { members: 2_843, tables: 3_000, partners: 2_000, offers: 5_000 };

/** Members of one region; each region has an agreement of its own besides the nation-wide one. */
const REGION = 100;

/**
 * An alliance of any size for benches: one nation-wide agreement that lists every county, scheme and partner, and one per
 * region; every offer stands under one of them in turn. Partners are hosted by members spread over all of them.
 */
export function largeAlliance(size: AllianceSize): AlliancePlan {
  const members = Array.from({ length: size.members }, (_, index) => ({
    id: `https://county-${index}.example`,
    place: String(110_000 + index),
    name: { zh: `第${index}县`, en: `County ${index}` },
  }));
  const member = (index: number) => members[index % members.length]!.id;
  const schemes = Array.from({ length: size.tables }, (_, index) => ({
    id: `cn-${110_000 + (index % members.length)}-points-${index}`,
    member: member(index),
    name: { zh: `第${index}号信用积分方案`, en: `Credit points ${index}` },
  }));
  // A step that shares no factor with the number of members spreads the hosts without repeating one early.
  const partners = Array.from({ length: size.partners }, (_, index) => ({
    id: `spot-${index}`,
    hostCounty: member(index * 7 + 1),
    name: { zh: `第${index}号景区`, en: `Scenic spot ${index}` },
    sites: [{ id: `spot-${index}-east`, name: { zh: '东门', en: 'East gate' } }],
  }));
  const regions = Array.from({ length: Math.ceil(members.length / REGION) }, (_, region) => ({
    id: `region-${region}`,
    counties: members.slice(region * REGION, (region + 1) * REGION).map(({ id }) => id),
    schemes: schemes.slice(region * REGION, (region + 1) * REGION).map(({ id }) => id),
    partners: partners.map(({ id }) => id),
  }));
  const agreements = [{ id: 'nation' }, ...regions];
  const offers = Array.from({ length: size.offers }, (_, index) => ({
    id: `offer-${index}`,
    partner: partners[index % partners.length]!.id,
    agreement: agreements[Math.floor(index / partners.length) % agreements.length]!.id,
    title: { zh: `第${index}号优惠`, en: `Offer ${index}` },
  }));
  return { members, partners, schemes, agreements, tables: schemes.map(({ id }) => ({ scheme: { id } })), offers };
}
