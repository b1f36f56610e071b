import { adopt } from '../adoption.js';
import { Desk } from '../desk.js';
import { equal, granted, refused } from '../expectations.js';
import { obtain, phoneOf } from '../phones.js';
import type { Row } from '../row.js';

const SCHEME = 'cn-371082004-dongdaoliu';
const PLACE = '371082004-dongdaoliujia';

/** [003] 4 h of volunteering make 1 point; a household qualifies with more than 5 per head. */
export const f18: Row = {
  row: 'F18',
  negative: 'NOTHING_TO_ISSUE',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, PLACE);
    const { office } = desk;
    const hours = (n: number) => ({ rule: 'canteen', n });
    await desk.worth('person', [
      [0, hours(3)],
      [1, hours(4)],
      [1, hours(7)],
      [2, hours(3), hours(5)],
      [1, { rule: 'labour' }],
    ]);

    // Three heads, one of them a child: 15 points are a mean of exactly 5, 16 are more.
    const homeWith = async (points: number): Promise<{ readonly home: string; readonly adult: string }> => {
      const adults = await desk.subjects('person', 2);
      const child = await desk.subject('person', {
        birthYear: office.year - 8,
        account: false,
        documentLast4: undefined,
      });
      const home = await desk.household([...adults, child], office.day('01-01'));
      await desk.earn([
        { ...hours(40), who: adults[0] ?? '', on: office.day('05-01') },
        { ...hours(4 * (points - 10)), who: adults[1] ?? '', on: office.day('10-01') },
      ]);
      return { home, adult: adults[0] ?? '' };
    };
    const [exactly, above] = [await homeWith(15), await homeWith(16)];
    const means = await desk.results(await desk.assess(String(office.year)), 'per-head');
    const found = [exactly, above].map(({ home }) => [means.get(home)?.value, means.get(home)?.grades]);
    equal('15 and 16 points, three heads', found, [
      ['15/3', {}],
      ['16/3', { qualified: 'qualified' }],
    ]);
    equal('a wallet', (await desk.ledger(exactly.adult)).wallet, { balance: 10, shortage: 0 });
    const badge = async ({ adult }: { readonly adult: string }) =>
      (await obtain(await phoneOf(office, adult), { badge: desk.scheme })).answer;
    granted('the badge of a household above', await badge(above));
    const negative = refused('the badge of a household at exactly 5', await badge(exactly));

    // Who qualifies has machinery, milling and a present at the festival; lunch is for the old and the poor, whatever their points.
    for (const benefit of ['machinery', 'milling', 'festival'])
      equal(benefit, await desk.given(benefit, [above.home, above.adult, exactly.home, exactly.adult]), [
        true,
        true,
        false,
        false,
      ]);
    const born = (year: number) => desk.subject('person', { birthYear: office.year - year });
    const [old, younger, alone, poor] = [await born(70), await born(69), await born(50), await born(50)];
    for (const [who, need] of [
      [alone, '五保户'],
      [poor, '低保户'],
    ]) {
      const needs = [{ need, from: office.day('01-01'), document: '证 1' }];
      granted('a need', await desk.as('registrar')('PUT', `/v1/admin/subjects/${who}/needs`, { needs }));
    }
    const lunch = await desk.given('canteen-lunch', [old, younger, alone, poor, above.adult]);
    equal('lunch', lunch, [true, false, true, true, false]);
    equal('what they are', await desk.effects(), {
      machinery: { free: true },
      milling: { free: true },
      festival: { honour: true },
      'canteen-lunch': { free: true },
    });

    // The other remainder: 3 h and 5 h are one point each time something is dropped.
    const written = scene.written(SCHEME);
    const rules = (written.rules ?? []).map((rule) => {
      if (rule.id !== 'canteen' || !('per_unit' in rule.formula)) return rule;
      return { ...rule, formula: { per_unit: { ...rule.formula.per_unit, remainder: 'drop' as const } } };
    });
    const dropping = { ...written, rules, id: scene.fresh() };
    granted('the other remainder', await adopt(office.county, dropping));
    await new Desk(office, dropping.id, desk.place).worth('person', [[1, hours(3), hours(5)]]);
    await desk.begins('person', { on: '2018-01-01', dayBefore: '2017-12-31' }, { rule: 'labour' });

    return { figure: '15/3 is not more than 5, 16/3 is', negative };
  },
};
