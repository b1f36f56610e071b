import { describe, expect, it } from '@jest/globals';
import type { Area, CatalogueItem, SchemeDocument, WrittenScheme } from '#libs/scheme';
import { shopScheme } from '../../../../test/county/shop-schemes.js';
import { SchemeBook } from '../schemes/scheme-book.js';
import { SchemeVersion } from '../schemes/scheme-version.js';
import { areaBetween, fundName, limitDays, refuseOtherPrices, termsOn } from './shop-terms.js';

const version = (
  id: string,
  more: Partial<SchemeDocument> = {},
  written?: Partial<WrittenScheme>,
): Promise<SchemeVersion> => {
  const document = { ...shopScheme, id, ...more };
  const { funds: _funds, ...inherited } = document;
  return SchemeVersion.of(document, written === undefined ? document : { ...inherited, ...written });
};
const pinned = (id: string): Pick<SchemeDocument, 'parent'> => ({ parent: { id, version: 1 } });
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (fault) {
    return (fault as { readonly code?: string }).code;
  }
};

describe('a fund of a scheme', () => {
  it('is the money of whoever may say how it is filled', async () => {
    const county = await version('county', { overridable: ['funds'] });
    const town = await version('town', { ...pinned('county'), overridable: ['funds/village'] }, {});
    const village = await version('village', pinned('town'), {});
    const other = await version('other', pinned('town'), { funds: shopScheme.funds?.slice(1) ?? [] });
    const lost = await version('lost', pinned('nowhere'), {});
    const book = new SchemeBook([county, town, village, other, lost]);
    const owners = [county, town, village, other, lost].map((each) =>
      ['reserve', 'village'].map((fund) => fundName(book, each, fund).owner),
    );
    expect(owners).toEqual([
      ['county', 'county'],
      // What is left to it is its own, and `funds` leaves them all.
      ['town', 'town'],
      ['town', 'village'],
      ['town', 'other'],
      ['lost', 'lost'],
    ]);
  });
});

describe('an area (同值化)', () => {
  it('is one that both documents name, with each other and shared scenes', async () => {
    const area: Area = {
      id: 'e',
      schemes: ['one', 'two'],
      shared: ['scenes'],
      transfer: 1,
      accept_by: 'x',
      source: 'x',
    };
    const one = await version('one', { area });
    const between = async (changes: Partial<Area>): Promise<unknown> => {
      const two = await version('two', { area: { ...area, ...changes } });
      return codeOf(() => areaBetween(one, two));
    };
    expect(await between({})).toBe('e');
    expect(areaBetween(one, one)).toBeNull();
    expect(await between({ id: 'w' })).toBe('AREA_DIFFERENT');
    expect(await between({ schemes: ['two', 'three'] })).toBe('AREA_DIFFERENT');
    expect(await between({ schemes: ['one', 'three'] })).toBe('AREA_DIFFERENT');
    expect(await between({ shared: ['activities', 'prices'] })).toBe('AREA_DIFFERENT');
    const apart = await version('two');
    expect(codeOf(() => areaBetween(one, apart))).toBe('AREA_DIFFERENT');
    expect(codeOf(() => areaBetween(apart, one))).toBe('AREA_DIFFERENT');
  });
});

describe('prices that an area shares (兑换统一标准)', () => {
  it('are the same in both shops, or the item is not sold for the points of the other', async () => {
    const area = (...shared: Area['shared']): Area => ({
      id: 'e',
      schemes: ['one', 'two'],
      shared,
      transfer: 1,
      accept_by: 'x',
      source: 'x',
    });
    const [soap, ...rest] = shopScheme.catalogue ?? [];
    const dearer = [{ ...soap!, price_points: soap!.price_points + 1 }, ...rest];
    const sell = async (ofPayer: Area, ofShop: Area, own: readonly CatalogueItem[]): Promise<unknown> => {
      const payer = await version('one', { area: ofPayer, catalogue: own });
      const shop = await version('two', { area: ofShop });
      const items = rest.slice(0, 1).concat(soap!);
      return codeOf(() =>
        refuseOtherPrices(
          payer,
          shop,
          items.map((item) => ({ item })),
        ),
      );
    };
    const shared = area('scenes', 'prices');
    expect(await sell(shared, shared, dearer)).toBe('AREA_PRICE_DIFFERS');
    expect(await sell(shared, shared, [soap!, ...rest])).toBeUndefined();
    // What the own village does not sell has no other price.
    expect(await sell(shared, shared, rest)).toBeUndefined();
    expect(await sell(shared, area('scenes'), dearer)).toBeUndefined();
    expect(await sell(area('scenes'), shared, dearer)).toBeUndefined();
  });
});

describe('a limit', () => {
  it('counts from the first day of the calendar span up to the day', () => {
    const item = shopScheme.catalogue?.[0];
    const from = (per: 'event' | 'month' | 'quarter' | 'year'): unknown =>
      item && limitDays({ ...item, limit: { per, n: 1 } }, '2026-05-31');
    expect(from('month')).toEqual({ from: '2026-05-01', to: '2026-05-31' });
    expect(from('quarter')).toEqual({ from: '2026-04-01', to: '2026-05-31' });
    expect(from('year')).toEqual({ from: '2026-01-01', to: '2026-05-31' });
    expect(from('event')).toBeUndefined();
  });
});

describe('a shop', () => {
  it('sells by the version in effect on the day, and not on a day without one', async () => {
    const valid = { from: '2026-02-01', to: '2026-02-28' };
    const book = new SchemeBook([
      await version('one', { valid }),
      await version('one', { version: 2, valid: { from: '2026-02-10' } }),
    ]);
    expect(['2026-02-09', '2026-02-10', '2026-03-01'].map((day) => termsOn(book, 'one', day).document.version)).toEqual(
      [1, 2, 2],
    );
    expect(codeOf(() => termsOn(book, 'one', '2026-01-31'))).toBe('REDEMPTION_CLOSED');
    expect(codeOf(() => termsOn(book, 'two', '2026-02-09'))).toBe('ENTRY_SCHEME_UNKNOWN');
  });
});
