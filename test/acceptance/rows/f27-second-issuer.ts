import { equal } from '../expectations.js';
import type { Row } from '../row.js';
import { playAttestation, playIssuer } from './graded-issuer.js';

const SCHEME = 'cn-370403-liuhua';

/** [003] 薛城 榴花分: a second issuer of letters. */
export const f27: Row = {
  row: 'F27',
  negative: 'NOTHING_TO_ISSUE',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '370403');
    await playIssuer(desk, {
      contractKept: [6, 48],
      propertyReturned: [3, 12],
      edges: {
        1120: 'AAA',
        1119: 'AA',
        1060: 'AA',
        1059: 'A',
        1000: 'A',
        980: 'A',
        979: 'B',
        900: 'B',
        899: 'C',
        700: 'C',
        699: 'D',
      },
      begins: { on: '2023-01-01', dayBefore: '2022-12-31' },
    });
    const figure = 'AA from 1060, AAA from 1120';
    if (scene.isRecast) return { figure, negative: '' };
    const { held, code } = await playAttestation(desk, { score: 1_060, short: 979 });
    equal('1060 in 薛城', held, 'A, AA');
    return { figure: `${figure}; 1060 shows ${held}`, negative: code };
  },
};
