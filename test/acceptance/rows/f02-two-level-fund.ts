import { type Desk, times } from '../desk.js';
import { equal, refused } from '../expectations.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';
import { placeOf, schemeOf, TOWN, VILLAGES } from './yangting.js';

/** [000] Two funds: the town's, and each village's own, which a town award, the collective, sponsors and donors fill. */
export const f02: Row = {
  row: 'F02',
  negative: 'FUND_INSUFFICIENT',
  documents: [TOWN, ...VILLAGES.map(schemeOf)],
  play: async (scene) => {
    const town = await scene.desk(TOWN, '371002101');
    if (scene.plays(TOWN)) await playTemplate(town);
    const desks = await Promise.all(VILLAGES.map((name) => scene.desk(schemeOf(name), placeOf(name))));

    // One fund of the town, whichever village looks at it; a fund of each village's own.
    const [first, second] = desks.map((desk) => new Shop(desk)) as [Shop, Shop];
    await new Shop(town).takes('town', ['collective', 'sponsor', 'donation'], ['award']);
    const [ofTown, ofSecond] = [await first.fund('town'), await second.fund('village')];
    equal('the town’s fund, seen from villages', ofTown, await second.fund('town'));
    await first.takes('village', ['award', 'collective', 'sponsor', 'donation'], []);
    equal('the award came out of the town’s fund', ofTown - (await first.fund('town')), 10_000);
    equal('the other village’s fund', await second.fund('village'), ofSecond);
    const before = await first.fund('village');
    await first.shelve('washing-powder', 20, { costFen: 30_000 });
    equal('the village’s fund paid', before - (await first.fund('village')), 30_000);
    const dear = await first.deliver('washing-powder', 1, { costFen: 1_000_000 });

    for (const [at, name] of VILLAGES.entries()) {
      const desk = desks[at]!;
      if (!scene.plays(schemeOf(name)) && at > 0) continue;
      const [worker, kin] = await desk.subjects('person', 2);
      await desk.household([worker ?? '', kin ?? ''], desk.office.day('01-01'));
      await desk.earn(times(7, { rule: 'assets' }).map((deed) => ({ ...deed, who: worker ?? '' })));
      const shop = new Shop(desk);
      await shop.shelve('washing-powder', 2);
      await shop.charges(worker ?? '', { 'washing-powder': 10 });
      await shop.handsToKin(worker ?? '', kin ?? '', [['washing-powder', 1]]);
      equal('the wallet', (await desk.ledger(worker ?? '')).wallet, { balance: 1, shortage: 0 });
      const since =
        at === 0 ? { on: '2020-09-09', dayBefore: '2020-09-08' } : { on: '2020-09-01', dayBefore: '2020-08-31' };
      await desk.begins('person', since, { rule: 'assets' });
    }
    return {
      figure: '7 villages by one template; 4 sources fill a village’s fund',
      negative: refused('more than the fund has', dear),
    };
  },
};

async function playTemplate(town: Desk): Promise<void> {
  const { office } = town;
  const hours = (n: number) => ({ rule: 'volunteer', n, proof: 'sheet' }) as const;
  await town.worth('person', [
    [1, hours(1)],
    [3, hours(3)],
    [2, { rule: 'environment' }],
    [3, { rule: 'assets' }],
  ]);
  await town.needsProof('person', hours(1));
  const tidy = (day: string) => ({ rule: 'home-tidy', on: office.day(day) });
  await town.worth('household', [
    [5, tidy('07-01')],
    [5, tidy('07-01'), tidy('08-01')],
    [10, tidy('07-01'), tidy('08-01'), tidy('10-01')],
  ]);
  const member = await town.subject('person');
  const home = await town.household([member], office.day('01-01', 1));
  await town.earn([
    { who: member, rule: 'environment', on: office.day('12-31', 1) },
    { who: home, rule: 'home-tidy', on: office.day('02-01') },
  ]);
  const run = await town.assess(String(office.year));
  const total = (await town.results(run, 'household-total')).get(home);
  equal('the household’s total', total?.value, '7');
  equal('a board of the whole town', (await town.shown(run, 'board')).lists.length, 1);
  await town.begins('person', { on: '2020-08-01', dayBefore: '2020-07-31' }, { rule: 'assets' });
}
