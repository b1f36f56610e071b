import type { DoneBy } from '../desk.js';
import { equal } from '../expectations.js';
import { RedemptionDay } from '../redemption-day.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const SCHEME = 'cn-371002101-runhe';

/** [000] “润心”公益超市: to the event come volunteers who are outstanding and have more points than others. */
export const f04: Row = {
  row: 'F04',
  negative: 'NOT_INVITED',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371002101-runhe');
    const { office } = desk;
    await desk.worth('person', [
      [5, { rule: 'epidemic-duty', n: 1 }],
      [10, { rule: 'epidemic-duty', n: 2 }],
      [10, { rule: 'outstanding' }],
    ]);
    // Twelve with 100, 95 … 50 and at last 35 points; the eleventh leads in a grid of its own, not in the scheme.
    const grid = await desk.placeWithin('grid');
    const people = [
      ...(await desk.subjects('person', 10)),
      await desk.subject('person', { place: grid }),
      await desk.subject('person'),
    ];
    const outstanding = [people[0], people[1], people[2], people[11]];
    const lastYear = office.day('12-31', 1);
    const deeds = people.flatMap((who, at): readonly DoneBy[] => {
      const isHonoured = outstanding.includes(who);
      const shifts = at === 11 ? 5 : 20 - at - (isHonoured ? 2 : 0);
      const served = [
        { rule: 'epidemic-duty', who, n: 1, on: lastYear },
        { rule: 'epidemic-duty', who, n: shifts - 1, on: office.day('02-10') },
      ];
      return isHonoured ? [...served, { rule: 'outstanding', who, on: lastYear }] : served;
    });
    await desk.earn(deeds);
    const run = await desk.assess(String(office.year));
    const [points, duties, honours] = [
      await desk.results(run, 'points'),
      await desk.results(run, 'duties'),
      await desk.results(run, 'honours'),
    ];
    const [first = '', , , fourth = ''] = people;
    equal('the first', [points.get(first)?.value, duties.get(first)?.value], ['100', '2']);
    const leading = people.filter((who) => points.get(who)?.grades['leading'] === 'leading');
    equal('who leads', leading, people.slice(0, 10));
    equal(
      'who is outstanding',
      people.filter((who) => honours.get(who)?.grades['outstanding'] !== undefined),
      outstanding,
    );

    const invited = { run, grading: 'outstanding', also: [{ grading: 'leading', grade: 'leading' }] };
    const day = await RedemptionDay.open(desk, invited);
    equal('invited', day.invited, 3);
    const shop = new Shop(desk);
    await shop.shelve('gift-pack', 10);
    const gift = [['gift-pack', 1]] as const;
    await shop.refuses('REDEMPTION_CLOSED', first, gift);
    await shop.refuses('LIMIT_EXCEEDED', first, [['gift-pack', 2]], { day: day.id });
    await shop.charges(first, { 'gift-pack': 15 }, { day: day.id });
    await shop.refuses('LIMIT_EXCEEDED', first, gift, { day: day.id });
    const kin = await desk.subject('person');
    await desk.household([people[1] ?? '', kin], office.day('01-01'));
    await shop.refuses('PROXY_NOT_ALLOWED', people[1] ?? '', gift, { day: day.id, collectedBy: kin });
    const negative = await shop.refuses('NOT_INVITED', fourth, gift, { day: day.id });

    // The limit is the event's: at the next one of the month there is another gift.
    const next = await RedemptionDay.open(desk);
    await shop.charges(first, { 'gift-pack': 15 }, { day: next.id });
    equal('the wallet', (await desk.ledger(first)).wallet, { balance: 70, shortage: 0 });
    await desk.begins('person', { on: '2020-02-01', dayBefore: '2020-01-31' }, { rule: 'outstanding' });
    return { figure: '4 outstanding and 10 leading make 3 invited', negative };
  },
};
