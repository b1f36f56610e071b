import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { household, outcome, person, recordSubjects, SUBDISTRICT } from '../../../../test/county/sample-subjects.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';

const INVENTED = { source: 'invented' };
const shown: SchemeDocument = {
  ...villageScheme,
  name_zh: '村<b>积分',
  place: SUBDISTRICT,
  metrics: [
    { id: 'family', over: 'household', formula: { sum: {} }, window: 'year', ...INVENTED },
    { id: 'yard', over: 'household', formula: { last_label: { rule: 'yard' } }, window: 'all', ...INVENTED },
    { id: 'deeds', over: 'person', formula: { sum: {} }, window: 'year', ...INVENTED },
  ],
  gradings: [
    { id: 'kept', labels: { metric: 'yard', order: ['好', '中', '差'] }, ...INVENTED },
    {
      id: 'model',
      label_zh: '诚信个人',
      predicate: { metric: 'deeds', op: 'ge', value: 10, code: 'model' },
      ...INVENTED,
    },
  ],
  publicity: [
    { surface: 'pyramid', scope: 'place', ...INVENTED },
    { surface: 'honour', scope: 'place', ...INVENTED },
    { surface: 'red_list', scope: 'group', days: 30, ...INVENTED },
    { surface: 'black_list', scope: 'group', days: 7, enabled: true, ...INVENTED },
    { surface: 'screen', scope: 'place', enabled: false, ...INVENTED },
  ],
};
const GRID = '371082004-dongdaoliujia';

let village: RunningVillage;
let run = '';
const ask = async (surface: string, query = ''): Promise<Answer> =>
  village.manager('GET', `/v1/admin/assessments/${run}/boards/${surface}${query}`);
const lines = async (surface: string, query = ''): Promise<unknown> => (await ask(surface, query)).body['lists'];

beforeAll(async () => {
  village = await runVillage(shown);
  const doors = ['1号', '2号', '3号'].map((doorNumber, at) => household(`h-${at + 1}`, { doorNumber }));
  await recordSubjects(await village.county.as('registrar'), [person('p-1'), person('p-2'), ...doors]);
  await village.earn(
    done('e-1', 'p-1', 'help'),
    done('e-2', 'h-1', 'yard', { label: '好' }),
    done('e-3', 'h-2', 'yard', { label: '差' }),
    done('e-4', 'h-3', 'yard', { label: '差' }),
  );
  const assessor = await village.county.as('assessor');
  run = String((await assessor('POST', '/v1/admin/assessments', { scheme: SCHEME, period: '2026' })).body['run']);
});
afterAll(() => village.close());

describe('boards', () => {
  it('hang once somebody else has released the run', async () => {
    expect(outcome(await ask('pyramid', '?metric=family'))).toEqual([409, 'RUN_NOT_RELEASED']);
    const released = await (await village.county.as('desk'))('POST', `/v1/admin/assessments/${run}/release`);
    expect(released.status).toBe(200);
    expect(await lines('pyramid', '?metric=family')).toEqual([
      {
        title: '',
        lines: [
          { rank: 1, who: '1号', value: '5' },
          { rank: 2, who: '2号', value: '-3' },
          { rank: 2, who: '3号', value: '-3' },
        ],
      },
    ]);
  });

  it('name who is honoured, masked, and for what', async () => {
    expect(await lines('honour')).toEqual([{ title: '诚信个人', lines: [{ rank: null, who: '王*明', value: '' }] }]);
  });

  it('show only what the scheme shows: a surface it lacks or has turned off is none', async () => {
    expect(outcome(await ask('board', '?metric=family'))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await ask('screen', '?metric=family'))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await ask('wall'))).toEqual([400, 'BODY_INVALID']);
  });

  it('of a group hang in the village, and not in all villages at once (domain G8)', async () => {
    expect(outcome(await ask('red_list'))).toEqual([422, 'PLACE_LEVEL_WRONG']);
    expect(await lines('red_list', `?place=${GRID}`)).toMatchObject([{ lines: [{ who: '1号' }] }]);
  });

  it('put on the black list a door and a day, until the next better visit closes it', async () => {
    const black = (): Promise<unknown> => lines('black_list', `?place=${GRID}`);
    expect(await black()).toMatchObject([
      {
        lines: [
          { who: '2号', value: '2026-09-10' },
          { who: '3号', value: '2026-09-10' },
        ],
      },
    ]);
    const open = async (): Promise<unknown> =>
      (await village.collector('GET', `/v1/admin/schemes/${SCHEME}/rectifications`)).body['rectifications'];
    expect(await open()).toMatchObject([
      { subject: 'h-2', who: '2号', rule: 'yard', label: '差', since: '2026-09-10' },
      { subject: 'h-3' },
    ]);
    await village.earn(done('e-5', 'h-2', 'yard', { label: '中', occurredOn: '2026-09-11' }));
    expect([await open(), await black()]).toMatchObject([[{ subject: 'h-3' }], [{ lines: [{ who: '3号' }] }]]);
  });

  it('are pages without a script, and whatever stands in a name is text', async () => {
    const { headers, text } = await ask('pyramid/page', '?metric=family');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('积分金字塔');
    expect(text).toContain('村&lt;b&gt;积分');
    expect(text).not.toMatch(/村<b>|<script/);
  });

  it('come down when their days are over', async () => {
    village.county.clock.advance(8 * 86_400);
    expect(outcome(await ask('black_list', `?place=${GRID}`))).toEqual([410, 'BOARD_OVER']);
    expect((await ask('red_list', `?place=${GRID}`)).status).toBe(200);
    expect((await ask('pyramid', '?metric=family')).body['until']).toBeNull();
  });

  it('are printed by those who answer for the place', async () => {
    const elsewhere = await village.county.asIn('371082005', 'manager');
    const asked = `/v1/admin/assessments/${run}/boards/pyramid?metric=family`;
    expect(outcome(await elsewhere('GET', asked))).toEqual([404, 'NOT_FOUND']);
    expect((await village.collector('GET', asked)).status).toBe(403);
    const other = await elsewhere('GET', `/v1/admin/schemes/${SCHEME}/rectifications`);
    expect(outcome(other)).toEqual([404, 'NOT_FOUND']);
  });
});
