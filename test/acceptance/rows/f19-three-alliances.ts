import { adopt } from '../adoption.js';
import { Desk } from '../desk.js';
import { equal, granted } from '../expectations.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const SCHEME = 'cn-371082004-alliances';
/** [003] the sub-districts and towns of 荣成 that copy it. */
const COPIES = 22;

export const f19: Row = {
  row: 'F19',
  negative: 'WALLET_INSUFFICIENT',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371082004');
    const { office } = desk;
    await desk.worth('group', [[5, { rule: 'mutual-aid' }]]);
    await desk.worth('enterprise', [[5, { rule: 'enterprise-pledge' }]]);
    await desk.worth('person', [
      [1, { rule: 'volunteer', n: 1 }],
      [3, { rule: 'volunteer', n: 3 }],
    ]);
    const [member, kin] = await desk.subjects('person', 2);
    await desk.household([member ?? '', kin ?? ''], office.day('01-01'));
    await desk.earn([{ who: member ?? '', rule: 'volunteer', n: 24 }]);
    const shop = new Shop(desk);
    await shop.charges(member ?? '', { 'alliance-voucher': 10 });
    await shop.handsToKin(member ?? '', kin ?? '', [['alliance-voucher', 1]]);
    const negative = await shop.refuses('WALLET_INSUFFICIENT', member ?? '', [['alliance-voucher', 1]]);
    equal('the wallet', (await desk.ledger(member ?? '')).wallet, { balance: 4, shortage: 0 });
    await desk.begins('person', { on: '2023-01-01', dayBefore: '2022-12-31' }, { rule: 'volunteer', n: 1 });
    if (scene.isRecast) return { figure: '', negative };

    // The same document for every sub-district and town, and one of each in business.
    const { places } = granted('places', await office.county.ask('GET', '/v1/places'));
    const units = (places as readonly { readonly id: string; readonly level: string }[])
      .filter(({ level }) => level === 'subdistrict' || level === 'town')
      .map(({ id }) => id);
    for (const place of units) {
      const copy = { ...scene.written(SCHEME), id: scene.fresh(), place };
      granted(`a copy for ${place}`, await adopt(office.county, copy));
      await new Desk(office, copy.id, place).worth('group', [[5, { rule: 'mutual-aid' }]]);
    }
    equal('copies', units.length, COPIES);
    return { figure: `3 alliances, ${units.length} sub-districts and towns`, negative };
  },
};
