import { equal } from '../expectations.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const SCHEME = 'cn-371002101-nanjiao';

/** [000] 信用有礼超市: a call over the loudspeaker, a clean road, points, the shop; households on the board as a pyramid. */
export const f01: Row = {
  row: 'F01',
  negative: 'WALLET_INSUFFICIENT',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371002101-nanjiao');
    const { office } = desk;
    const people = await desk.subjects('person', 6);
    const homes: string[] = [];
    for (const at of [0, 2, 4]) homes.push(await desk.household(people.slice(at, at + 2), office.day('01-01')));

    const entries = await desk.gather('road-call', people.slice(0, 3));
    equal('entries', entries.length, 3);
    equal('points of who came', await Promise.all(people.map((who) => desk.points(who))), [2, 2, 2, 0, 0, 0]);
    await desk.needsProof('person', { rule: 'road-call' });

    const run = await desk.assess(String(office.year));
    const families = await desk.results(run, 'household-total');
    const ranks = homes.map((home) => [families.get(home)?.value, families.get(home)?.rank]);
    equal('households', ranks, [
      ['4', 1],
      ['2', 2],
      ['0', 3],
    ]);

    // The board, as a pyramid too: a summary of each household, the highest on top.
    for (const surface of ['pyramid', 'board']) {
      const [list] = (await desk.shown(run, surface)).lists;
      const top = list?.lines.slice(0, 2).map(({ rank, value }) => [rank, value]);
      equal(`the ${surface}`, top, [
        [1, '4'],
        [2, '2'],
      ]);
    }

    const [buyer = '', other = ''] = people;
    await desk.earn(Array.from({ length: 9 }, () => ({ who: buyer, rule: 'road-call', proof: 'sheet' as const })));
    const shop = new Shop(desk);
    await shop.shelve('washing-powder', 1);
    equal('what is left', (await shop.buy(buyer, [['washing-powder', 1]])).balance, 10);
    await desk.begins('person', { on: '2020-09-09', dayBefore: '2020-09-08' }, { rule: 'environment' });
    const negative = await shop.refuses('WALLET_INSUFFICIENT', other, [['washing-powder', 1]]);
    return { figure: 'a call makes 3 entries; the pyramid shows 4 over 2 over 0', negative };
  },
};
