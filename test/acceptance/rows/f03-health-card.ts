import { times } from '../desk.js';
import { equal, granted, refused } from '../expectations.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';
import { placeOf, schemeOf, TOWN, VILLAGES } from './yangting.js';

const HEALTH = 'cn-371002101-health';

/** [000] 信用健康1+1: points of the villages buy physiotherapy, by a card whose code is good once. */
export const f03: Row = {
  row: 'F03',
  negative: 'CODE_USED',
  documents: [HEALTH, TOWN, ...VILLAGES.map(schemeOf)],
  play: async (scene) => {
    const health = await scene.desk(HEALTH, '371002101');
    const village = await scene.desk(schemeOf('nanjiao'), placeOf('nanjiao'));
    const { office } = health;
    const elder = await village.subject('person');
    await village.earn(times(60, { rule: 'assets', on: office.day('05-01') }).map((deed) => ({ ...deed, who: elder })));
    const clinic = new Shop(health);
    const by = { scheme: village.scheme, shop: health.scheme };
    const card = await clinic.buy(elder, [['physiotherapy', 1]], by);
    equal('the price of a card', [card.points, card.balance], [20, 160]);

    const use = async () => {
      const body = { key: scene.fresh(), code: card.codes?.[0]?.code };
      return office.as({ role: 'provider' })('POST', '/v1/admin/card-codes/uses', body);
    };
    equal('the card', granted('using the card', await use())['sku'], 'physiotherapy');
    const negative = refused('using it again', await use());

    // Two in a month; the next month of the same quarter is another.
    await clinic.buy(elder, [['physiotherapy', 1]], by);
    await clinic.refuses('LIMIT_EXCEEDED', elder, [['physiotherapy', 1]], by);
    office.passDays(15);
    await clinic.buy(elder, [['physiotherapy', 2]], by);

    // Points of any of the villages, at the health centre and in no other village's shop.
    for (const [at, name] of VILLAGES.entries()) {
      if (!scene.plays(schemeOf(name)) && !scene.plays(HEALTH)) continue;
      const desk = await scene.desk(schemeOf(name), placeOf(name));
      const who = await desk.subject('person');
      await desk.earn(times(7, { rule: 'assets' }).map((deed) => ({ ...deed, who })));
      const treated = await clinic.buy(who, [['physiotherapy', 1]], { scheme: desk.scheme, shop: health.scheme });
      equal(`what is left in ${name}`, treated.balance, 1);
      const next = VILLAGES[(at + 1) % VILLAGES.length]!;
      const neighbour = new Shop(await scene.desk(schemeOf(next), placeOf(next)));
      const abroad = { scheme: desk.scheme, shop: neighbour.desk.scheme };
      await neighbour.refuses('AREA_DIFFERENT', who, [['washing-powder', 1]], abroad);
    }

    const own = await health.subject('person');
    await health.earn([{ rule: 'assets', who: own }]);
    equal('a wallet', (await health.ledger(own)).wallet, { balance: 3, shortage: 0 });
    await health.begins('person', { on: '2020-09-01', dayBefore: '2020-08-31' }, { rule: 'assets' });
    return { figure: '20 points of any of 7 villages for a treatment, twice a month', negative };
  },
};
