import { describe, expect, it } from '@jest/globals';
import type { EquivalenceTable } from './equivalence-table.js';
import { tableInEffect, tablesInEffectWithin, type TableVersion } from './table-in-effect.js';

const table = (version: number, effectiveFrom: string): EquivalenceTable => ({
  id: 'county',
  scheme: { id: 'cn-000000-example', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' },
  version,
  map: { AA: 'AA' },
  excluded: ['A'],
  effectiveFrom,
});
const version = (number: number, effectiveFrom: string, suspended = false): TableVersion & { digest: string } => ({
  table: table(number, effectiveFrom),
  suspended,
  digest: `digest ${number}`,
});
const at = (iso: string): number => Date.parse(iso) / 1000;
const march = version(1, '2026-03-01');
const april = version(2, '2026-04-01');

describe('tableInEffect (design §4.4)', () => {
  it('is the newest version that has started, from midnight in Shanghai', () => {
    const versions = [april, march];
    expect(tableInEffect(versions, at('2026-02-28T23:59:59+08:00'))).toEqual({ kind: 'unmapped', reason: 'no_table' });
    expect(tableInEffect(versions, at('2026-03-01T00:00:00+08:00'))).toEqual({
      kind: 'in_effect',
      table: march.table,
      version: march,
    });
    expect(tableInEffect(versions, at('2026-03-31T23:59:59+08:00'))).toMatchObject({ version: march });
    expect(tableInEffect(versions, at('2026-04-01T00:00:00+08:00'))).toMatchObject({ version: april });
  });

  it('ends in unmapped when the newest is suspended, never in its predecessor', () => {
    const versions = [march, { ...april, suspended: true }];
    expect(tableInEffect(versions, at('2026-03-31T12:00:00+08:00'))).toMatchObject({ version: march });
    expect(tableInEffect(versions, at('2026-04-02T12:00:00+08:00'))).toEqual({ kind: 'unmapped', reason: 'suspended' });
  });

  it('prefers the higher version where two start on one day', () => {
    const correction = version(3, '2026-04-01', true);
    for (const versions of [
      [april, correction],
      [correction, april],
    ])
      expect(tableInEffect(versions, at('2026-04-02T00:00:00+08:00'))).toEqual({
        kind: 'unmapped',
        reason: 'suspended',
      });
  });

  it('is unmapped without versions', () => {
    expect(tableInEffect([], at('2026-04-02T00:00:00+08:00'))).toEqual({ kind: 'unmapped', reason: 'no_table' });
  });
});

describe('tablesInEffectWithin: what a gate with older knowledge may use (design §4.1)', () => {
  const noon = at('2026-04-02T12:00:00+08:00');
  const day = 86_400;

  it('holds every version in effect at an instant of the span', () => {
    expect(tablesInEffectWithin([march, april], noon, day)).toEqual([april.table]);
    expect(tablesInEffectWithin([march, april], noon, 3 * day)).toEqual([march.table, april.table]);
    const second = version(3, '2026-04-02');
    expect(tablesInEffectWithin([second, april, march], noon, 3 * day)).toHaveLength(3);
    expect(tablesInEffectWithin([april], noon, 3 * day)).toEqual([april.table]);
  });

  it('does not hold a version that is still to come', () => {
    expect(tablesInEffectWithin([april, version(3, '2026-04-03')], noon, day)).toEqual([april.table]);
  });

  it('is empty when nothing is in effect now, and leaves suspended versions out', () => {
    expect(tablesInEffectWithin([march, { ...april, suspended: true }], noon, 3 * day)).toEqual([]);
    expect(tablesInEffectWithin([{ ...march, suspended: true }, april], noon, 3 * day)).toEqual([april.table]);
    expect(tablesInEffectWithin([version(3, '2026-04-03')], noon, day)).toEqual([]);
  });
});
