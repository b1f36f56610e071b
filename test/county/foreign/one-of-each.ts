import { rm } from 'node:fs/promises';
import type { Area, SchemeDocument } from '#libs/scheme';
import { type Answer, type Ask, runCounty, type RunningCounty } from '../running-county.js';
import { ELSEWHERE, household, join, person, recordSubjects, VILLAGE } from '../sample-subjects.js';
import { schemesFolder, villageScheme } from '../village-scheme.js';

/** What every handle, id and title of the village begins with, so that an answer which lets something slip is seen. */
export const OURS = 'ours-';
export const OUR_SCHEME = 'ours-points';
export const THEIR_SCHEME = 'theirs-points';
export const COUNTY = '371082';
export const TODAY = '2026-09-16';
const INVENTED = { source: 'invented' };

/** A village, and one thing of each kind that it has. */
export interface OneOfEach {
  readonly county: RunningCounty;
  readonly activity: string;
  /** The neighbour's. */
  readonly theirActivity: string;
  readonly theirDay: string;
  readonly day: string;
  readonly redemption: string;
  /** Of a card that was sold and not used yet. */
  readonly code: string;
  /** Of another one, sold in the same redemption. */
  readonly spareCode: string;
  readonly run: string;
  /** Not released yet. */
  readonly openRun: string;
  readonly batch: string;
  readonly door: string;
  close(): Promise<void>;
}

const area: Area = {
  id: 'ours-area',
  schemes: [OUR_SCHEME, 'ours-too'],
  shared: ['scenes', 'prices'],
  transfer: 1,
  accept_by: '验收小组',
  ...INVENTED,
};

/** The village's scheme with a part of every sort; its neighbour has the same under another id. */
export const ourScheme: SchemeDocument = {
  ...villageScheme,
  id: OUR_SCHEME,
  name_zh: 'ours 村积分',
  area,
  metrics: [{ id: 'deeds', over: 'person', formula: { sum: {} }, window: 'year', ...INVENTED }],
  gradings: [
    { id: 'model', predicate: { metric: 'deeds', op: 'ge', value: 10, code: 'yes' }, ...INVENTED },
    { id: 'told', imported: { over: 'person', order: ['good', 'fair'] }, ...INVENTED },
  ],
  catalogue: [
    { sku: 'soap', label_zh: '肥皂', kind: 'goods', price_points: 3, fund: 'village', ...INVENTED },
    { sku: 'massage', label_zh: '理疗', kind: 'service', price_points: 4, ...INVENTED },
  ],
  funds: [{ id: 'village', label_zh: '村基金', inflows: ['donation'], ...INVENTED }],
  redemption: { cadence: 'any_time', proxy: true, ...INVENTED },
  benefits: [
    {
      id: 'lunch',
      label_zh: '午餐',
      requires: { any_of: [{ age: 70 }] },
      effect: { free: true },
      statutory: false,
      ...INVENTED,
    },
  ],
  publicity: [{ surface: 'honour', scope: 'place', ...INVENTED }],
  activities: [{ id: 'road', label_zh: '清扫村路', rule: 'help', ...INVENTED }],
};
/** What the county itself grades by: the grades that may leave it. */
const countyScheme: SchemeDocument = {
  ...villageScheme,
  id: 'county-grades',
  kind: 'graded_credit',
  level: 'county',
  place: COUNTY,
  basis: 'graded',
  export: 'band',
  balance: 'none',
  subject_kinds: ['person'],
  rules: [],
  metrics: [{ id: 'score', over: 'person', formula: { base_plus_sum: { base: 1000 } }, window: 'year', ...INVENTED }],
  gradings: [
    {
      id: 'grade',
      positive_floor: 'A',
      bands: {
        metric: 'score',
        rows: [
          { code: 'A', ge: 960, ...INVENTED },
          { code: 'B', lt: 960, ...INVENTED },
        ],
      },
      ...INVENTED,
    },
  ],
};
const { area: _none, ...withoutArea } = ourScheme;
const theirScheme: SchemeDocument = {
  ...withoutArea,
  id: THEIR_SCHEME,
  name_zh: '邻村积分',
  place: ELSEWHERE,
};

/** Everything is made by the county's own desk, so that the village's people can take each second step. */
export async function oneOfEach(): Promise<OneOfEach> {
  const folder = await schemesFolder(ourScheme, theirScheme, countyScheme);
  const county = await runCounty({ place: COUNTY, schemesFolder: folder });
  const desk = await county.as('desk');
  const sent = made(desk);
  await recordSubjects(desk, PEOPLE);
  await join(desk, 'ours-1', 'ours-h', '2026-01-01');
  await sent('/subjects/ours-1/document', { type: 'resident_id', number: OUR_DOCUMENT });
  await sent('/subjects/ours-ended/endings', { cause: 'left', on: TODAY });
  await sent('/subjects/ours-twin/merges', { into: 'ours-3', reason: 'one person' });
  for (const [scheme, who] of [
    [OUR_SCHEME, 'ours'],
    [THEIR_SCHEME, 'theirs'],
  ] as const)
    await earn(county, scheme, who);
  await sent('/entries', { entries: [entry('ours-waiting', OUR_SCHEME, 'ours-1')] });
  await sent('/stock/deliveries', { key: 'stock', scheme: OUR_SCHEME, sku: 'soap', n: 9, costFen: 0 });
  const { body: activity } = await sent('/activities', call(OUR_SCHEME, VILLAGE));
  const { body: theirActivity } = await sent('/activities', call(THEIR_SCHEME, ELSEWHERE));
  const { body: day } = await sent('/redemption-days', plan(OUR_SCHEME));
  const { body: theirDay } = await sent('/redemption-days', plan(THEIR_SCHEME));
  const items = [{ sku: 'massage', n: 2 }];
  const { body: sold } = await sent('/redemptions', { key: 'sale', scheme: OUR_SCHEME, subject: 'ours-1', items });
  const { body: door } = await sent('/subjects/ours-h/door');
  const grades = [{ subject: 'ours-1', grade: 'good', from: '2026-01-01', to: '2026-12-31', document: 'ours-paper' }];
  const { body: taken } = await sent('/imported-grades', { key: 'batch', scheme: OUR_SCHEME, rows: grades });
  const [run, openRun] = [await assessed(sent, OUR_SCHEME), await assessed(sent, OUR_SCHEME)];
  const release = made(await county.as('assessor'));
  for (const one of [run, await assessed(sent, 'county-grades')]) await release(`/assessments/${one}/release`);
  await sent('/schemes/drafts', { document: draft(2) });
  await sent('/staff', account('ours-clerk', VILLAGE));
  const [card, spare] = sold['codes'] as readonly [{ readonly code: string }, { readonly code: string }];
  return {
    county,
    activity: String(activity['activity']),
    day: String(day['day']),
    redemption: String(sold['redemption']),
    theirActivity: String(theirActivity['activity']),
    theirDay: String(theirDay['day']),
    code: card.code,
    spareCode: spare.code,
    run,
    openRun,
    batch: String(taken['batch']),
    door: String(door['link']),
    close: async () => {
      await county.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Valid by its check digit, and nobody's. */
export const OUR_DOCUMENT = '371082198001010012';

const elsewhere = { place: ELSEWHERE };
const PEOPLE = [
  ...[
    'ours-1',
    'ours-2',
    'ours-3',
    'ours-4',
    'ours-5',
    'ours-moved',
    'ours-twin',
    'ours-other',
    'ours-leaver',
    'ours-ended',
  ].map((handle) => person(handle)),
  person('ours-joining', { account: false, documentLast4: undefined }),
  household('ours-h'),
  household('ours-h2'),
  ...['theirs-1', 'theirs-2', 'theirs-3', 'theirs-4'].map((handle) => person(handle, elsewhere)),
  household('theirs-h', elsewhere),
];

type Sent = (path: string, body?: object) => Promise<Answer>;

/** Sends to the office's interface, and takes no refusal. */
function made(as: Ask): Sent {
  return async (path, body) => {
    const answer = await as('POST', `/v1/admin${path}`, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
    return answer;
  };
}

export function entry(id: string, scheme: string, subject: string): object {
  return { id, scheme, subject, rule: 'help', occurredOn: '2026-09-10' };
}

export function call(scheme: string, place: string): object {
  return { key: `call-${scheme}`, scheme, kind: 'road', place, day: TODAY, title: `${scheme} road` };
}

function plan(scheme: string): object {
  return { key: `day-${scheme}`, scheme, day: TODAY, title: `${scheme} day` };
}

/** A further version of the village's scheme. */
export function draft(version: number, more: object = {}): object {
  const { adopted_by: _adopted, ...written } = ourScheme;
  return { ...written, version, valid: { from: TODAY }, ...more };
}

export function account(username: string, place: string, more: object = {}): object {
  const grants = [{ role: 'collector', place }];
  return { username, displayName: '王小明', organisation: '村委会', grants, ...more };
}

async function earn(county: RunningCounty, scheme: string, who: string): Promise<void> {
  const ids = ['a', 'b'].map((id) => `${who}-${id}`);
  await made(await county.as('desk'))('/entries', { entries: ids.map((id) => entry(id, scheme, `${who}-1`)) });
  for (const [role, act] of [
    ['verifier', 'verify'],
    ['approver', 'approve'],
  ] as const)
    await made(await county.as(role))('/entries/acts', { key: `${act}-${who}`, act, entries: ids });
}

async function assessed(sent: Sent, scheme: string): Promise<string> {
  return String((await sent('/assessments', { scheme, period: '2026' })).body['run']);
}
