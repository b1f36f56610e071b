import { adopt, decide, draft } from '../adoption.js';
import { Desk, times } from '../desk.js';
import { equal, granted, refused } from '../expectations.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';
import { TEMPLATE, yardOf } from './wenming-template.js';

interface Village {
  readonly row: string;
  readonly scheme: string;
  readonly place: string;
  /** The rules that are its own; all others are the town's. */
  readonly own: readonly string[];
  readonly figure: string;
  readonly play: (desk: Desk) => Promise<void>;
}

const VILLAGES: readonly Village[] = [
  {
    row: 'F17a',
    scheme: 'cn-310116109-xinghuo',
    place: '310116109-xinghuo',
    own: ['yard'],
    figure: 'a yard makes -3 to 6 instead of -5 to 10',
    play: (desk) => yardOf(desk, -3, 6),
  },
  {
    row: 'F17b',
    scheme: 'cn-310116109-weicheng',
    place: '310116109-weicheng',
    own: ['virtue'],
    figure: 'virtue makes 12, 24 a year at most',
    play: async (desk) => {
      const virtue = (day: string) => ({ rule: 'virtue', on: desk.office.day(day) });
      await desk.worth('household', [
        [12, virtue('02-01')],
        [24, virtue('02-01'), virtue('05-01'), virtue('09-01')],
        [36, { rule: 'virtue', on: desk.office.day('05-01', 1) }, virtue('02-01'), virtue('05-01'), virtue('09-01')],
      ]);
    },
  },
  {
    row: 'F17c',
    scheme: 'cn-310116109-dongmen',
    place: '310116109-dongmen',
    own: ['sorting'],
    figure: 'sorting 10, 20, 30 times makes 2, 5, 9',
    play: (desk) =>
      desk.worth(
        'household',
        (
          [
            [9, 0],
            [10, 2],
            [19, 2],
            [20, 5],
            [29, 5],
            [30, 9],
            [60, 9],
          ] as const
        ).map(([n, points]) => [points, { rule: 'sorting', n }]),
      ),
  },
  {
    row: 'F17d',
    scheme: 'cn-310116109-haifan',
    place: '310116109-haifan',
    own: ['meeting'],
    figure: 'a meeting makes 7 instead of 5',
    play: async (desk) => {
      await desk.worth('household', [[14, ...times(2, { rule: 'meeting' })]]);
      const home = await desk.subject('household');
      await desk.earn(times(4, { rule: 'meeting' }).map((deed) => ({ ...deed, who: home })));
      const shop = new Shop(desk);
      await shop.shelve('umbrella', 1);
      await shop.charges(home, { umbrella: 25 });
    },
  },
];

const row = ({ row: name, scheme, place, own, figure, play }: Village): Row => ({
  row: name,
  negative: 'ADOPTION_BY_DRAFTER',
  documents: [scheme],
  play: async (scene) => {
    // Once more, by nothing but a document: drafted over HTTP and adopted by somebody else.
    const { county } = await scene.office(place.slice(0, 6));
    const document = { ...scene.written(scheme), id: scene.fresh() };
    granted('a draft', await draft(county, document));
    const negative = refused('adopting one’s own draft', await decide(county, document, 1));
    granted('adopting it', await adopt(county, document));
    const desk = new Desk(await scene.office(place.slice(0, 6)), document.id, scene.place(place));

    await play(desk);
    for (const [rule, inherited] of Object.entries(TEMPLATE)) if (!own.includes(rule)) await inherited(desk);
    const home = await desk.subject('household');
    await desk.earn(times(1, { rule: 'volunteer', n: 4 }).map((deed) => ({ ...deed, who: home })));
    equal('the wallet', (await desk.ledger(home)).wallet, { balance: 8, shortage: 0 });
    await desk.begins('household', { on: '2022-01-01', dayBefore: '2021-12-31' }, { rule: 'volunteer', n: 1 });
    return { figure, negative };
  },
});

export const [f17a, f17b, f17c, f17d] = VILLAGES.map(row) as [Row, Row, Row, Row];
