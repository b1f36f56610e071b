import type { Grading } from '#libs/scheme';
import { draft, faultsIn } from '../adoption.js';
import { equal, granted, refused } from '../expectations.js';
import type { Row } from '../row.js';
import { TEMPLATE } from './wenming-template.js';

const TOWN = 'cn-310116109-wenming';
const CHILD = 'cn-310116109-xinghuo';

/** [004] The town guides, each village makes its own rules. */
export const f16: Row = {
  row: 'F16',
  negative: 'OVERRIDE_NOT_ALLOWED',
  documents: [TOWN],
  play: async (scene) => {
    const desk = await scene.desk(TOWN, '310116109');
    const { office } = desk;
    for (const play of Object.values(TEMPLATE)) await play(desk);
    const [home] = await desk.subjects('household', 1);
    await desk.earn([
      { who: home ?? '', rule: 'meeting', on: office.day('12-31', 1) },
      { who: home ?? '', rule: 'meeting', on: office.day('01-01') },
    ]);
    const run = await desk.assess(String(office.year));
    const of = async (metric: string) => (await desk.results(run, metric)).get(home ?? '')?.value;
    equal('year and all years', [await of('year-total'), await of('cumulative')], ['5', '10']);
    equal('a screen of the town', (await desk.shown(run, 'screen', { metric: 'cumulative' })).lists.length, 1);
    equal('the wallet', (await desk.ledger(home ?? '')).wallet, { balance: 10, shortage: 0 });
    await desk.begins('household', { on: '2019-01-01', dayBefore: '2018-12-31' }, { rule: 'meeting' });

    // A village may have rules of its own, and nothing that the town did not leave to it.
    const parent = { id: desk.scheme, version: 1 };
    const village = { ...scene.written(CHILD), parent, id: scene.fresh() };
    granted('rules of one’s own', await draft(office.county, village));
    const grading: Grading = {
      id: 'mine',
      predicate: { metric: 'year-total', op: 'ge', value: 1, code: 'x' },
      source: 'x',
    };
    const answer = await draft(office.county, { ...village, gradings: [grading] });
    equal('grades of one’s own', refused('grades of one’s own', answer), 'SCHEME_INVALID');
    const [negative = ''] = faultsIn(answer);
    return { figure: 'five rules inherited, each may be changed', negative };
  },
};
