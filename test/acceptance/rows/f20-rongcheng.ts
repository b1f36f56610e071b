import { equal } from '../expectations.js';
import type { Row } from '../row.js';
import { playAttestation, playIssuer, scored } from './graded-issuer.js';

const SCHEME = 'cn-371082-haibei';

/** [003] 荣成: a yearly score on a base, grades, incentives by grade. */
export const f20: Row = {
  row: 'F20',
  negative: 'NOTHING_TO_ISSUE',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371082');
    await playIssuer(desk, {
      contractKept: [5, 40],
      propertyReturned: [5, 20],
      edges: {
        1050: 'AAA',
        1049: 'AA',
        1030: 'AA',
        1029: 'A',
        1000: 'A',
        960: 'A',
        959: 'B',
        850: 'B',
        849: 'C',
        600: 'C',
        599: 'D',
      },
      begins: { on: '2021-06-18', dayBefore: '2021-06-17' },
    });
    const [best, next] = await scored(desk, 1_050, 1_049);
    equal('the heating fee', await desk.given('heating', [best ?? '', next ?? '']), [true, false]);
    equal('what it is', await desk.effects(), { heating: { cashback: 30_000 } });
    const figure = '1050 AAA, 1049 AA, 1029 A, 959 B, 849 C, 599 D';
    if (scene.isRecast) return { figure, negative: '' };
    const { held, code } = await playAttestation(desk, { score: 1_049, short: 959 });
    equal('1049 in 荣成', held, 'A, AA');
    return { figure: `${figure}; 1049 shows ${held}`, negative: code };
  },
};
