import { addDays } from '#libs/calendar';
import type { WrittenScheme } from '#libs/scheme';
import { adopt, draft, faultsIn } from '../adoption.js';
import { Desk, times } from '../desk.js';
import { equal, granted, refused } from '../expectations.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';

const SCHEME = 'cn-421303101-zhengxinka';

/** [002] The card of a household's yard, rooms and surroundings: 好, 中, 差. */
export const f14: Row = {
  row: 'F14',
  negative: 'BENEFIT_STATUTORY',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '421303101');
    const { office } = desk;
    const visit = (label: string, on = office.day('10-10')) => ({ rule: 'visit', label, on, proof: 'photo' }) as const;
    await desk.worth('household', [
      [10, visit('good')],
      [0, visit('fair')],
      [0, visit('poor')],
      [20, visit('good', office.day('05-10')), visit('good')],
    ]);
    const village = await desk.placeWithin('village');
    const [tidy = '', was = '', untidy = '', fair = ''] = await desk.subjects('household', 4, { place: village });
    await desk.earn([
      { ...visit('good'), who: tidy },
      { ...visit('poor', office.day('05-10')), who: tidy },
      { ...visit('good', office.day('12-31', 1)), who: tidy },
      { ...visit('good', office.day('12-31', 1)), who: was },
      { ...visit('fair'), who: untidy },
      { ...visit('fair'), who: fair },
      { ...visit('poor', office.day('10-11')), who: untidy },
    ]);
    const run = await desk.assess(String(office.year));
    const [points, last] = [await desk.results(run, 'points'), await desk.results(run, 'last-visit')];
    equal(
      'points of the year',
      [tidy, was, untidy].map((who) => points.get(who)?.value),
      ['10', '0', '0'],
    );
    const words = [tidy, was, untidy].map((who) => last.get(who)?.grades['tidiness']);
    equal('the last visit’s word', words, ['good', 'good', 'poor']);
    equal('the card’s wallet', (await desk.ledger(tidy)).wallet, { balance: 20, shortage: 0 });

    for (const benefit of ['agri-training', 'facilities'])
      equal(benefit, await desk.given(benefit, [tidy, was, untidy, fair]), [true, true, false, false]);
    equal('what they are', await desk.effects(), { 'agri-training': { free: true }, facilities: { priority: true } });

    // The red list hangs in the village for 30 days; the black list does not, unless a place has turned it on.
    const { lists, until } = await desk.shown(run, 'red_list', { place: village });
    equal('the red list', [lists.map(({ lines }) => lines.length), until], [[2], addDays(office.today, 30)]);
    const wide = refused('a red list of the town', await desk.board(run, 'red_list'));
    equal('a red list of the town', wide, 'PLACE_LEVEL_WRONG');
    const black = refused('a black list', await desk.board(run, 'black_list', { place: village }));
    equal('a black list', black, 'NOT_FOUND');
    await playBlackList(desk, scene.written(SCHEME), village);

    // What was found poor is put right at once, and the next visit closes it.
    const open = async (): Promise<readonly unknown[]> => {
      const answer = await desk.as('manager')('GET', `/v1/admin/schemes/${desk.scheme}/rectifications`);
      const { rectifications } = granted('what is to be put right', answer);
      return (rectifications as readonly { readonly subject: string }[])
        .map(({ subject }) => subject)
        .filter((subject) => [tidy, was, untidy].includes(subject));
    };
    equal('to be put right', await open(), [untidy]);
    await desk.earn([{ ...visit('fair', office.today), who: untidy }]);
    equal('put right', await open(), []);
    await desk.needsProof('household', visit('good'));
    await desk.begins('household', { on: '2020-01-01', dayBefore: '2019-12-31' }, visit('fair'));

    const member = await desk.subject('person');
    await desk.join([member], tidy, office.day('01-01'));
    await desk.earn(times(5, visit('good')).map((deed) => ({ ...deed, who: tidy })));
    const shop = new Shop(desk);
    for (const sku of ['daily-goods', 'fertiliser']) await shop.shelve(sku, 2);
    await shop.charges(tidy, { 'daily-goods': 10, fertiliser: 40 });
    await shop.handsToKin(tidy, member, [['daily-goods', 1]]);

    const written = scene.written(SCHEME);
    const [extra] = written.benefits ?? [];
    const tied = extra === undefined ? [] : [{ ...extra, id: 'tied', label_zh: '义务教育入学' }];
    const answer = await draft(office.county, { ...written, id: scene.fresh(), benefits: tied });
    equal('a statutory service tied to a word', refused('a tied service', answer), 'SCHEME_INVALID');
    const [negative = ''] = faultsIn(answer);
    equal('a statutory service tied to a word', negative, 'BENEFIT_STATUTORY');
    return { figure: 'words good, good, poor make 10, 0, 0 points', negative };
  },
};

/** A village that has turned its black list on shows doors, for 7 days, and takes no more than itself. */
async function playBlackList(desk: Desk, written: WrittenScheme, village: string): Promise<void> {
  const { office } = desk;
  const publicity = (written.publicity ?? []).map((each) =>
    each.surface === 'black_list' ? { ...each, enabled: true } : each,
  );
  const own = new Desk(office, office.scene.fresh(), desk.place);
  granted('a black list of its own', await adopt(office.county, { ...written, id: own.scheme, publicity }));
  const door = `${office.scene.fresh()}号`;
  const untidy = await own.subject('household', { place: village, doorNumber: door });
  await own.earn([{ rule: 'visit', label: 'poor', proof: 'photo', who: untidy }]);
  const run = await own.assess(String(office.year));
  const { lists, until } = await own.shown(run, 'black_list', { place: village });
  const doors = lists.flatMap(({ lines }) => lines.map(({ who }) => who));
  equal('the black list', [doors, until], [[door], addDays(office.today, 7)]);
  const wide = refused('a black list of the town', await own.board(run, 'black_list'));
  equal('a black list of the town', wide, 'PLACE_LEVEL_WRONG');
}
