import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, runCounty, type RunningCounty, subjectKeys } from '../../../../test/county/running-county.js';
import {
  ELSEWHERE,
  household,
  outcome,
  outcomes,
  person,
  recordSubjects,
} from '../../../../test/county/sample-subjects.js';

/** Made for these tests: region, day of birth, sequence, check character. */
const NUMBERS = ['371082198001010012', '371082198001010020', '371082198001010039'] as const;
let county: RunningCounty;
let registrar: Ask;
const withNumber = (handle: string, number: string, more: object = {}): object =>
  person(handle, { documentLast4: undefined, document: { type: 'resident_id', number }, ...more });
const lookUp = (number: string, as = registrar): ReturnType<Ask> =>
  as('POST', '/v1/admin/documents/look-ups', { type: 'resident_id', number });
const set = (handle: string, number: string, type = 'resident_id'): ReturnType<Ask> =>
  registrar('POST', `/v1/admin/subjects/${handle}/document`, { type, number });

beforeAll(async () => {
  county = await runCounty({ place: '371082' });
  registrar = await county.as('registrar');
});
afterAll(() => county.close());

describe('numbers of identity documents', () => {
  it('are recorded with a person once, give the last four characters, and find the person', async () => {
    const subjects = [withNumber('p-1', NUMBERS[0]), withNumber('p-2', NUMBERS[1])];
    expect((await recordSubjects(registrar, subjects)).body).toEqual({ recorded: 2, existing: 0 });
    expect((await recordSubjects(registrar, subjects)).body).toEqual({ recorded: 0, existing: 2 });
    const spelt = `${NUMBERS[0].slice(0, 6)} ${NUMBERS[0].slice(6)}`;
    expect((await lookUp(spelt)).body).toMatchObject({ handle: 'p-1', documentLast4: NUMBERS[0].slice(-4) });
    expect(outcome(await lookUp(NUMBERS[2]))).toEqual([404, 'NOT_FOUND']);
  });

  it.each([
    ['DOCUMENT_NUMBER_TAKEN', 409, withNumber('x', NUMBERS[0])],
    ['SUBJECT_DIFFERS', 409, withNumber('p-1', NUMBERS[2])],
    ['DOCUMENT_NUMBER_INVALID', 422, withNumber('x', '371082198001010018')],
    ['DOCUMENT_NUMBER_INVALID', 422, withNumber('x', NUMBERS[2], { birthYear: 1981 })],
    ['BODY_INVALID', 400, withNumber('x', NUMBERS[2], { documentLast4: '0039' })],
    ['BODY_INVALID', 400, withNumber('x', NUMBERS[2], { account: false })],
  ])('answer %s (%i), and nothing of the request is kept', async (code, status, faulty) => {
    const answer = await recordSubjects(registrar, [household('good'), faulty]);
    expect(outcome(answer)).toEqual([status, code]);
    expect(answer.text).not.toMatch(/3710821980/);
    expect((await registrar('GET', '/v1/admin/subjects/good')).status).toBe(404);
  });

  it('of one person recorded twice at once stand once', async () => {
    const other = await county.again();
    const elsewhere = await other.as('registrar');
    const pair = [withNumber('t-1', NUMBERS[2]), person('t-0')];
    const twin = [person('t-3'), withNumber('t-2', NUMBERS[2])];
    const answers = await Promise.all([recordSubjects(registrar, pair), recordSubjects(elsewhere, twin)]);
    expect(outcomes(answers)).toEqual(['200', '409 DOCUMENT_NUMBER_TAKEN']);
    await other.close();
  });

  it('are corrected, and nobody gets that of another', async () => {
    await recordSubjects(registrar, [person('p-3')]);
    expect((await set('p-3', 'E 1234-5678', 'other')).status).toBe(204);
    expect((await registrar('GET', '/v1/admin/subjects/p-3')).body).toMatchObject({ documentLast4: '5678' });
    expect(outcome(await set('p-3', NUMBERS[0]))).toEqual([409, 'DOCUMENT_NUMBER_TAKEN']);
    expect(outcome(await set('p-3', '110105194912310029'))).toEqual([422, 'DOCUMENT_NUMBER_INVALID']);
    expect(outcome(await set('p-3', '11010519491231002X'))).toEqual([422, 'DOCUMENT_NUMBER_INVALID']);
    await recordSubjects(registrar, [household('h-1')]);
    expect(outcome(await set('h-1', 'E12345678', 'other'))).toEqual([422, 'SUBJECT_KIND_WRONG']);
  });

  it('of an absorbed record lead to the one that is left, and can be set there', async () => {
    await recordSubjects(registrar, [person('p-4')]);
    expect((await registrar('POST', '/v1/admin/subjects/p-2/merges', { into: 'p-4', reason: 'twice' })).status).toBe(
      204,
    );
    expect((await lookUp(NUMBERS[1])).body).toMatchObject({ handle: 'p-4' });
    expect((await set('p-4', NUMBERS[1])).status).toBe(204);
    expect((await lookUp(NUMBERS[1])).body).toMatchObject({ handle: 'p-4', documentLast4: NUMBERS[1].slice(-4) });
  });

  it('outside the scope of who asks are not found, as unknown ones', async () => {
    const elsewhere = await county.asIn(ELSEWHERE, 'registrar');
    expect(outcome(await lookUp(NUMBERS[0], elsewhere))).toEqual([404, 'NOT_FOUND']);
    expect((await lookUp(NUMBERS[0], await county.as('collector'))).status).toBe(403);
  });

  it('stand in no table, and a look-up is on record by whom it found', async () => {
    const tables = await county.database.query<readonly { readonly name: string }[]>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    for (const { name } of tables) {
      const rows = await county.database.query<readonly object[]>(`SELECT t::text AS row FROM "${name}" t`);
      // In hexadecimal too, as bytes are shown.
      for (const number of NUMBERS) {
        expect(JSON.stringify(rows)).not.toContain(number);
        expect(JSON.stringify(rows)).not.toContain(Buffer.from(number).toString('hex'));
      }
    }
    const audited = await county.database.query<readonly object[]>(
      `SELECT actor, target, detail FROM audit_record WHERE action = 'subject.looked_up_by_document' ORDER BY id LIMIT 2`,
    );
    expect(audited).toEqual([
      { actor: 'registrar', target: 'p-1', detail: { found: true } },
      { actor: 'registrar', target: null, detail: { found: false } },
    ]);
  });
});

describe('changing the keys of document numbers', () => {
  it('finds everybody before and after, and the county does not start without a key that is in use', async () => {
    const file = county.config.subjectKeysFile;
    const { keys: former } = JSON.parse(await readFile(file, 'utf8')) as { readonly keys: readonly object[] };
    const next = `${file}.next`;
    const write = (keys: readonly object[]): Promise<void> =>
      writeFile(next, JSON.stringify({ sample: true, keys }), { mode: 0o600 });
    const fresh = subjectKeys();
    await write(fresh);
    await expect(county.again({ subjectKeysFile: next })).rejects.toMatchObject({ code: 'KEYS_INVALID' });

    await write([...fresh, ...former.map((key) => ({ ...key, state: 'retired' }))]);
    const rotated = await county.again({ subjectKeysFile: next });
    const desk = await rotated.as('registrar');
    expect((await lookUp(NUMBERS[0], desk)).body).toMatchObject({ handle: 'p-1' });
    expect(outcome(await recordSubjects(desk, [withNumber('x', NUMBERS[0])]))).toEqual([409, 'DOCUMENT_NUMBER_TAKEN']);
    const reseal = async (username: string): ReturnType<Ask> =>
      (await rotated.as(username))('POST', '/v1/admin/documents/resealings');
    await county.asIn(ELSEWHERE, 'manager');
    expect(outcome(await reseal(`manager-${ELSEWHERE}`))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect((await reseal('manager')).body).toEqual({ resealed: 4 });
    expect((await reseal('manager')).body).toEqual({ resealed: 0 });
    await rotated.close();

    await write(fresh);
    const after = await county.again({ subjectKeysFile: next });
    await after.close();
  });
});
