import { times } from '../desk.js';
import { equal, granted, refused } from '../expectations.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const [TOWN, SCHEME] = ['cn-310116109-wenming', 'cn-310116109-jinwei'];

/** [004] 美丽账户: one home's year makes 3086, the top home's years 7036; the grid worker scans the code at the door. */
export const f15: Row = {
  row: 'F15',
  negative: 'DOOR_UNKNOWN',
  documents: [SCHEME, TOWN],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '310116109-jinwei');
    const { office } = desk;
    const grid = await desk.placeWithin('grid');
    const door = { place: grid, doorNumber: `${scene.fresh()}号` };
    const [home, elsewhere] = [await desk.subject('household', door), await desk.subject('household')];

    // The worker of the grid scans doors there, and no others.
    const worker = office.as({ role: 'collector', place: grid });
    const scan = async (of: string) => {
      const issued = await desk.as('registrar')('POST', `/v1/admin/subjects/${of}/door`);
      const { link } = granted('a door code', issued);
      return worker('POST', '/v1/admin/doors/resolutions', { door: link });
    };
    equal('whose door it is', granted('scanning', await scan(home))['handle'], home);
    const negative = refused('scanning elsewhere', await scan(elsewhere));

    const on = (monthAndDay: string) => office.day(monthAndDay);
    const yard = (day: string, n: number) => ({ rule: 'yard', on: on(day), n, proof: 'door_scan' }) as const;
    const year = [
      ...times(150, { rule: 'volunteer', on: on('04-01'), n: 8 }),
      ...times(100, { rule: 'weeding', on: on('05-01') }),
      ...times(30, { rule: 'test-kits', on: on('04-10') }),
      ...times(12, { rule: 'meeting', on: on('06-01') }),
      ...times(10, { rule: 'virtue', on: on('06-01') }),
      ...['02-01', '05-01', '08-01', '10-01'].map((day) => ({ rule: 'law-abiding', on: on(day) })),
      ...['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'].map((month) => yard(`${month}-15`, 10)),
      yard('11-01', 4),
      yard('11-15', -2),
    ];
    await desk.earn(year.map((deed) => ({ ...deed, who: home })));
    const top = await desk.subject('household');
    const years = [0, 1, 2].flatMap((before) =>
      times(73, { rule: 'volunteer', on: office.day('03-01', before), n: 16 }),
    );
    const kits = times(7, { rule: 'test-kits', on: office.day('12-30', 1) });
    await desk.earn([...years, ...kits].map((deed) => ({ ...deed, who: top })));

    const run = await desk.assess(String(office.year));
    const [annual, cumulative] = [await desk.results(run, 'year-total'), await desk.results(run, 'cumulative')];
    equal('one home’s year', annual.get(home)?.value, '3086');
    const explained = await desk.explained(run, home, 'year-total');
    const sum = explained.reduce((all, points) => all + points, 0);
    equal('its explanation, line by line', [explained.length, sum], [318, 3_086]);
    equal('the top home', [cumulative.get(top)?.value, cumulative.get(top)?.rank], ['7036', 1]);
    equal('its year', annual.get(top)?.value, '2336');

    const [screen] = (await desk.shown(run, 'screen', { metric: 'cumulative' })).lists;
    equal('the top of the screen', [screen?.lines[0]?.rank, screen?.lines[0]?.value], [1, '7036']);

    // By its number, what was added and what was taken off.
    const search = { place: desk.place, doorNumber: door.doorNumber };
    const found = granted('a door number', await desk.as('collector')('POST', '/v1/admin/subjects/searches', search));
    equal(
      'behind the door',
      (found['subjects'] as readonly { readonly handle: string }[]).map((each) => each.handle),
      [home],
    );
    const lines = (await desk.ledger(home)).entries.map(({ points }) => points);
    equal('points and deductions', [lines.length, Math.max(...lines), Math.min(...lines)], [318, 16, -2]);
    equal('the wallet', (await desk.ledger(home)).wallet, { balance: 3_086, shortage: 0 });
    // Three barrels of oil against the booklet, one of them collected by a member of the household.
    const member = await desk.subject('person');
    await desk.join([member], home, on('01-01'));
    const shop = new Shop(desk);
    await shop.shelve('oil-barrel', 3);
    equal('two barrels', (await shop.buy(home, [['oil-barrel', 2]])).balance, 2_886);
    await shop.handsToKin(home, member, [['oil-barrel', 1]]);
    const booklet = await desk.as('manager')('GET', `/v1/admin/subjects/${home}/booklet.csv?scheme=${desk.scheme}`);
    granted('the booklet', booklet);
    equal('barrels in the booklet', booklet.text.match(/食用油/gu)?.length, 2);
    await desk.begins('household', { on: '2019-01-01', dayBefore: '2018-12-31' }, { rule: 'weeding' });
    return { figure: 'a year of 3086, 7036 in all', negative };
  },
};
