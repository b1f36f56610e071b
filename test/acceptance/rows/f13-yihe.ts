import { equal } from '../expectations.js';
import { RedemptionDay } from '../redemption-day.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const SCHEME = 'cn-371083-yintan-yihe';
const [PEOPLE, POINTS, ITEMS] = [13, 402, 34];
/** Pieces handed out, with their prices: 120 + 120 + 63 + 99 points. */
const TAKEN = { 'laundry-liquid': 8, 'foot-basin': 10, 'hand-wash': 7, 'hood-cleaner': 9 } as const;
const PRICES = { 'laundry-liquid': 15, 'foot-basin': 12, 'hand-wash': 9, 'hood-cleaner': 11 } as const;
const SHELF = 20;

/** [001] The invited list makes 13 people, 402 points and (ASSUMED: nearly) 34 gifts. */
export const f13: Row = {
  row: 'F13',
  negative: 'NOT_INVITED',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371083-yintan-yihe');
    await desk.worth('person', [
      [3, { rule: 'autonomy' }],
      [2, { rule: 'neighbour-help' }],
    ]);
    const people = await desk.subjects('person', PEOPLE);
    const [buyer = '', one = ''] = await desk.subjects('person', 2);
    await desk.earn([...people, buyer, one].map((who) => ({ who, rule: 'volunteer', n: 20 })));
    const shop = new Shop(desk);
    const shelves = new Map<string, number>();
    for (const sku of Object.keys(TAKEN)) shelves.set(sku, Number((await shop.shelve(sku, SHELF))['stock']));
    const beforeDay = (sku: string): number => (shelves.get(sku) ?? 0) - 1;
    const before = await RedemptionDay.open(desk);
    await shop.charges(buyer, PRICES, { day: before.id });

    const day = await RedemptionDay.open(desk, { subjects: people });
    const gifts = Object.entries(TAKEN).flatMap(([sku, n]) => Array.from({ length: n }, () => sku));
    for (const [at, who] of people.entries()) {
      const own = gifts.filter((_, piece) => piece % PEOPLE === at);
      const wanted = [...new Set(own)].map((sku) => [sku, own.filter((each) => each === sku).length] as const);
      await shop.buy(who, wanted, { day: day.id });
    }
    const negative = await shop.refuses('NOT_INVITED', one, [['hand-wash', 1]], { day: day.id });

    const left = Object.fromEntries(Object.entries(TAKEN).map(([sku, n]) => [sku, beforeDay(sku) - n]));
    const { people: came, points, items, uninvited, absent, stock } = await day.close(left);
    equal('people, points, items', [came, points, items], [PEOPLE, POINTS, ITEMS]);
    equal('not on the list, and not there', [uninvited, absent], [[], []]);
    const found = new Map(stock.map(({ sku, ...each }) => [sku, each]));
    for (const [sku, n] of Object.entries(TAKEN)) {
      const { before: was, handedOut, variance } = found.get(sku) ?? {};
      equal(`the shelf of ${sku}`, [was, handedOut, variance], [beforeDay(sku), n, 0]);
    }
    await shop.refuses('REDEMPTION_CLOSED', people[0] ?? '', [['hand-wash', 1]], { day: day.id });

    // One more, on paper, and one less: the next day's figures say who.
    const next = await RedemptionDay.open(desk, { subjects: people });
    const stands = Number((await shop.shelve('hand-wash', PEOPLE))['stock']);
    for (const who of people.slice(1)) await shop.charges(who, { 'hand-wash': 9 }, { day: next.id });
    await next.enter(1, one, 'hand-wash');
    const broken = await next.close({ ...left, 'hand-wash': stands - PEOPLE });
    equal(
      'one more and one less',
      [broken.people, broken.points, broken.uninvited, broken.absent],
      [PEOPLE, 9 * PEOPLE, [one], people.slice(0, 1)],
    );
    equal('a wallet', (await desk.ledger(one)).wallet, { balance: 91, shortage: 0 });
    await desk.begins('person', { on: '2023-04-01', dayBefore: '2023-03-31' }, { rule: 'autonomy' });
    return { figure: `${came} people, ${points} points, ${items} items`, negative };
  },
};
