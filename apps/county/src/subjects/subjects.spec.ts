import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import {
  child,
  ELSEWHERE,
  household,
  outcome,
  person,
  recordSubjects,
  SUBDISTRICT,
  VILLAGE,
} from '../../../../test/county/sample-subjects.js';
import { SubjectEntity } from './subject.entity.js';

let county: RunningCounty;
let registrar: Ask;
const record = (...subjects: object[]): ReturnType<Ask> => recordSubjects(registrar, subjects);
const count = (): Promise<number> => county.database.manager.count(SubjectEntity);

beforeAll(async () => {
  county = await runCounty({ place: '371082' });
  registrar = await county.as('registrar');
});
afterAll(() => county.close());

describe('recording subjects', () => {
  const SUBJECTS = [
    person('p-1'),
    child('c-1'),
    household('h-1'),
    { handle: 'b-1', kind: 'building', place: VILLAGE, name: '一号楼', doorNumber: '1号楼' },
    { handle: 'g-1', kind: 'group', place: VILLAGE, name: '一组' },
    { handle: 'o-1', kind: 'post', place: SUBDISTRICT, name: '办公室' },
    { handle: 'e-1', kind: 'enterprise', place: SUBDISTRICT, name: '信桥食品' },
  ];

  it('takes every kind, once, in whatever order and through whichever service', async () => {
    const other = await county.again();
    const elsewhere = await other.as('registrar');
    const answers = await Promise.all([
      record(...SUBJECTS),
      recordSubjects(elsewhere, SUBJECTS.toReversed()),
      record(...SUBJECTS),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ body }) => Number(body['recorded'])).reduce((sum, each) => sum + each)).toBe(7);
    expect(await count()).toBe(7);
    await other.close();
  });

  it('makes a resident of a person with an account, and of nobody else', async () => {
    const residents = await county.database.query<readonly object[]>(
      'SELECT handle, name, document_last4, birth_year FROM resident WHERE id IN (SELECT id FROM subject) ORDER BY handle',
    );
    expect(residents).toEqual([{ handle: 'p-1', name: '王小明', document_last4: '123X', birth_year: 1980 }]);
    expect((await registrar('GET', '/v1/admin/subjects/c-1')).body).toMatchObject({
      account: false,
      documentLast4: null,
    });
  });

  it('sees a resident recorded by the older route as a subject of the county itself', async () => {
    const resident = { handle: 'r-1', name: '李四', documentLast4: '8901', birthYear: 1990 };
    await registrar('POST', '/v1/admin/residents', { residents: [resident] });
    expect((await registrar('GET', '/v1/admin/subjects/r-1')).body).toMatchObject({ kind: 'person', place: '371082' });
    const again = await record(person('r-1', { ...resident, place: '371082' }));
    expect(again.body).toEqual({ recorded: 0, existing: 1 });
  });

  it.each([
    ['SUBJECT_DIFFERS', 409, 'handle', person('p-1', { name: '王大明' })],
    ['SUBJECT_DIFFERS', 409, 'handle', person('p-1', { documentLast4: '9999' })],
    ['SUBJECT_DIFFERS', 409, 'handle', household('p-1')],
    ['SUBJECT_DIFFERS', 409, 'handle', household('h-1', { doorNumber: '13号' })],
    ['SUBJECT_DIFFERS', 409, 'handle', person('c-1', { name: '王小小', birthYear: 2000 })],
    ['SUBJECT_MINOR', 422, 'birthYear', person('x', { birthYear: 2008 })],
    ['PLACE_UNKNOWN', 422, 'place', person('x', { place: '371083' })],
    ['BODY_INVALID', 400, 'documentLast4', person('x', { documentLast4: undefined })],
    ['BODY_INVALID', 400, 'documentLast4', child('x', { documentLast4: '1234' })],
    ['BODY_INVALID', 400, 'birthYear', person('x', { birthYear: undefined })],
    ['BODY_INVALID', 400, 'birthYear', person('x', { birthYear: null })],
    ['BODY_INVALID', 400, 'birthYear', household('x', { birthYear: 1980 })],
    ['BODY_INVALID', 400, 'account', household('x', { account: false })],
    ['BODY_INVALID', 400, 'doorNumber', person('x', { doorNumber: '12号' })],
    ['BODY_INVALID', 400, 'kind', person('x', { kind: 'village' })],
    ['BODY_INVALID', 400, 'name', household('x', { name: '王\n家' })],
    ['BODY_INVALID', 400, 'score', person('x', { score: 1000 })],
  ])('answers %s (%i) at %s and records nothing of the request', async (code, status, member, faulty) => {
    const before = await count();
    const answer = await record(household('good'), faulty);
    expect(outcome(answer)).toEqual([status, code]);
    expect(JSON.stringify(answer.body['fields'])).toContain(`/subjects/1/${member}"`);
    expect(await count()).toBe(before);
  });

  it('opens the account of a child that has come of age, and of no other', async () => {
    await record(child('c-2', { birthYear: 2007 }));
    const open = (handle: string, documentLast4: string): ReturnType<Ask> =>
      registrar('POST', `/v1/admin/subjects/${handle}/account`, { documentLast4 });
    expect(outcome(await open('c-1', '1234'))).toEqual([422, 'SUBJECT_MINOR']);
    expect([(await open('c-2', '1234')).status, (await open('c-2', '1234')).status]).toEqual([204, 204]);
    expect(outcome(await open('c-2', '9999'))).toEqual([409, 'SUBJECT_DIFFERS']);
    expect(outcome(await open('h-1', '1234'))).toEqual([422, 'SUBJECT_KIND_WRONG']);
    expect((await registrar('GET', '/v1/admin/subjects/c-2')).body).toMatchObject({
      account: true,
      documentLast4: '1234',
    });
  });
});

describe('finding subjects', () => {
  const search = (body: object, as = registrar): ReturnType<Ask> => as('POST', '/v1/admin/subjects/searches', body);
  const handles = ({ body }: Awaited<ReturnType<Ask>>): readonly unknown[] =>
    (body['subjects'] as readonly { readonly handle: string }[]).map(({ handle }) => handle);

  it('lists all namesakes with the last four characters that tell them apart, and picks none', async () => {
    await record(
      person('n-1', { name: '张伟', documentLast4: '1111' }),
      person('n-2', { name: '张伟', documentLast4: '2222' }),
      person('n-3', { name: '张伟', place: ELSEWHERE, documentLast4: '3333' }),
    );
    const { body } = await search({ place: VILLAGE, name: '张伟' });
    expect(body).toMatchObject({
      subjects: [
        { handle: 'n-1', documentLast4: '1111' },
        { handle: 'n-2', documentLast4: '2222' },
      ],
      more: false,
    });
    expect(handles(await search({ place: '371082', name: '张伟' }))).toEqual(['n-1', 'n-2', 'n-3']);
    expect(handles(await search({ place: '371082', name: '张' }))).toEqual([]);
  });

  it('finds a household by its door number', async () => {
    expect(handles(await search({ place: VILLAGE, doorNumber: '12号' }, await county.as('collector')))).toEqual([
      'h-1',
    ]);
  });

  it('answers at most fifty, and says that there are more', async () => {
    await record(...Array.from({ length: 51 }, (_, n) => person(`many-${n}`, { name: '刘洋' })));
    const answer = await search({ place: VILLAGE, name: '刘洋' });
    expect([handles(answer).length, answer.body['more']]).toEqual([50, true]);
  });

  it.each([
    ['BODY_INVALID', { place: VILLAGE }],
    ['BODY_INVALID', { name: '张伟' }],
    ['PLACE_UNKNOWN', { place: '371083', name: '张伟' }],
  ])('answers %s to %j', async (code, body) => {
    expect((await search(body)).body['code']).toBe(code);
  });

  it('is on record, without the name', async () => {
    const [audited] = await county.database.query<readonly { readonly detail: object }[]>(
      "SELECT detail FROM audit_record WHERE action = 'subjects.searched' ORDER BY id LIMIT 1",
    );
    expect(audited?.detail).toEqual({ place: VILLAGE, by: 'name', found: 2 });
  });
});

describe('an account confined to a place', () => {
  it('sees and writes only what lies in it, and cannot tell what does not from what is not there', async () => {
    const inVillage = await county.asIn(VILLAGE, 'registrar');
    const elsewhere = await county.asIn(ELSEWHERE, 'registrar');
    expect((await inVillage('GET', '/v1/admin/subjects/p-1')).status).toBe(200);
    const [hidden, missing] = [
      await elsewhere('GET', '/v1/admin/subjects/p-1'),
      await elsewhere('GET', '/v1/admin/subjects/nobody'),
    ];
    expect({ ...hidden.body, instance: '' }).toEqual({ ...missing.body, instance: '' });
    expect(outcome(await recordSubjects(elsewhere, [person('x')]))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    const residents = [{ handle: 'x', name: '李四', documentLast4: '8901', birthYear: 1990 }];
    expect(outcome(await elsewhere('POST', '/v1/admin/residents', { residents }))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect(outcome(await elsewhere('PATCH', '/v1/admin/subjects/p-1', { name: '王' }))).toEqual([404, 'NOT_FOUND']);
    const search = { place: VILLAGE, name: '王小明' };
    expect(outcome(await elsewhere('POST', '/v1/admin/subjects/searches', search))).toEqual([
      403,
      'PLACE_OUT_OF_SCOPE',
    ]);
  });

  it('moves a subject between its own places only', async () => {
    const inSubdistrict = await county.asIn(SUBDISTRICT, 'registrar');
    const change = (to: object): ReturnType<Ask> => inSubdistrict('PATCH', '/v1/admin/subjects/p-1', to);
    expect(outcome(await change({ place: ELSEWHERE }))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect(outcome(await change({ place: '371083' }))).toEqual([422, 'PLACE_UNKNOWN']);
    expect(outcome(await change({ doorNumber: '1号' }))).toEqual([422, 'SUBJECT_KIND_WRONG']);
    expect((await change({ place: SUBDISTRICT, name: '王晓明' })).status).toBe(204);
    expect((await registrar('GET', '/v1/admin/subjects/p-1')).body).toMatchObject({
      place: SUBDISTRICT,
      name: '王晓明',
    });
    const [resident] = await county.database.query<readonly object[]>("SELECT name FROM resident WHERE handle = 'p-1'");
    expect(resident).toEqual({ name: '王晓明' });
    expect(outcome(await (await county.asIn(VILLAGE, 'registrar'))('GET', '/v1/admin/subjects/p-1'))[0]).toBe(404);
  });

  it('is refused without the role', async () => {
    expect(outcome(await recordSubjects(await county.as('collector'), [person('x')]))[0]).toBe(403);
    expect(outcome(await recordSubjects(county.ask, [person('x')]))[0]).toBe(401);
  });
});
