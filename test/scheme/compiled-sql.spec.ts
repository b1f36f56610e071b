import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import { shanghaiDay } from '#libs/calendar';
import {
  assessMetric,
  compileMetric,
  periodDays,
  resolveScheme,
  windowDays,
  type Assessed,
  type AssessmentTime,
  type Grading,
  type Metric,
  type RuleFormula,
  type ScoredEntry,
  type SubjectKind,
  type SchemeDocument,
  type WrittenScheme,
} from '#libs/scheme';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { drawnDay, drawnPopulation, MONTH_ENDS, noon, type Population } from './drawn-population.js';
import { drawnScheme, LABELS, METRIC, RULES, type Rules } from './drawn-schemes.js';

const KINDS = ['person', 'household', 'household', 'person', 'household', 'group'] as const;
const PERIODS = ['2026', '2025', '2026-Q1', '2026-Q2', '2025-Q4', '2026-03', '2026-02', '2026-03-31', '2026-05-09'];
const period = fc.constantFrom(...PERIODS);
const cutOff = fc.oneof(drawnDay, fc.constantFrom(...MONTH_ENDS)).map((day) => noon(day));

describe('the SQL compiled from the tree answers what the evaluator answers', () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await testDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  /** @returns how many subjects were compared */
  async function compare(rules: Rules, metric: string, people: Population, name: string, now: number): Promise<number> {
    const { window: length } = rules.metrics.find(({ id }) => id === metric)!;
    const window = windowDays(length, periodDays(name)!, shanghaiDay(now));
    if (window === undefined) return 0;
    const assessed = assessMetric(rules, metric, people, { window, cutOff: now });
    expect(await query(client, rules, metric, people, { window, cutOff: now })).toEqual(assessed);
    return assessed.length;
  }

  it('for every formula, cap, remainder, validity, window, metric and grading', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(drawnScheme, drawnPopulation(KINDS, RULES, LABELS), period, cutOff, async (...drawn) => {
        const [rules, people, name, now] = drawn;
        compared += await compare(rules, METRIC, people, name, now);
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it('on the edges that draws seldom meet: equal days, and the day of the cut-off', async () => {
    const rules = inspected({ last_label: { rule: 'r' } }, 'household');
    const on = (id: string, label: string): ScoredEntry => ({ ...ENTRY, id, label, subject: 'h' });
    const ties = { ...PEOPLE, entries: [on('b', '好'), on('a', '差'), on('B', '差')] };
    expect(await compare(rules, METRIC, ties, '2026', noon('2026-12-31'))).toBe(1);
    const until = (to: string): Population => ({
      ...PEOPLE,
      memberships: ['s', 't'].map((member) => ({ member, of: 'h', from: '2026-01-01', to })),
      entries: [{ ...ENTRY, id: 'e', label: '好' }],
    });
    for (const last of ['2026-12-30', '2026-12-31'])
      for (const formula of [{ sum: {} }, { mean_per_member: {} }])
        expect(await compare(inspected(formula, 'household'), METRIC, until(last), '2026', noon('2026-12-31'))).toBe(1);
  });

  it('for means over households of different sizes, which are compared as the fractions they are', async () => {
    const sizes = [1, 2, 3, 4];
    const homes = sizes.map((size) => ({ id: `h${size}`, kind: 'household' as const, place: 'p' }));
    const memberships = sizes.flatMap((size) =>
      Array.from({ length: size }, (_, at) => ({ member: `h${size}-${at}`, of: `h${size}`, from: '2026-01-01' })),
    );
    // 3, 3/2, 4/3 and 5/4 points a head: not in the order of the totals.
    const entries = [3, 3, 4, 5].flatMap((points, at) =>
      Array.from({ length: points }, (_, n) => ({ ...ENTRY, id: `e${at}${n}`, subject: `h${at + 1}-0` })),
    );
    const scope = 'scheme' as const;
    const relatives: readonly object[] = [
      { vs: 'mean', op: 'gt', scope },
      { vs: 'median', op: 'ge', scope },
      { vs: 'rank', value: 2, scope },
    ];
    const rules = {
      ...oneRule({ flat: { points: 1 } }, { mean_per_member: {} }, 'household'),
      gradings: relatives.map((how, at) => {
        return { id: `g${at}`, source: 'ASSUMED', relative: { metric: METRIC, code: '+', ...how } } as Grading;
      }),
    };
    const people = { subjects: homes, memberships, entries };
    expect(await compare(rules, METRIC, people, '2026', noon('2026-12-31'))).toBe(4);
  });

  it('in 64 bits where 32 would not do, and refuses what even these do not hold', async () => {
    const rules = (points: number): Rules =>
      oneRule({ per_unit: { unit: '元', n: 1, points, remainder: 'drop' } }, { sum: {} }, 'person');
    const large = { ...ENTRY, quantity: 2_000_000_000 };
    const people = { ...PEOPLE, entries: ['e', 'f'].map((id) => ({ ...large, id })) };
    for (const points of [1, 2, 1_000_000])
      expect(await compare(rules(points), METRIC, people, '2026', noon('2026-12-31'))).toBe(2);
    const time = { window: periodDays('2026')!, cutOff: noon('2026-12-31') };
    const tooLarge = rules(Number.MAX_SAFE_INTEGER);
    await expect(query(client, tooLarge, METRIC, people, time)).rejects.toMatchObject({ code: '22003' });
    expect(() => assessMetric(tooLarge, METRIC, people, time)).toThrow(RangeError);
  });

  it.each(documents().map((document) => [document.id, document] as const))('for %s', async (_, document) => {
    const labels = document.rules.flatMap(({ formula }) => ('label' in formula ? Object.keys(formula.label) : []));
    const rules = document.rules.map(({ id }) => id);
    const people = drawnPopulation(document.subject_kinds, rules, ['好', ...labels]);
    for (const { id } of document.metrics)
      await fc.assert(
        fc.asyncProperty(people, period, cutOff, async (drawn, name, now) => {
          await compare(document, id, drawn, name, now);
        }),
        { numRuns: 25 },
      );
  });
});

const ENTRY = {
  subject: 's',
  rule: 'r',
  quantity: 1,
  occurredOn: '2026-05-01',
  recordedAt: 0,
  state: 'effective',
} as const;

const PEOPLE: Population = {
  subjects: [
    { id: 's', kind: 'person', place: 'p' },
    { id: 't', kind: 'person', place: 'p' },
    { id: 'h', kind: 'household', place: 'p' },
  ],
  memberships: [],
  entries: [],
};

function oneRule(formula: RuleFormula, figure: Metric['formula'], over: SubjectKind): Rules {
  const rule = { id: 'r', category: 'c', label_zh: '例', subject_kind: over, formula, source: 'ASSUMED' };
  const metric = { id: METRIC, over, formula: figure, window: 'year' as const, source: 'ASSUMED' };
  return { rules: [rule], metrics: [metric], gradings: [] };
}

function inspected(figure: Metric['formula'], over: SubjectKind): Rules {
  return oneRule({ label: { 好: 10, 差: 0 } }, figure, over);
}

/** Every document of `config/schemes`, with what it inherits. */
function documents(): readonly SchemeDocument[] {
  const written = readdirSync('config/schemes', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(`config/schemes/${file}`, 'utf8')) as WrittenScheme);
  return written.map((document) => {
    const resolved = resolveScheme(document, written);
    if (!resolved.ok) throw new Error(`${document.id} does not resolve`);
    return resolved.value;
  });
}

/** The relations come as one JSON document, so that a run is one statement. */
async function query(
  client: Client,
  rules: Rules,
  metric: string,
  people: Population,
  time: AssessmentTime,
): Promise<readonly Assessed[]> {
  const relations = {
    subjects: `(SELECT * FROM jsonb_to_recordset($1::jsonb -> 'subjects') AS subject (id text, kind text, place text))`,
    memberships: `(SELECT member AS member_id, "of" AS of_id, "from" AS from_day, "to" AS to_day
      FROM jsonb_to_recordset($1::jsonb -> 'memberships')
        AS membership (member text, "of" text, "from" date, "to" date))`,
    entries: `(SELECT id, subject AS subject_id, rule AS rule_id, quantity, label, "occurredOn" AS occurred_on,
        to_timestamp("recordedAt") AS recorded_at, state
      FROM jsonb_to_recordset($1::jsonb -> 'entries') AS entry (id text, subject text, rule text, quantity integer,
        label text, "occurredOn" date, "recordedAt" bigint, state text))`,
    spending: `(SELECT subject AS subject_id, points, "occurredOn" AS occurred_on, to_timestamp("recordedAt") AS recorded_at
      FROM jsonb_to_recordset($1::jsonb -> 'spending') AS posting (subject text, points bigint, "occurredOn" date, "recordedAt" bigint))`,
  };
  const { text, values, gradings } = compileMetric(rules, metric, time, relations, 1);
  const { rows } = await client.query<AnsweredRow>(text, [JSON.stringify(people), ...values]);
  const answered = new Map(rows.map((row) => [row.subject_id, asAssessed(row, gradings)]));
  expect(answered.size).toBe(rows.length);
  return people.subjects.flatMap(({ id }) => answered.get(id) ?? []);
}

interface AnsweredRow {
  readonly subject_id: string;
  /** bigint, as text. */
  readonly num: string | null;
  readonly den: string | null;
  readonly label: string | null;
  readonly grades: readonly (string | null)[];
}

function asAssessed(
  { subject_id: subject, num, den, label, grades }: AnsweredRow,
  gradings: readonly string[],
): Assessed {
  const value = label === null ? num !== null && { num: Number(num), den: Number(den) } : { label };
  return {
    subject,
    ...(value && { value }),
    grades: Object.fromEntries(gradings.flatMap((id, at) => codeOf(id, grades[at] ?? null))),
  };
}

function codeOf(grading: string, code: string | null): readonly (readonly [string, string])[] {
  return code === null ? [] : [[grading, code]];
}
