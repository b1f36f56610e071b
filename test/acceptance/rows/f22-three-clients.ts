import type { TestPhone } from '../../county/test-phone.js';
import { equal, granted, refused } from '../expectations.js';
import { phoneOf } from '../phones.js';
import type { Row } from '../row.js';

const SCHEME = 'cn-370215008-wenqing';

/** [003] “温情共治”: a resident declares (村民端), the village verifies (村级端), the sub-district approves (街道端). */
export const f22: Row = {
  row: 'F22',
  negative: 'SELF_APPROVAL',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '370215008');
    const { office } = desk;
    const [resident = '', neighbour = '', cousin = ''] = await desk.subjects('person', 3);
    const home = await desk.household([resident, cousin], office.day('01-01'));
    const phone = await phoneOf(office, resident);
    const declareOwn = async (rule: string): Promise<string> => {
      const entry = { id: scene.fresh(), scheme: desk.scheme, rule, occurredOn: office.today };
      granted('declaring from the phone', await phone.send('POST', '/v1/entries', entry));
      return entry.id;
    };
    const [helped, mediated] = [await declareOwn('neighbour-help'), await declareOwn('dispute-mediated')];

    // Nobody decides about themselves or their household, also with the role for it.
    const act = { key: scene.fresh(), act: 'verify', entries: [helped] };
    const own = await office.as({ role: 'verifier', subject: resident })('POST', '/v1/admin/entries/acts', act);
    const negative = refused('verifying one’s own', own);
    equal('verifying one’s own', negative, 'SELF_APPROVAL');
    const kin = await office.as({ role: 'verifier', subject: cousin })('POST', '/v1/admin/entries/acts', act);
    equal('verifying one’s household’s', refused('verifying one’s household’s', kin), 'HOUSEHOLD_APPROVAL');

    granted('verifying', await desk.act('verify', 'verifier', [helped, mediated]));
    const approve = async (nth: number, ...entries: readonly string[]): Promise<readonly string[]> => {
      const answer = granted('approving', await desk.act('approve', 'approver', entries, {}, nth));
      return (answer['entries'] as readonly { readonly state: string }[]).map(({ state }) => state);
    };
    equal('2 points need one approver, 6 need two', await approve(1, helped, mediated), ['publicised', 'verified']);
    const again = await desk.act('approve', 'approver', [mediated]);
    equal('approving twice', refused('approving twice', again), 'SAME_APPROVER');
    equal('the second approver', await approve(2, mediated), ['publicised']);

    // A collector may declare as well: last year's deed of the neighbour, who is of no household yet.
    const old = scene.fresh();
    const facts = { id: old, scheme: desk.scheme, subject: cousin, occurredOn: office.day('12-31', 1) };
    const collected = {
      entries: [
        { ...facts, rule: 'neighbour-help' },
        { ...facts, id: scene.fresh(), rule: 'dispute-mediated' },
      ],
    };
    granted('collecting', await desk.as('collector')('POST', '/v1/admin/entries', collected));

    // Three days on the board, the day it went up not counted.
    office.passDays(3);
    equal('on the third day', await desk.states(resident), ['publicised', 'publicised']);
    office.passDays(1);
    equal('on the fourth day', await desk.states(resident), ['effective', 'effective']);
    equal('own detail', await detailOf(phone, desk.scheme), [2, 6]);

    const other = await desk.household([neighbour], office.day('01-01', 1));
    const help = await desk.subjects('person', 1);
    await desk.join(help, other, office.day('01-01', 1));
    const later = [{ rule: 'neighbour-help', who: neighbour, on: office.day('12-31', 1) }];
    await desk.earn(later);
    office.passDays(4);
    const run = await desk.assess(String(office.year));
    const [screen] = (await desk.shown(run, 'screen')).lists;
    equal('the first on the screen', [screen?.lines[0]?.rank, screen?.lines[0]?.value], [1, '8']);
    const ranked = await desk.results(run, 'family');
    equal(
      'families by rank',
      [home, other].map((each) => [ranked.get(each)?.value, ranked.get(each)?.rank]),
      [
        ['8', 1],
        ['2', 2],
      ],
    );
    equal('a wallet', (await desk.ledger(resident)).wallet, null);
    await desk.begins('person', { on: '2023-01-01', dayBefore: '2022-12-31' }, { rule: 'neighbour-help' });
    return { figure: 'declared, verified, approved, 3 days on the board; families rank 8 and 2', negative };
  },
};

async function detailOf(phone: TestPhone, scheme: string): Promise<readonly number[]> {
  // A device proof names the path alone.
  const header = `DeviceProof ${await phone.proof('GET', '/v1/entries')}`;
  const answer = await phone.send('GET', `/v1/entries?scheme=${scheme}`, undefined, { header });
  const { entries } = granted('own detail', answer) as {
    readonly entries: readonly { readonly points: number }[];
  };
  return entries.map(({ points }) => points);
}
