import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { resolveScheme } from './resolve-scheme.js';
import type { SchemeDocument, WrittenScheme } from './scheme-document.js';
import { writtenPlace } from './written-place.js';

const town: SchemeDocument = {
  ...(JSON.parse(readFileSync('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument),
  overridable: ['rules'],
};
const [first, second] = town.rules;
const { rules: _rules, metrics: _metrics, gradings: _gradings, overridable: _overridable, ...header } = town;
const village: WrittenScheme = {
  ...header,
  id: 'village',
  parent: { id: town.id, version: town.version },
  rules: [{ ...first!, id: 'new' }, second!],
};

describe('writtenPlace', () => {
  const resolved = resolveScheme(village, [town]);
  const at = (path: string): unknown => {
    if (!resolved.ok) return resolved.faults;
    const place = writtenPlace(path, resolved.value, village);
    return place.isOwn ? place.path : [place.member];
  };

  it('finds members of lists by their names', () => {
    expect(at('/rules/1/cap/points')).toBe('/rules/1/cap/points');
    expect(at(`/rules/${town.rules.length}/formula`)).toBe('/rules/0/formula');
  });

  it('names what stands in the parent only', () => {
    expect([at('/rules/0'), at('/gradings/0/bands'), at('/metrics')]).toEqual([
      [`rules/${first!.id}`],
      ['gradings/grade'],
      ['metrics'],
    ]);
  });

  it('leaves everything else where it is', () => {
    expect([at('/valid/to'), at(''), at('/rules')]).toEqual(['/valid/to', '', '/rules']);
    expect(writtenPlace('/rules/0', town, town)).toEqual({ isOwn: true, path: '/rules/0' });
  });
});
