import { byDayThenId, rulePoints, ruleTerm, type SchemeRule, type ScoredEntry } from '#libs/scheme';

/** An entry as far as points are concerned, with the version of its scheme that it was recorded under. */
export interface PointsEntry extends ScoredEntry {
  readonly scheme: string;
  readonly version: number;
}

/** Finds the rule of an entry, in the version it was recorded under. */
export type RuleOf = (entry: Pick<PointsEntry, 'scheme' | 'version' | 'rule'>) => SchemeRule;

/**
 * Entries whose points make one total: of one subject, rule and version, in one calendar year. A cap or remainder that runs
 * over the assessed period runs over the year here; the points of each version are its own.
 */
export function totalKey({ subject, scheme, version, rule, occurredOn }: PointsEntry): string {
  return [subject, scheme, version, rule, occurredOn.slice(0, 4)].join('\n');
}

/** What each entry adds to its total, when they are added in the order in which they happened; all of them count. */
export function pointsByEntry(entries: readonly PointsEntry[], ruleOf: RuleOf): ReadonlyMap<string, number> {
  return new Map(
    [...grouped(entries).values()].flatMap((total) =>
      differences([], total, ruleOf).map(({ id, points }) => [id, points]),
    ),
  );
}

/** What all entries make together; all of them count. */
export function pointsOf(entries: readonly PointsEntry[], ruleOf: RuleOf): number {
  return [...grouped(entries).values()].reduce(
    (sum, total) => sum + (total[0] ? rulePoints(ruleTerm(ruleOf(total[0])), total) : 0),
    0,
  );
}

/**
 * What each change adds to its total, taken one after the other.
 * @param counting the entries that count afterwards, of all totals that change
 * @param changes entries that have begun to count, or no longer do
 */
export function differencesOf(
  counting: readonly PointsEntry[],
  changes: readonly PointsEntry[],
  ruleOf: RuleOf,
): readonly { readonly id: string; readonly points: number }[] {
  const after = grouped(counting);
  return [...grouped(changes)].flatMap(([key, changed]) => {
    const now = after.get(key) ?? [];
    const isNew = ({ id }: PointsEntry): boolean => now.some((entry) => entry.id === id);
    const ids = new Set(changed.map(({ id }) => id));
    const gone = changed.filter((entry) => !isNew(entry));
    const before = [...now.filter(({ id }) => !ids.has(id)), ...gone];
    return differences(before, changed, ruleOf);
  });
}

/** Adds each changed entry that is not among those before, and takes away each that is. */
function differences(
  before: readonly PointsEntry[],
  changed: readonly PointsEntry[],
  ruleOf: RuleOf,
): readonly { readonly id: string; readonly points: number }[] {
  const [first] = changed;
  if (first === undefined) return [];
  const term = ruleTerm(ruleOf(first));
  // Without cap or remainder each entry's points are its own, however many there are beside it.
  if (term.total.op === 'sum') {
    const gone = new Set(before.map(({ id }) => id));
    return changed.map((entry) => ({
      id: entry.id,
      points: rulePoints(term, [entry]) * (gone.has(entry.id) ? -1 : 1),
    }));
  }
  let standing = before;
  let total = rulePoints(term, standing);
  return changed.toSorted(byDayThenId).map((entry) => {
    const others = standing.filter(({ id }) => id !== entry.id);
    standing = others.length === standing.length ? [...others, entry] : others;
    const last = total;
    total = rulePoints(term, standing);
    return { id: entry.id, points: total - last };
  });
}

function grouped(entries: readonly PointsEntry[]): ReadonlyMap<string, PointsEntry[]> {
  const groups = new Map<string, PointsEntry[]>();
  for (const entry of entries) {
    const key = totalKey(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}
