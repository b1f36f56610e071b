import type { SchemeDocument } from '#libs/scheme';
import { adopt } from '../adoption.js';
import { equal, granted } from '../expectations.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const schemeOf = (village: string) => `cn-371083105-${village}`;
const PLACES = {
  yizhuang: '371083105-area-1-village-1',
  erzhuang: '371083105-area-1-village-2',
  sanzhuang: '371083105-area-2-village-1',
  sizhuang: '371083105-area-2-village-2',
} as const;
type Village = keyof typeof PLACES;

interface Clearing {
  readonly owesPoints: number;
  readonly owedPoints: number;
}

/** 兑换统一标准: what happens while one village of the area asks other points for an item than it does before and after. */
async function keepsPrices({ desk }: Shop, sku: string, points: number, meanwhile: () => Promise<unknown>) {
  const { office, scheme } = desk;
  const reprice = async (price: number): Promise<void> => {
    const answer = await office.county.ask('GET', `/v1/schemes/${scheme}`);
    const { document } = granted('the scheme', answer) as { readonly document: SchemeDocument };
    const { catalogue = [] } = document;
    const changed = catalogue.map((item) => (item.sku === sku ? { ...item, price_points: price } : item));
    const next = { ...document, version: document.version + 1, valid: { from: office.today }, catalogue: changed };
    granted('another price', await adopt(office.county, next));
  };
  await reprice(points + 1);
  await meanwhile();
  await reprice(points);
}

/** [003] 同值化: inside an area points earned in one village buy in the other, one for one; the other area refuses them. */
export const f25: Row = {
  row: 'F25',
  negative: 'AREA_DIFFERENT',
  documents: Object.keys(PLACES).map(schemeOf),
  play: async (scene) => {
    const villages = Object.keys(PLACES) as readonly Village[];
    const shops = new Map<Village, Shop>();
    for (const name of villages) shops.set(name, new Shop(await scene.desk(schemeOf(name), PLACES[name])));
    const shopOf = (name: Village): Shop => shops.get(name)!;

    for (const [one, other, away] of [
      ['yizhuang', 'erzhuang', 'sanzhuang'],
      ['erzhuang', 'yizhuang', 'sizhuang'],
      ['sanzhuang', 'sizhuang', 'yizhuang'],
      ['sizhuang', 'sanzhuang', 'erzhuang'],
    ] as const) {
      if (!scene.plays(schemeOf(one)) && !scene.plays(schemeOf(other))) continue;
      const { desk } = shopOf(one);
      const [member = '', kin = ''] = await desk.subjects('person', 2);
      await desk.household([member, kin], desk.office.day('01-01'));
      await desk.worth('person', [[4, { rule: 'shared-activity' }]]);
      await desk.earn(Array.from({ length: 7 }, () => ({ who: member, rule: 'shared-activity' })));
      // An activity is called for the area; who came from the other village is credited there.
      const guest = await shopOf(other).desk.subject('person');
      await desk.gather('shared-activity', [guest], desk.office.as({ role: 'collector' }));
      equal('a guest', await shopOf(other).desk.points(guest), 4);
      await shopOf(one).takes('village', ['collective', 'donation'], ['sponsor', 'award']);
      await shopOf(one).shelve('rice', 10, { costFen: 20_000 });
      await shopOf(other).shelve('rice', 1);
      await shopOf(one).charges(member, { rice: 8 });
      const abroad = { scheme: desk.scheme, shop: shopOf(other).desk.scheme };
      const receipt = await shopOf(other).buy(member, [['rice', 1]], abroad);
      equal('one for one', [receipt.points, receipt.balance], [8, 12]);
      await shopOf(one).handsToKin(member, kin, [['rice', 1]]);
      const elsewhere = { scheme: desk.scheme, shop: shopOf(away).desk.scheme };
      await shopOf(away).refuses('AREA_DIFFERENT', member, [['rice', 1]], elsewhere);
      await keepsPrices(shopOf(other), 'rice', 8, () =>
        shopOf(other).refuses('AREA_PRICE_DIFFERS', member, [['rice', 1]], abroad),
      );
      await desk.begins('person', { on: '2024-01-01', dayBefore: '2023-12-31' }, { rule: 'shared-activity' });
    }
    // What the villages owe one another for it is settled between them and sums to nothing.
    for (const name of ['yizhuang', 'sanzhuang'] as const) {
      if (
        !villages.some((each) => scene.plays(schemeOf(each)) && PLACES[each].slice(0, -1) === PLACES[name].slice(0, -1))
      )
        continue;
      const area = scene.written(schemeOf(name)).area?.id ?? '';
      const manager = shopOf(name).desk.office.as({ role: 'manager' });
      const open = granted('what is open', await manager('GET', `/v1/admin/areas/${area}/clearing`));
      const rows = (open['rows'] as readonly Clearing[]).map(({ owesPoints, owedPoints }) => [owesPoints, owedPoints]);
      equal(
        'what each owes and is owed',
        [rows, open['sum']],
        [
          [
            [8, 8],
            [8, 8],
          ],
          0,
        ],
      );
      const path = `/v1/admin/areas/${area}/clearings`;
      equal('cleared', granted('clearing', await manager('POST', path, { key: scene.fresh() }))['sum'], 0);
      const left = granted('what is left', await manager('GET', `/v1/admin/areas/${area}/clearing`));
      const still = (left['rows'] as readonly Clearing[]).filter(
        ({ owesPoints, owedPoints }) => owesPoints + owedPoints > 0,
      );
      equal('what is left', still, []);
    }
    return { figure: '8 points of village 1 are 8 in village 2 of the area', negative: 'AREA_DIFFERENT' };
  },
};
