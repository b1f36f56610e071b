import { equal, granted, refused } from '../expectations.js';
import type { Row } from '../row.js';

const [COMMUNITY, SUBDISTRICT] = ['cn-370215001-jingdai', 'cn-370215008-wenqing'];

interface Rolled {
  readonly entries: number;
  readonly quantity: number;
  readonly points: number;
}

/** [003] The district's platform adds up what the schemes of F21 and F22 record. */
export const f23: Row = {
  row: 'F23',
  negative: 'NOT_FOUND',
  documents: [],
  play: async (scene) => {
    const [village, street] = [
      await scene.desk(COMMUNITY, '370215001-jingdai'),
      await scene.desk(SUBDISTRICT, '370215008'),
    ];
    const { office } = village;
    const roll = async (place: string): Promise<ReadonlyMap<string, Rolled>> => {
      const path = `/v1/admin/roll-up?place=${place}&period=${office.year}`;
      const answer = await office.as({ role: 'county_manager' })('GET', path);
      granted('the roll-up', answer);
      const { schemes } = JSON.parse(answer.text) as {
        readonly schemes: readonly {
          readonly scheme: string;
          readonly rules: readonly (Rolled & { readonly rule: string })[];
        }[];
      };
      return new Map(schemes.flatMap(({ scheme, rules }) => rules.map((each) => [`${scheme}/${each.rule}`, each])));
    };
    const grown = (before: ReadonlyMap<string, Rolled>, after: ReadonlyMap<string, Rolled>, rule: string) => {
      const [was, is] = [before.get(rule), after.get(rule)];
      return [(is?.entries ?? 0) - (was?.entries ?? 0), (is?.points ?? 0) - (was?.points ?? 0)];
    };
    const before = await roll('370215');
    const people = await village.subjects('person', 4);
    await village.earn(people.map((who) => ({ who, rule: 'volunteer', n: 5 })));
    const neighbours = await street.subjects('person', 3);
    await street.earn(neighbours.map((who) => ({ who, rule: 'neighbour-help' })));
    office.passDays(4);
    const after = await roll('370215');
    equal('the community', grown(before, after, `${village.scheme}/volunteer`), [4, 8]);
    equal('the sub-district', grown(before, after, `${street.scheme}/neighbour-help`), [3, 6]);
    const here = await roll('370215001');
    equal(
      'only the one',
      [...here.keys()].some((rule) => rule.startsWith(street.scheme)),
      false,
    );

    const path = `/v1/admin/roll-up?place=370215&period=${office.year}`;
    const below = await village.as('manager')('GET', path);
    return { figure: '4 entries for 8 points and 3 for 6, in one table', negative: refused('a wider place', below) };
  },
};
