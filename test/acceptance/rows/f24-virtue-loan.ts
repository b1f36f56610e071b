import { times } from '../desk.js';
import { equal, granted, refused } from '../expectations.js';
import type { Row } from '../row.js';

const SCHEME = 'cn-370115-meidedai';
/** [003] 145 households with 16.2272 million yuan, the first of them 200 000; in hundreds of yuan. */
const [HOUSEHOLDS, TOTAL, FIRST] = [145, 162_272, 2_000];

interface Rolled {
  readonly scheme: string;
  readonly rules: readonly { readonly rule: string; readonly subjects: number; readonly quantity: number }[];
}

/** [003] 美德积分贷: four tiers by virtue; the bank decides, and learns no more than that a tier is reached. */
export const f24: Row = {
  row: 'F24',
  negative: 'CONSENT_MISSING',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '370115');
    const { office } = desk;
    const virtue = { rule: 'virtue', on: office.day('03-05') };
    await desk.worth('person', [[10, virtue]]);
    const points = [90, 80, 60, 50, 30, 20];
    const people = await desk.subjects('person', points.length);
    const lastYear = { ...virtue, on: office.day('12-31', 1) };
    await desk.earn(
      people.flatMap((who, at) =>
        [lastYear, ...times((points[at] ?? 0) / 10 - 1, virtue)].map((deed) => ({ ...deed, who })),
      ),
    );
    const graded = await desk.results(await desk.assess(String(office.year)), 'virtue-points');
    const tiers = people.map((who) => [graded.get(who)?.value, graded.get(who)?.grades['tier']]);
    equal('tiers', tiers, [
      ['90', 'T4'],
      ['80', 'T3'],
      ['60', 'T3'],
      ['50', 'T2'],
      ['30', 'T2'],
      ['20', 'T1'],
    ]);

    // The bank learns whether a tier is reached, with the resident's written consent, and nothing else.
    const written = { consent: { document: '授权书 1' } };
    const bank = office.as({ role: 'provider', organisation: '济阳农商银行' });
    equal('T4', await desk.given('loan-t4', people, written, bank), [true, false, false, false, false, false]);
    equal('T3', await desk.given('loan-t3', people, written, bank), [true, true, true, false, false, false]);
    equal('T2', await desk.given('loan-t2', people, written, bank), [true, true, true, true, true, false]);
    equal('T1', await desk.given('loan-t1', people, written, bank), [true, true, true, true, true, true]);
    const negative = refused('without consent', await desk.benefit('loan-t4', people[0] ?? '', {}, bank));
    const other = await desk.benefit('loan-t4', people[0] ?? '', written);
    equal('another lender', refused('another lender', other), 'BENEFIT_OF_ANOTHER');
    equal('four tiers', await desk.effects(), {
      'loan-t4': { credit_tier: { limit_yuan: 200_000, rate_percent: '3.85' } },
      'loan-t3': { credit_tier: {} },
      'loan-t2': { credit_tier: {} },
      'loan-t1': { credit_tier: {} },
    });

    // What the bank lent, by its papers: it makes no virtue.
    const homes = await desk.subjects('household', HOUSEHOLDS);
    const rest = TOTAL - FIRST;
    const share = Math.floor(rest / (HOUSEHOLDS - 1));
    const left = rest - share * (HOUSEHOLDS - 2);
    const loans = homes.map((who, at) => {
      const n = at === 0 ? FIRST : at === 1 ? left : share;
      return { who, rule: 'loan-granted', n, on: office.day('11-10'), proof: 'document' as const };
    });
    await desk.needsProof('household', { rule: 'loan-granted', n: 1 });
    await desk.worth(
      'household',
      [[3, { rule: 'loan-granted', n: 3, on: office.day('11-10', 1), proof: 'document' }]],
      'manager',
    );
    await desk.earn(loans, 'manager');
    const rolled = await office.as({ role: 'auditor' })(
      'GET',
      `/v1/admin/roll-up?place=${desk.place}&period=${office.year}`,
    );
    granted('the roll-up', rolled);
    const { schemes } = JSON.parse(rolled.text) as { readonly schemes: readonly Rolled[] };
    const lent = schemes
      .find(({ scheme }) => scheme === desk.scheme)
      ?.rules.find(({ rule }) => rule === 'loan-granted');
    equal('households and hundreds of yuan', [lent?.subjects, lent?.quantity], [HOUSEHOLDS, TOTAL]);
    await desk.begins('person', { on: '2023-01-01', dayBefore: '2022-12-31' }, virtue);
    equal('a wallet', (await desk.ledger(people[0] ?? '')).wallet, null);
    return { figure: `4 tiers; ${HOUSEHOLDS} households, ${TOTAL / 10_000} million yuan`, negative };
  },
};
