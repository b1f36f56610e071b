import { faultsIn, draft } from '../adoption.js';
import { times } from '../desk.js';
import { equal, granted, refused, RowFault } from '../expectations.js';
import { phoneOf, tierRefused } from '../phones.js';
import type { Row } from '../row.js';

const SCHEME = 'cn-371002101-organs';

/** [000] 信用进机关: an internal appraisal of posts that leaves the organ nowhere. */
export const f06: Row = {
  row: 'F06',
  negative: 'EXPORT_FORBIDDEN',
  documents: [SCHEME],
  play: async (scene) => {
    const desk = await scene.desk(SCHEME, '371002101');
    const { office } = desk;
    const [february, march] = [office.day('02-10'), office.day('03-10')];
    const onTime = { rule: 'on-time', on: february };
    await desk.worth(
      'post',
      [
        [1, onTime],
        [10, ...times(10, onTime)],
        [10, ...times(5, onTime), ...times(6, { ...onTime, on: office.day('02-11') })],
        [12, ...times(11, onTime), ...times(2, { ...onTime, on: march })],
        [-2, { rule: 'late', on: march }],
        [-4, ...times(2, { rule: 'late', on: march })],
      ],
      'manager',
    );
    const post = await desk.subject('post');
    const deeds = [...times(3, onTime), { rule: 'late', on: office.day('09-01') }];
    await desk.earn(
      deeds.map((deed) => ({ ...deed, who: post })),
      'manager',
    );
    const appraisal = (await desk.results(await desk.assess(String(office.year)), 'appraisal')).get(post);
    equal('the appraisal', appraisal?.value, '1');
    equal('a wallet', (await desk.ledger(post)).wallet, null);
    await desk.begins('post', { on: '2020-01-01', dayBefore: '2019-12-31' }, { rule: 'late' }, 'manager');

    const answer = await draft(office.county, { ...scene.written(SCHEME), id: scene.fresh(), export: 'badge' });
    equal('a draft that lets it leave', refused('a draft that lets it leave', answer), 'SCHEME_INVALID');
    const [fault] = faultsIn(answer);
    if (fault === undefined) throw new RowFault('the draft was refused without a fault');
    const { document } = granted('the document', await office.county.ask('GET', `/v1/schemes/${desk.scheme}`));
    equal('what may leave', [(document as { readonly export: string }).export, fault], ['none', 'EXPORT_FORBIDDEN']);
    const clerk = await desk.subject('person');
    equal('a tier of the appraisal', await tierRefused(await phoneOf(office, clerk), desk.scheme), 'UNMAPPABLE_BASIS');
    return { figure: `appraisal 3 - 2 = ${appraisal?.value}, kept inside`, negative: fault };
  },
};
