import { draft, faultsIn } from '../adoption.js';
import { equal, refused } from '../expectations.js';
import type { Row } from '../row.js';
import { Shop } from '../shop.js';
import { times } from '../desk.js';

const SCHEME = 'cn-421303101-zhengxinka';

/** [002] The card of a household's yard, rooms and surroundings: 好, 中, 差. */
export const f14: Row = {
  row: 'F14',
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
    const [tidy = '', was = '', untidy = ''] = await desk.subjects('household', 3);
    await desk.earn([
      { ...visit('good'), who: tidy },
      { ...visit('poor', office.day('05-10')), who: tidy },
      { ...visit('good', office.day('12-31', 1)), who: tidy },
      { ...visit('good', office.day('12-31', 1)), who: was },
      { ...visit('fair'), who: untidy },
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
