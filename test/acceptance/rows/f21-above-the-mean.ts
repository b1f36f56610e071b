import { equal, refused } from '../expectations.js';
import { RedemptionDay } from '../redemption-day.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';
import { Desk, type DoneBy } from '../desk.js';

const SCHEME = 'cn-370215001-jingdai';

/** [003] 美德积分超市: priority for who is above the village's mean. */
export const f21: Row = {
  row: 'F21',
  negative: 'SUBJECT_OUTSIDE_SCHEME',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '370215001-jingdai');
    const { office } = desk;
    await desk.worth('person', [
      [3, { rule: 'talk' }],
      [0, { rule: 'volunteer', n: 1 }],
      [1, { rule: 'volunteer', n: 2 }],
      [2, { rule: 'volunteer', n: 3 }, { rule: 'volunteer', n: 1 }],
      [5, { rule: 'family-care' }],
    ]);

    // In a grid of its own: 3, 3, 3, 6, 15 make a mean of 6 and a median of 3, so that 6 is above the one and not the other.
    const grid = await desk.placeWithin('grid');
    const on = office.day('03-08');
    const talk = { rule: 'talk', on };
    const [a = '', b = '', c = '', d = '', e = ''] = await desk.subjects('person', 5, { place: grid });
    const deeds: readonly DoneBy[] = [
      ...[a, b, c].map((who) => ({ ...talk, who })),
      { ...talk, who: d },
      { ...talk, who: d },
      ...[1, 2, 3].map(() => ({ rule: 'family-care', on, who: e })),
      { ...talk, who: e, on: office.day('12-31', 1) },
    ];
    await desk.earn(deeds);
    const run = await desk.assess(String(office.year));
    const all = await desk.results(run, 'total');
    const people = [a, b, c, d, e];
    equal(
      'totals of the year',
      people.map((who) => all.get(who)?.value),
      ['3', '3', '3', '6', '15'],
    );
    equal(
      'above the mean of 6',
      people.filter((who) => all.get(who)?.grades['above-mean'] === 'above-mean'),
      [e],
    );
    const [honoured] = (await desk.shown(run, 'honour', { place: grid })).lists;
    equal('nominated', honoured?.lines.length, 1);
    equal('the wallet', (await desk.ledger(e)).wallet, { balance: 18, shortage: 0 });
    await desk.begins('person', { on: '2023-01-01', dayBefore: '2022-12-31' }, { rule: 'talk' });

    // A sharing event: goods, and a haircut by a merchant.
    const [member = '', kin = ''] = await desk.subjects('person', 2);
    await desk.household([member, kin], office.day('01-01'));
    await desk.earn([1, 2, 3, 4].map(() => ({ ...talk, rule: 'family-care', who: member })));
    const shop = new Shop(desk);
    await shop.shelve('detergent', 2);
    await shop.refuses('REDEMPTION_CLOSED', member, [['detergent', 1]]);
    const event = { day: (await RedemptionDay.open(desk)).id };
    await shop.charges(member, { detergent: 6, haircut: 4 }, event);
    await shop.handsToKin(member, kin, [['detergent', 1]], event);

    // Whoever collects in the whole county collects nothing here for people of elsewhere.
    const outsider = await new Desk(office, desk.scheme, '370215008').subject('person');
    const entry = { id: scene.fresh(), scheme: desk.scheme, subject: outsider, rule: 'talk', occurredOn: on };
    const answer = await office.as({ role: 'collector' })('POST', '/v1/admin/entries', { entries: [entry] });
    return { figure: 'above the mean of 6: 15, not 6', negative: refused('somebody of another place', answer) };
  },
};
