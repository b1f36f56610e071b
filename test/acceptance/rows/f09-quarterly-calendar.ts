import { equal, refused } from '../expectations.js';
import { RedemptionDay } from '../redemption-day.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const ZONE = 'cn-371083-yintan';
const SOLD = { bailangwan: 'soap', guanhaiyuan: 'spray-can', haiyun: 'cooking-oil', yihe: 'foot-basin' } as const;
const schemeOf = (community: string) => `${ZONE}-${community}`;

/** [001] The zone's party committee sets one day a quarter for all communities. */
export const f09: Row = {
  row: 'F09',
  negative: 'REDEMPTION_CLOSED',
  documents: [ZONE, ...Object.keys(SOLD).map(schemeOf)],
  play: async (scene) => {
    const zone = await scene.desk(ZONE, '371083-yintan');
    await zone.worth('person', [
      [5, { rule: 'volunteer', n: 1 }],
      [15, { rule: 'volunteer', n: 3 }],
    ]);
    const one = await zone.subject('person');
    await zone.earn([{ rule: 'volunteer', who: one, n: 1 }]);
    equal('a wallet', (await zone.ledger(one)).wallet, { balance: 5, shortage: 0 });
    const day = await RedemptionDay.open(zone);
    const shared = Object.keys(SOLD).map((name) => scene.scheme(schemeOf(name)));
    equal('who shares the day', [...day.schemes].toSorted(), shared);
    const codes: string[] = [];
    for (const [name, sku] of Object.entries(SOLD)) {
      const desk = await scene.desk(schemeOf(name), `371083-yintan-${name}`);
      const [member = '', kin = ''] = await desk.subjects('person', 2);
      await desk.household([member, kin], desk.office.day('01-01'));
      // Of last year, so that it competes for no honour of this one.
      await desk.earn([{ rule: 'volunteer', who: member, n: 20, on: desk.office.day('12-31', 1) }]);
      const shop = new Shop(desk);
      await shop.shelve(sku, 3);
      codes.push(refused('without a day', await shop.order(member, [[sku, 1]])));
      await shop.buy(member, [[sku, 1]], { day: day.id });
      await shop.handsToKin(member, kin, [[sku, 1]], { day: day.id });
    }
    equal('without a day', codes, ['REDEMPTION_CLOSED', 'REDEMPTION_CLOSED', 'REDEMPTION_CLOSED', 'REDEMPTION_CLOSED']);
    await zone.begins('person', { on: '2023-04-01', dayBefore: '2023-03-31' }, { rule: 'volunteer', n: 1 });
    return { figure: `one day for ${day.schemes.length} communities`, negative: codes[0] ?? '' };
  },
};
