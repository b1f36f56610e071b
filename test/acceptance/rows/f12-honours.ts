import { times } from '../desk.js';
import { equal } from '../expectations.js';
import { RedemptionDay } from '../redemption-day.js';
import type { Kind } from '../registry-desk.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const SCHEME = 'cn-371083-yintan-haiyun';

/** [001] 诚信表彰大会: honest persons, households and buildings; before the day everything is settled, 不漏一人、不差一分. */
export const f12: Row = {
  row: 'F12',
  negative: 'DAY_NOT_SETTLED',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371083-yintan-haiyun');
    const { office } = desk;
    const before = (await (await RedemptionDay.plan(desk)).settle()).points;
    await desk.worth('household', [[6, { rule: 'household-deed', on: office.day('02-01') }]]);
    await desk.worth('building', [[4, { rule: 'building-tidy', on: office.day('02-01') }]]);

    const grid = await desk.placeWithin('grid');
    // The first in the summer, when the quarter had not begun, would lead in the year.
    const [october, summer] = [office.day('10-10'), office.day('08-08')];
    const compete = async (kind: Kind, rule: string, count: number) => {
      // The last but one lives in a grid of its own, which has no honours of its own.
      const subjects = [
        ...(await desk.subjects(kind, count - 2)),
        await desk.subject(kind, { place: grid }),
        await desk.subject(kind),
      ];
      const measured = rule === 'volunteer' ? { rule, n: 1 } : { rule };
      const deeds = subjects.flatMap((who, at) =>
        times(count - at, { ...measured, on: october }).map((each) => ({ ...each, who })),
      );
      const last = subjects.at(-1) ?? '';
      await desk.earn([...deeds, ...times(9, { ...measured, on: summer }).map((each) => ({ ...each, who: last }))]);
      return subjects;
    };
    const people = await compete('person', 'volunteer', 5);
    const households = await compete('household', 'household-deed', 4);
    const buildings = await compete('building', 'building-tidy', 3);
    const run = await desk.assess(`${office.year}-Q4`);
    const honoured = async (kind: string, subjects: readonly string[]) => {
      const results = await desk.results(run, `${kind}-quarter`);
      return subjects.filter((who) => results.get(who)?.grades[`honest-${kind}`] === `honest-${kind}`);
    };
    equal('honest persons', await honoured('person', people), people.slice(0, 3));
    equal('honest households', await honoured('household', households), households.slice(0, 2));
    equal('honest buildings', await honoured('building', buildings), buildings.slice(0, 1));

    const { lists } = await desk.shown(run, 'honour');
    equal(
      'the commendation',
      lists.map(({ lines }) => lines.length),
      [3, 2, 1],
    );

    const day = await RedemptionDay.plan(desk);
    const negative = await day.opensOnlySettled();
    const { points } = await day.settle();
    // 60 of persons, 19 × 6 of households, 15 × 4 of buildings, and what the first two made.
    equal('what all wallets hold', points - before, 5 * (15 + 9) + 6 * (10 + 9) + 4 * (6 + 9) + 6 + 4);
    await day.opening();
    const shop = new Shop(desk);
    await shop.shelve('cooking-oil', 1);
    await shop.charges(people.at(-1) ?? '', { 'cooking-oil': 30 }, { day: day.id });
    equal('a wallet', (await desk.ledger(people.at(-1) ?? '')).wallet, { balance: 20, shortage: 0 });
    await desk.begins('building', { on: '2023-04-01', dayBefore: '2023-03-31' }, { rule: 'building-tidy' });
    return { figure: '3 persons, 2 households, 1 building; settled without a difference', negative };
  },
};
