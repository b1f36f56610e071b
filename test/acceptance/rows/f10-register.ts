import { equal, granted, RowFault } from '../expectations.js';
import { RedemptionDay } from '../redemption-day.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const SCHEME = 'cn-371083-yintan-bailangwan';

/** [001] The process is explained, goods are exchanged, and everything is registered (登记). */
export const f10: Row = {
  row: 'F10',
  negative: 'ITEM_UNKNOWN',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371083-yintan-bailangwan');
    const people = await desk.subjects('person', 3);
    await desk.earn(people.map((who) => ({ who, rule: 'volunteer', n: 2 })));
    const day = await RedemptionDay.open(desk, { subjects: people });
    const shop = new Shop(desk);
    await shop.shelve('soap', 5);
    for (const who of people) await shop.charges(who, { soap: 5 }, { day: day.id });
    equal('the wallet', (await desk.ledger(people[0] ?? '')).wallet, { balance: 5, shortage: 0 });

    const { today } = desk.office;
    const path = `/v1/admin/schemes/${desk.scheme}/redemption-register`;
    const table = await desk.as('manager')('GET', `${path}.csv?from=${today}&to=${today}`);
    granted('the register', table);
    const lines = table.text
      .trim()
      .split('\r\n')
      .filter((line) => people.some((who) => line.includes(who)));
    equal('lines of the register', lines.length, 3);
    const page = await desk.as('manager')('GET', `${path}?from=${today}&to=${today}`);
    granted('the printed register', page);
    if (!page.text.includes('香皂')) throw new RowFault('the printed register does not say what was handed out');
    await desk.begins('person', { on: '2023-04-01', dayBefore: '2023-03-31' }, { rule: 'volunteer', n: 1 });
    const negative = await shop.refuses('ITEM_UNKNOWN', people[0] ?? '', [['peanut-oil', 1]], { day: day.id });
    return { figure: `${lines.length} lines in the register`, negative };
  },
};
