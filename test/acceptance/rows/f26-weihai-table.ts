import { equal } from '../expectations.js';
import type { Row } from '../row.js';
import { playAttestation, playIssuer } from './graded-issuer.js';

const [RUSHAN, WENDENG] = ['cn-371083-haibei', 'cn-371003-haibei'];

/** Domain 3.3: each score under the Weihai table and under Wendeng's. */
const BOTH = {
  1150: ['AAA', 'AAA'],
  1149: ['AA', 'AAA'],
  1050: ['AA', 'AAA'],
  1049: ['A', 'AA'],
  1045: ['A', 'AA'],
  1030: ['A', 'AA'],
  1029: ['A', 'A'],
  1000: ['A', 'A'],
  999: ['B', 'A'],
  960: ['B', 'A'],
  959: ['B', 'B'],
  950: ['B', 'B'],
  949: ['C', 'B'],
  850: ['C', 'B'],
  849: ['C', 'C'],
  801: ['C', 'C'],
  800: ['D', 'C'],
  600: ['D', 'C'],
  599: ['D', 'D'],
} as const;

/** [003] 乳山 issues letters; [V] two tables of one name in one prefecture: the letter travels, the number must not. */
export const f26: Row = {
  row: 'F26',
  negative: 'NOTHING_TO_ISSUE',
  documents: [RUSHAN, WENDENG],
  play: async (scene) => {
    const [rushan, wendeng] = [await scene.desk(RUSHAN, '371083'), await scene.desk(WENDENG, '371003')];
    const under = (table: 0 | 1) =>
      Object.fromEntries(Object.entries(BOTH).map(([score, letters]) => [score, letters[table]]));
    const rules = { contractKept: [5, 40], propertyReturned: [5, 20] } as const;
    const [since, wendengSince] = ['2021-01-01', '2020-01-01'];
    if (scene.plays(RUSHAN)) {
      const begins = { on: since, dayBefore: '2020-12-31' };
      await playIssuer(rushan, { ...rules, edges: under(0), begins });
    }
    if (scene.plays(WENDENG)) {
      const begins = { on: wendengSince, dayBefore: '2019-12-31' };
      await playIssuer(wendeng, { ...rules, edges: under(1), begins });
    }
    const figure = '1045 is A in 乳山 and AA in 文登';
    if (scene.isRecast) return { figure, negative: '' };
    const { held, code } = await playAttestation(rushan, { score: 1_149, short: 999 });
    equal('1149 in 乳山', held, 'A, AA');
    const there = await playAttestation(wendeng, { score: 1_149, short: 959 });
    equal('1149 in 文登', [there.held, there.code], ['A, AA, AAA', code]);
    return { figure, negative: code };
  },
};
