import type { SubjectKind } from '#libs/scheme';

/** `child_of` ties a person to a parent: some rules credit parents too. */
export type Relation = 'member_of' | 'child_of';

/** Days are `YYYY-MM-DD`, Asia/Shanghai, both included; `toDay` is null while it lasts. */
export interface Span {
  readonly fromDay: string;
  readonly toDay: string | null;
}

export interface Membership extends Span {
  readonly relation: Relation;
  readonly member: string;
  readonly of: string;
}

const MEMBER_OF: { readonly [Kind in SubjectKind]?: readonly SubjectKind[] } = {
  person: ['household', 'building', 'group', 'post', 'enterprise'],
  household: ['building', 'group'],
};

/** A person has at most two parents on any day; adoptive ones replace the others from a day on. */
const MOST_PARENTS = 2;

/** Whether subjects of these kinds may be related so. */
export function maySubjectsRelate(relation: Relation, member: SubjectKind, of: SubjectKind): boolean {
  if (relation === 'child_of') return member === 'person' && of === 'person';
  return MEMBER_OF[member]?.includes(of) ?? false;
}

export function overlaps(one: Span, other: Span): boolean {
  return startsBeforeEnd(one, other) && startsBeforeEnd(other, one);
}

/**
 * Whether a membership cannot stand beside those its member has: twice in the same at one time, in two households at one
 * time, or with more than two parents.
 * @param kindOf the kind of every subject named
 */
export function collides(
  wanted: Membership,
  others: readonly Membership[],
  kindOf: (subject: string) => SubjectKind | undefined,
): boolean {
  const atOnce = others.filter(
    (other) => other.member === wanted.member && other.relation === wanted.relation && overlaps(other, wanted),
  );
  if (atOnce.some(({ of }) => of === wanted.of)) return true;
  if (wanted.relation === 'child_of') return atOnce.length >= MOST_PARENTS;
  const isHousehold = kindOf(wanted.of) === 'household';
  return isHousehold && atOnce.some(({ of }) => kindOf(of) === 'household');
}

/** Spans as few as they can be written: those that overlap become one. In order of their first days. */
export function united(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((one, other) => (one.fromDay < other.fromDay ? -1 : 1))) {
    const last = result.at(-1);
    if (last === undefined || !overlaps(last, span)) result.push({ fromDay: span.fromDay, toDay: span.toDay });
    else result[result.length - 1] = { fromDay: last.fromDay, toDay: laterEnd(last.toDay, span.toDay) };
  }
  return result;
}

function startsBeforeEnd({ fromDay }: Span, { toDay }: Span): boolean {
  return toDay === null || fromDay <= toDay;
}

function laterEnd(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return null;
  return one > other ? one : other;
}
