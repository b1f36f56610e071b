import { times } from '../desk.js';
import { equal, refused } from '../expectations.js';
import type { Row } from '../row.js';

/** [000] 社区诚信积分管理试行办法: a file (居民信用积分档案) for each of more than 160 residents under one trial rule-set. */
const FILES = 160;
const SCHEME = 'cn-371002101-community';

export const f05: Row = {
  row: 'F05',
  negative: 'ENTRY_NOT_BY_RULE',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371002101');
    const people = await desk.subjects('person', FILES);
    await desk.earn(people.map((who) => ({ who, rule: 'city-building', on: '2020-05-04' })));
    const files = await desk.results(await desk.assess('2020'), 'file');
    equal('files with 2 points', people.filter((who) => files.get(who)?.value === '2').length, FILES);
    const [first = ''] = people;
    equal('the wallet of a file', (await desk.ledger(first)).wallet, { balance: 2, shortage: 0 });

    const city = { rule: 'city-building', on: '2020-05-04' };
    await desk.worth('person', [
      [2, city],
      [8, ...times(4, city)],
      [8, ...times(5, city)],
      [10, ...times(5, city), { ...city, on: '2020-06-01' }],
      [0, { rule: 'volunteer', n: 1, on: '2020-05-04' }],
      [1, { rule: 'volunteer', n: 2, on: '2020-05-04' }],
      [2, { rule: 'volunteer', n: 3, on: '2020-05-04' }, { rule: 'volunteer', n: 1, on: '2020-09-01' }],
    ]);
    await desk.begins('person', { on: '2020-01-01', dayBefore: '2019-12-31' }, { rule: 'volunteer', n: 2 });
    await desk.earn([{ ...city, who: first, on: '2020-12-31' }]);
    const late = await desk.declare([{ ...city, who: first, on: '2021-01-01' }]);
    return { figure: `${FILES} files under one trial rule-set`, negative: refused('after the trial year', late) };
  },
};
