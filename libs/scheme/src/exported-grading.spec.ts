import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { exportedGrading, positiveGradesUpTo } from './exported-grading.js';
import type { SchemeDocument } from './scheme-document.js';

const wendeng = JSON.parse(readFileSync('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument;

describe('positiveGradesUpTo: what an attestation may show (design §4.1)', () => {
  const ladder = exportedGrading(wendeng)!;

  it.each([
    ['AAA', ['A', 'AA', 'AAA']],
    ['AA', ['A', 'AA']],
    ['A', ['A']],
    ['B', []],
    ['D', []],
    ['AAAA', []],
    ['', []],
  ])('of %s are %j', (grade, positive) => {
    expect(positiveGradesUpTo(ladder, grade)).toEqual(positive);
  });

  it('are none where the floor is not a grade', () => {
    expect(positiveGradesUpTo({ grades: ['AA', 'A'], positiveFloor: 'AAA' }, 'AA')).toEqual([]);
  });
});
