import { describe, expect, it } from '@jest/globals';
import { offerAvailability } from './offer-availability.js';
import type { Agreement, Offer } from './offer.js';

const agreement: Agreement = {
  id: 'lv',
  version: 1,
  name: { zh: '文旅信用合作' },
  counties: ['https://rongcheng.example'],
  schemes: ['rongcheng'],
  partners: ['rugao-spot'],
  legalBasis: 'invented',
  from: '2026-01-01',
  to: '2026-06-30',
};
const offer: Offer = {
  id: 'rugao-free-aa',
  version: 1,
  partner: 'rugao-spot',
  agreement: 'lv',
  band: 'AA',
  title: { zh: '免票' },
  effect: { kind: 'free' },
  uses: { n: 1, per: 'day' },
  party: { adults: 1, children: 0, seniors: 0 },
  holderCheck: 'device',
  freshnessSeconds: 21_600,
  from: '2026-02-01',
  to: '2026-12-31',
  blackoutDays: ['2026-02-16'],
  dailyLimit: 100,
};
const on = (day: string, takenToday = 0) => ({ day, takenToday });

describe('whether an offer can be had (design §4.6 not_available)', () => {
  it.each([
    ['2026-01-31', 'not_in_effect'],
    ['2026-02-01', 'available'],
    ['2026-02-16', 'blackout'],
    ['2026-06-30', 'available'],
    ['2026-07-01', 'not_in_effect'],
  ])('counts first and last day as in, of offer and agreement alike: %s is %s', (day, expected) => {
    expect(offerAvailability(offer, agreement, on(day))).toBe(expected);
  });

  it('ends with its own last day where the agreement goes on', () => {
    const short = { ...offer, to: '2026-03-01' };
    expect(offerAvailability(short, agreement, on('2026-03-01'))).toBe('available');
    expect(offerAvailability(short, agreement, on('2026-03-02'))).toBe('not_in_effect');
  });

  it('is sold out when the daily limit is reached, and without a limit never', () => {
    expect(offerAvailability(offer, agreement, on('2026-03-01', 99))).toBe('available');
    expect(offerAvailability(offer, agreement, on('2026-03-01', 100))).toBe('sold_out');
    const { dailyLimit: _limit, ...unlimited } = offer;
    expect(offerAvailability(unlimited, agreement, on('2026-03-01', 1_000_000))).toBe('available');
  });

  it('does not take an unknown count for a free place', () => {
    expect(offerAvailability(offer, agreement, on('2026-03-01', Number.NaN))).toBe('sold_out');
  });

  it('knows nothing outside the agreement it names and its partners', () => {
    expect(offerAvailability(offer, { ...agreement, id: 'wen' }, on('2026-03-01'))).toBe('not_in_effect');
    expect(offerAvailability(offer, undefined, on('2026-03-01'))).toBe('not_in_effect');
    expect(offerAvailability(offer, { ...agreement, partners: [] }, on('2026-03-01'))).toBe('not_in_effect');
  });
});
