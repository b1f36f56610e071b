import { addDays } from '#libs/calendar';
import type { WrittenScheme } from '#libs/scheme';

/** A document with one number or operator changed. */
export interface Mutant {
  /** JSON Pointer to what was changed, and what it became. */
  readonly path: string;
  readonly change: string;
  readonly document: WrittenScheme;
}

/** What says who, where from and what it is called; a reference to another document is a name too. */
const NAMES: ReadonlySet<string> = new Set(
  'source sources adopted_by id version name_zh name_en label_zh operator parent place provider kind level overridable subject_kinds accept_by schemes'.split(
    ' ',
  ),
);

/** Each operator with what it becomes: its neighbour. */
const OPERATORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  op: { gt: 'ge', ge: 'gt' },
  remainder: { carry: 'drop', drop: 'carry' },
  per: { event: 'month', day: 'month', month: 'quarter', quarter: 'month', year: 'quarter', period: 'month' },
  window: { event: 'month', month: 'quarter', quarter: 'month', year: 'quarter', all: 'year' },
  cadence: { any_time: 'quarter', event: 'any_time', month: 'quarter', quarter: 'month', year: 'quarter' },
  vs: { mean: 'median', median: 'mean', rank: 'percentile', percentile: 'rank' },
  scope: { group: 'place', place: 'scheme', scheme: 'place' },
  balance: { separate: 'none', single: 'separate', none: 'separate' },
};
/** Lists of operators: each is exchanged for one that does not stand there. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  declare_by: ['collector', 'manager', 'verifier', 'resident'],
  evidence: ['photo', 'door_scan', 'sheet', 'document'],
  inflows: ['collective', 'sponsor', 'donation', 'award'],
  credits: ['household', 'parents'],
  shared: ['activities', 'scenes', 'prices'],
};
type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

interface Change {
  readonly path: readonly string[];
  readonly to: Json;
  readonly change: string;
}

/** Every number, day, operator, switch and order of a document, each changed once. */
export function mutantsOf(document: WrittenScheme): readonly Mutant[] {
  const json = JSON.parse(JSON.stringify(document)) as Json;
  const grades = gradesBelow(document);
  return [...changesIn(json, [], '', grades)].map(({ path, to, change }) => ({
    path: `/${path.join('/')}`,
    change,
    document: changed(json, path, to) as object as WrittenScheme,
  }));
}

function* changesIn(value: Json, path: readonly string[], name: string, grades: Neighbours): Generator<Change> {
  const to = (next: Json): Change => ({ path, to: next, change: `${JSON.stringify(value)} → ${JSON.stringify(next)}` });
  if (typeof value === 'number') yield to(value + 1);
  else if (typeof value === 'boolean') yield to(!value);
  else if (typeof value === 'string') {
    const next = operatorFor(value, path, name) ?? (GRADES.has(name) ? grades.get(value) : undefined);
    if (next !== undefined) yield to(next);
  } else if (isList(value)) {
    if (name === 'order') yield to([value[1] ?? null, value[0] ?? null, ...value.slice(2)]);
    const others = LISTS[name]?.filter((each) => !value.includes(each)) ?? [];
    if (Object.hasOwn(LISTS, name))
      for (const at of value.keys()) {
        const [other] = others;
        // All of them stand there already: one fewer.
        yield to(other === undefined ? value.toSpliced(at, 1) : value.with(at, other));
      }
    else for (const [at, member] of value.entries()) yield* changesIn(member, [...path, String(at)], '', grades);
  } else if (value !== null)
    for (const [member, inner] of Object.entries(value))
      if (!NAMES.has(member) && !(member === 'remainder' && isOfOne(value)))
        yield* changesIn(inner, [...path, member], member, grades);
}

function operatorFor(value: string, path: readonly string[], name: string): string | undefined {
  if (path.at(-2) === 'valid') return addDays(value, 1);
  // A surface hangs in a village or in any place; what a grading compares within is another matter.
  if (name === 'scope' && path[0] === 'publicity') return value === 'group' ? 'place' : 'group';
  if (name === 'rate_percent') return (Number(value) + 0.01).toFixed(2);
  return OPERATORS[name]?.[value];
}

const GRADES: ReadonlySet<string> = new Set(['at_least', 'positive_floor']);
type Neighbours = ReadonlyMap<string, string>;

/** Each grade with the next lower one, the lowest with the next higher. */
function gradesBelow({ gradings = [] }: WrittenScheme): Neighbours {
  const orders = gradings.map((grading) => {
    if ('bands' in grading) return grading.bands.rows.map(({ code }) => code);
    if ('labels' in grading) return grading.labels.order;
    return 'imported' in grading ? grading.imported.order : [];
  });
  return new Map(
    orders.flatMap((order) =>
      order.map((code, at): [string, string] => [code, order[at + 1] ?? order[at - 1] ?? code]),
    ),
  );
}

/** Where every unit gives points, nothing is ever left over: what becomes of it says nothing. */
function isOfOne(perUnit: Json): boolean {
  return perUnit !== null && typeof perUnit === 'object' && !isList(perUnit) && perUnit['n'] === 1;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function changed(value: Json, [member, ...inner]: readonly string[], to: Json): Json {
  if (member === undefined) return to;
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.with(Number(member), changed(value[Number(member)] ?? null, inner, to));
  return { ...value, [member]: changed(value[member] ?? null, inner, to) };
}
