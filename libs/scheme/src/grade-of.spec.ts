import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { exportedGrading, positiveGradesUpTo } from './exported-grading.js';
import { gradeOf } from './grade-of.js';
import type { SchemeDocument } from './scheme-document.js';

const read = (name: string): SchemeDocument =>
  JSON.parse(readFileSync(`config/schemes/${name}/haibei.json`, 'utf8')) as SchemeDocument;
/** 乳山 applies the Weihai table. */
const weihai = read('371083');
const wendeng = read('371003');

describe('gradeOf: the edges of the Weihai and Wendeng tables (domain 3.3)', () => {
  it.each([
    [1151, 'AAA', 'AAA'],
    [1150, 'AAA', 'AAA'],
    [1149, 'AA', 'AAA'],
    [1050, 'AA', 'AAA'],
    [1049, 'A', 'AA'],
    [1045, 'A', 'AA'],
    [1030, 'A', 'AA'],
    [1029, 'A', 'A'],
    [1000, 'A', 'A'],
    [999, 'B', 'A'],
    [960, 'B', 'A'],
    [959, 'B', 'B'],
    [950, 'B', 'B'],
    [949, 'C', 'B'],
    [850, 'C', 'B'],
    [849, 'C', 'C'],
    [801, 'C', 'C'],
    [800, 'D', 'C'],
    [600, 'D', 'C'],
    [599, 'D', 'D'],
    [-40, 'D', 'D'],
  ])('%i is %s in Weihai and %s in Wendeng', (score, inWeihai, inWendeng) => {
    expect(gradeOf(weihai, score)).toBe(inWeihai);
    expect(gradeOf(wendeng, score)).toBe(inWendeng);
  });

  it('grades whole numbers only', () => {
    expect(() => gradeOf(wendeng, 1049.5)).toThrow(RangeError);
    expect(() => gradeOf(wendeng, Number.NaN)).toThrow(RangeError);
  });
});

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
