import { draft, faultsIn } from '../adoption.js';
import { equal, granted, refused } from '../expectations.js';
import type { Row } from '../row.js';

const SCHEME = 'cn-371002101-schools';

/** [000] 信用进学校: a log of talks, reading, class meetings and essays; no account of a pupil. */
export const f07: Row = {
  row: 'F07',
  negative: 'SUBJECT_MINOR',
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
    // What is kept is how many took part, not who.
    const [pupils] = await desk.subjects('group', 1);
    for (const kind of ['talk', 'reading', 'class-meeting', 'essay']) {
      const { activity } = granted(kind, await desk.call(kind));
      const names = await desk.sheet(activity, { rows: [{ subject: minor.handle }] });
      equal('names of pupils', refused('names of pupils', names), 'ACTIVITY_LOG_ONLY');
      const log = granted('heads', await desk.sheet(activity, { group: pupils, heads: 42 }));
      equal('the log', [log['entries'], log['heads']], [[], 42]);
    }
    granted('on the first day', await desk.call('talk', '2020-01-01'));
    const early = refused('before the first day', await desk.call('talk', '2019-12-31'));
    equal('before the first day', early, 'ACTIVITY_KIND_UNKNOWN');
    equal('a wallet', (await desk.ledger(pupils ?? '')).wallet, null);
    return { figure: '4 kinds of activity logged by heads; no account, no points', negative };
  },
};
