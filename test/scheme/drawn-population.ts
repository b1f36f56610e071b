import fc from 'fast-check';
import type { AssessedSubject, Facts, Membership, ScoredEntry, SubjectKind } from '#libs/scheme';

export type Population = Facts & { readonly subjects: readonly AssessedSubject[] };

const FIRST_DAY = Date.parse('2025-09-20');
const DAY_MS = 86_400_000;

/** Noon of a day in Shanghai, Unix seconds. */
export function noon(day: string): number {
  return Date.parse(`${day}T12:00:00+08:00`) / 1000;
}

/** Days on which validity, windows and memberships are often seen to end, of months of all lengths. */
export const MONTH_ENDS = ['2026-02-28', '2026-03-31', '2026-06-30', '2026-12-31'];

/** Any of some four hundred days, often one of the few in spring, so that entries meet in a day, a month, a quarter. */
export const drawnDay = fc
  .oneof(fc.nat(420), fc.integer({ min: 150, max: 195 }))
  .map((days) => new Date(FIRST_DAY + days * DAY_MS).toISOString().slice(0, 10));

/**
 * Six subjects of the kinds given in turn, who belongs to whom and when, and some seventy entries under the rules and
 * labels, in every state, also under a rule that the scheme does not have.
 */
export function drawnPopulation(
  kinds: readonly SubjectKind[],
  rules: readonly string[],
  labels: readonly string[],
): fc.Arbitrary<Population> {
  const ids = Array.from({ length: 6 }, (_, at) => `s${at}`);
  const id = fc.constantFrom(...ids);
  const kindOf = (at: number): SubjectKind => kinds[at % kinds.length]!;
  const wholes = ids.filter((_, at) => kindOf(at) !== 'person');
  const entry = fc.record(
    {
      subject: id,
      rule: fc.constantFrom(...rules, ...rules, ...rules, 'of another version'),
      quantity: fc.integer({ min: -5, max: 14 }),
      label: fc.constantFrom(...labels),
      occurredOn: drawnDay,
      daysLate: fc.constantFrom(0, 0, 0, 30, -30),
      state: fc.oneof(
        { arbitrary: fc.constant('effective' as const), weight: 4 },
        fc.constantFrom('upheld', 'declared', 'contested', 'reversed', 'expired'),
      ),
    },
    { requiredKeys: ['subject', 'rule', 'quantity', 'occurredOn', 'daysLate', 'state'] },
  );
  const spending = fc
    .array(
      fc.record({
        subject: id,
        points: fc.integer({ min: -9, max: 4 }),
        occurredOn: drawnDay,
        daysLate: fc.constantFrom(0, 0, 30),
      }),
      { maxLength: 12 },
    )
    .map((drawn) =>
      drawn.map(({ daysLate, ...posting }, at) => {
        const recordedAt = noon(posting.occurredOn) + daysLate * 86_400;
        return { ...posting, id: `~${at}`, cause: 'redemption', recordedAt };
      }),
    );
  return fc.record({
    spending,
    subjects: fc
      .array(fc.constantFrom('p', 'q'), { minLength: ids.length, maxLength: ids.length })
      .map((places) => ids.map((each, at) => ({ id: each, kind: kindOf(at), place: places[at]! }))),
    memberships: fc
      .array(
        fc.record({
          member: id,
          of: fc.constantFrom(...(wholes.length > 0 ? wholes : ids)),
          from: fc.oneof(drawnDay, fc.constant('2025-09-20')),
          last: fc.option(fc.oneof(drawnDay, fc.constantFrom(...MONTH_ENDS)), { freq: 2 }),
        }),
        { minLength: 8, maxLength: 16 },
      )
      .map(withoutOverlaps),
    entries: fc.array(entry, { minLength: 60, maxLength: 80 }).map((entries) =>
      entries.map(({ daysLate, ...drawn }, at): ScoredEntry => ({
        ...drawn,
        // Neither in the order of the list nor in that of the days.
        id: `e${(at * 7) % 83}`,
        recordedAt: noon(drawn.occurredOn) + daysLate * 86_400,
      })),
    ),
  });
}

type Stay = Omit<Membership, 'to'> & { readonly last: string | null };

function withoutOverlaps(drawn: readonly Stay[]): readonly Membership[] {
  const kept: Membership[] = [];
  for (const { member, of, from, last } of drawn) {
    const stay = { member, of, from, ...(last !== null && { to: last < from ? from : last }) };
    const overlaps = kept.some(
      (other) =>
        other.member === member && other.of === of && other.from <= (stay.to ?? '9') && from <= (other.to ?? '9'),
    );
    if (!overlaps && member !== of) kept.push(stay);
  }
  return kept;
}
