import { equal, refused } from '../expectations.js';
import type { Row } from '../row.js';

const SCHEME = 'cn-371002101-enterprises';
/** [000] 35 enterprises above designated size. */
const ENTERPRISES = 35;

export const f08: Row = {
  row: 'F08',
  negative: 'ENTRY_NOT_BY_RULE',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371002101');
    const { office } = desk;
    const enterprises = await desk.subjects('enterprise', ENTERPRISES);
    await desk.earn(enterprises.map((who) => ({ who, rule: 'contract-kept', on: office.day('03-01') })));
    const [first = ''] = enterprises;
    const clerk = await desk.subject('person');
    await desk.join([clerk], first, office.day('01-01'));
    await desk.earn([{ who: clerk, rule: 'staff-honest', on: office.day('03-02') }], 'manager');

    const run = await desk.assess(String(office.year));
    const files = await desk.results(run, 'enterprise-file');
    equal('files with 5 points', enterprises.filter((who) => files.get(who)?.value === '5').length, ENTERPRISES);
    equal('the clerk', (await desk.results(run, 'staff-file')).get(clerk)?.value, '3');
    equal('wallets', [(await desk.ledger(first)).wallet?.balance, (await desk.ledger(clerk)).wallet?.balance], [5, 3]);

    await desk.begins('enterprise', { on: '2020-01-01', dayBefore: '2019-12-31' }, { rule: 'contract-kept' });
    const crossed = await desk.declare([{ who: first, rule: 'staff-honest' }], 'manager');
    return {
      figure: `${ENTERPRISES} enterprises, staff apart`,
      negative: refused('a clerk’s rule for an enterprise', crossed),
    };
  },
};
