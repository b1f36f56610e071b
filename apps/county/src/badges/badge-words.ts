import type { BadgeSubject } from '#libs/attestation';
import type { Grading, SchemeBasis, SchemeDocument, SubjectKind } from '#libs/scheme';

/** A grading of which badges are given. */
export type BadgeGrading = Grading & { readonly badge: NonNullable<Grading['badge']> };

/** What a result rests on, in words that nobody takes for a letter. */
const BASIS: Readonly<Record<SchemeBasis, string>> = {
  graded: '评级结果',
  eligibility: '积分达标',
  relative: '高于平均名单',
  inspection: '入户评比',
  points: '积分',
  lender: '授信',
  internal: '内部考核',
};

/** The gradings of a scheme that its badges speak of; none where it gives no badges. */
export function badgeGradings({ export: leaves, gradings }: SchemeDocument): readonly BadgeGrading[] {
  return leaves === 'badge' ? gradings.filter((grading): grading is BadgeGrading => grading.badge !== undefined) : [];
}

/**
 * What a badge says, all in words (docs/wire.md): no letter, no number but the period's, nobody's name. One that rests on a
 * household says so and names no member.
 * @param place the name of the place whose result it is
 */
export function badgeWords(
  { basis }: SchemeDocument,
  { badge }: BadgeGrading,
  { kind, place, period }: { readonly kind: SubjectKind; readonly place: string; readonly period: string },
): BadgeSubject {
  return {
    what: badge.label_zh,
    place,
    period,
    basis: kind === 'household' ? `${BASIS[basis]}（家庭）` : BASIS[basis],
  };
}

/** Whether a result says something of the subject's own place only: it was compared with its neighbours. */
export function isOfOwnPlace(grading: Grading): boolean {
  return 'relative' in grading && grading.relative.scope === 'place';
}
