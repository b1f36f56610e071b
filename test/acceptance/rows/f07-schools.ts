import { draft, faultsIn } from '../adoption.js';
import { equal, refused } from '../expectations.js';
import type { Row } from '../row.js';

const SCHEME = 'cn-371002101-schools';

/** [000] 信用进学校: a log of talks, reading, class meetings and essays; no account of a pupil. */
export const f07: Row = {
  row: 'F07',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371002101');
    const { office } = desk;
    const minor = desk.invented('person', { birthYear: office.year - 12 });
    const answer = await desk.as('registrar')('POST', '/v1/admin/subjects', { subjects: [minor] });
    const negative = refused('an account of a pupil', answer);
    equal('an account of a pupil', negative, 'SUBJECT_MINOR');

    const scored = await draft(office.county, { ...scene.written(SCHEME), id: scene.fresh(), balance: 'separate' });
    equal(
      'points for pupils',
      [refused('points for pupils', scored), ...faultsIn(scored)],
      ['SCHEME_INVALID', 'MINORS_SCORED'],
    );
    return { figure: 'no account, no points', negative };
  },
};
