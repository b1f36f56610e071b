import { equal, granted } from '../expectations.js';
import { RedemptionDay } from '../redemption-day.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const SCHEME = 'cn-371083-yintan-guanhaiyuan';

/** [001] 诚信超市: 10 a cotton towel, 20 a small spray can, 60 peanut oil; the balance is looked at before the pick. */
export const f11: Row = {
  row: 'F11',
  negative: 'WALLET_INSUFFICIENT',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371083-yintan-guanhaiyuan');
    const [rich = '', poor = ''] = await desk.subjects('person', 2);
    await desk.earn([
      { who: rich, rule: 'volunteer', n: 20 },
      { who: poor, rule: 'volunteer', n: 11 },
    ]);
    const day = await RedemptionDay.open(desk);
    const shop = new Shop(desk);
    for (const sku of ['cotton-towel', 'spray-can', 'peanut-oil']) await shop.shelve(sku, 2);
    equal('the balance before', (await desk.ledger(rich)).wallet, { balance: 100, shortage: 0 });
    await shop.charges(rich, { 'cotton-towel': 10, 'spray-can': 20, 'peanut-oil': 60 }, { day: day.id });
    equal('the balance after', (await desk.ledger(rich)).wallet, { balance: 10, shortage: 0 });
    // What comes back is credited at its price.
    const bought = await shop.buy(rich, [['cotton-towel', 1]], { day: day.id });
    const back = { key: scene.fresh(), items: [{ sku: 'cotton-towel', n: 1 }], reason: 'torn' };
    const path = `/v1/admin/redemptions/${bought.redemption}/returns`;
    granted('a return', await desk.as('shopkeeper')('POST', path, back));
    equal('the balance after a return', (await desk.ledger(rich)).wallet, { balance: 10, shortage: 0 });
    await desk.begins('person', { on: '2023-04-01', dayBefore: '2023-03-31' }, { rule: 'volunteer', n: 1 });

    const negative = await shop.refuses('WALLET_INSUFFICIENT', poor, [['peanut-oil', 1]], { day: day.id });
    equal('what a refusal takes', (await desk.ledger(poor)).wallet, { balance: 55, shortage: 0 });
    return { figure: '10, 20 and 60 points; 100 less 90 leave 10', negative };
  },
};
