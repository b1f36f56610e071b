import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Ask } from '../ask.js';
import { ELSEWHERE, VILLAGE } from '../sample-subjects.js';
import { aboutGrades } from './about-grades.js';
import { aboutPeople } from './about-people.js';
import { aboutPoints } from './about-points.js';
import type { ForeignRequest, Rows } from './foreign-request.js';
import { type OneOfEach, oneOfEach, OURS } from './one-of-each.js';

/** Written by whoever looks something up, also in vain (docs/subjects.md), and by what goes on in the background. */
const NO_EFFECT = ['audit_record', 'audit_seal'];

let ours: OneOfEach;
let rows: Rows;
beforeAll(async () => {
  ours = await oneOfEach();
  rows = { ...aboutPeople(ours), ...aboutPoints(ours), ...aboutGrades(ours) };
}, 60_000);
afterAll(() => ours.close());

function send(as: Ask, route: string, { path = {}, query, body }: ForeignRequest): Promise<Answer> {
  const [method = '', template = ''] = route.split(' ');
  const to = template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => String(path[name]));
  return as(method, query === undefined ? to : `${to}?${query}`, body);
}

const toldBy = ({ status, body }: Answer): unknown => (status < 300 ? 'served' : body['code']);

/** Every table's rows in short, so that whatever was written or changed shows. */
async function contents(): Promise<ReadonlyMap<string, string>> {
  const { database } = ours.county;
  const tables = await database.query<readonly { readonly name: string }[]>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1)`,
    [NO_EFFECT],
  );
  const digests = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, md5(coalesce(string_agg(row::text, '' ORDER BY row::text), '')) AS digest FROM "${name}" AS row`,
  );
  const found = await database.query<readonly { readonly name: string; readonly digest: string }[]>(
    digests.join(' UNION ALL '),
  );
  return new Map(found.map(({ name, digest }) => [name, digest]));
}

async function changedBy<T>(
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly changed: readonly string[] }> {
  const before = await contents();
  const done = await work();
  const after = await contents();
  return { done, changed: [...after.keys()].filter((name) => after.get(name) !== before.get(name)) };
}

describe('staff of a neighbouring place (docs/subjects.md: what lies elsewhere is answered as what is not there)', () => {
  it('are asked about at every route that is for staff: a new one is listed too', async () => {
    const { body } = await ours.county.ask('GET', '/openapi.json');
    const paths = body['paths'] as Readonly<
      Record<string, Readonly<Record<string, { readonly security?: unknown[] }>>>
    >;
    const forStaff = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security = [] }]) =>
        security.length > 0 ? [`${method.toUpperCase()} ${path}`] : [],
      ),
    );
    expect(Object.keys(rows).toSorted()).toEqual(forStaff.toSorted());
  });

  it('are refused whatever is the village’s, learn nothing of it and change nothing; its own staff are served', async () => {
    const [neighbour, village] = [await ours.county.asIn(ELSEWHERE, 'desk'), await ours.county.asIn(VILLAGE, 'desk')];
    const county = await ours.county.as('desk');
    const expected: unknown[] = [];
    const found: unknown[] = [];
    for (const [route, requests] of Object.entries(rows))
      for (const [at, request] of requests.entries()) {
        if (request.told === 'anything') continue;
        const { done: foreign, changed } = await changedBy(() => send(neighbour, route, request));
        const isList = request.told === 'list';
        const own = await send(isList || request.servedTo === 'village' ? village : county, route, request);
        const neighbourTold = isList ? 'served' : request.code;
        const ownTold = (isList ? undefined : request.wanting) ?? 'served';
        const name = `${route} ${at}`;
        expected.push({ name, neighbourTold, ownTold, changed: [], leaks: false, shows: isList });
        const [leaks, shows] = [foreign, own].map(({ text }) => text.includes(OURS));
        found.push({
          name,
          neighbourTold: toldBy(foreign),
          ownTold: toldBy(own),
          changed,
          leaks,
          shows: isList && shows,
        });
      }
    expect(found).toEqual(expected);
  }, 120_000);
});
