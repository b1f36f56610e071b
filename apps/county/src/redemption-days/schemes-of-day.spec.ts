import { describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import { shopScheme } from '../../../../test/county/shop-schemes.js';
import { SchemeBook } from '../schemes/scheme-book.js';
import { SchemeVersion } from '../schemes/scheme-version.js';
import { schemesOfDay } from './schemes-of-day.js';

const DAY = '2026-06-27';
const calendar: SchemeDocument['redemption'] = { cadence: 'quarter', proxy: true, source: 'invented' };

/** A shop whose document leaves out the calendar it inherits. */
const version = (id: string, parent?: string, more: Partial<SchemeDocument> = {}): Promise<SchemeVersion> => {
  const { redemption: _own, ...shop } = shopScheme;
  const written = { ...shop, id, ...(parent !== undefined && { parent: { id: parent, version: 1 } }), ...more };
  return SchemeVersion.of({ redemption: calendar, ...written }, written);
};

describe('the shops of a redemption day', () => {
  it('are those below a scheme that share its calendar, whatever lies between', async () => {
    const book = new SchemeBook(
      await Promise.all([
        version('zone', undefined, { catalogue: [], redemption: calendar }),
        version('one', 'zone'),
        version('two', 'zone', { catalogue: [] }),
        version('below-two', 'two'),
        version('own', 'zone', { redemption: calendar }),
        version('below-own', 'own'),
        version('plain', 'zone', { balance: 'none' }),
        version('over', 'zone', { valid: { from: '2026-01-01', to: '2026-06-26' } }),
        version('other', undefined),
      ]),
    );
    expect(schemesOfDay(book, 'zone', DAY)).toEqual(['below-two', 'one']);
    expect(schemesOfDay(book, 'zone', '2026-06-26')).toEqual(['below-two', 'one', 'over']);
    expect(schemesOfDay(book, 'own', DAY)).toEqual(['below-own', 'own']);
    expect(schemesOfDay(book, 'one', DAY)).toEqual(['one']);
    expect(schemesOfDay(book, 'plain', DAY)).toEqual([]);
    expect(schemesOfDay(book, 'zone', '2025-12-31')).toEqual([]);
  });
});
