import type { EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import type { SchemeDocument } from '#libs/scheme';
import { gradingName, heldGradeSql, reaches } from '../assessment/current-grade.js';
import { belongsSql } from '../subjects/belongs-sql.js';
import { badgeGradings } from './badge-words.js';

interface BadgeRow {
  readonly attestation: string;
  readonly resident: string;
  readonly grade: string;
  readonly belongs: boolean;
}

/**
 * The live badges of a scheme whose grade is no longer what they say, or whose holder has left the household they speak of.
 * @param at Unix seconds
 * @param releasing the run that is about to be released, or `null`
 */
export async function outdatedBadges(
  manager: EntityManager,
  document: SchemeDocument,
  { at, releasing }: { readonly at: number; readonly releasing: string | null },
): Promise<readonly Pick<BadgeRow, 'attestation' | 'resident'>[]> {
  const outdated: BadgeRow[] = [];
  for (const grading of badgeGradings(document)) {
    const { scheme, metric } = gradingName(document, grading);
    const names = { subject: 'attestation.badge_subject', day: '$1::date', releasing: '$2::uuid' };
    const held = heldGradeSql({ ...names, scheme: '$3::text', metric: '$4::text', grading: '$5::text' });
    const rows = await manager.query<readonly BadgeRow[]>(
      `SELECT attestation.id AS attestation, resident_id AS resident, coalesce(latest.grade, '') AS grade,
        resident_id = badge_subject OR ${belongsSql({ member: 'resident_id', of: 'badge_subject', day: '$1::date' })} AS belongs
      FROM attestation LEFT JOIN LATERAL (${held}) AS latest ON true
      WHERE badge_scheme = $3 AND badge_grading = $5 AND revoked_at IS NULL AND exp > to_timestamp($6)`,
      [shanghaiDay(at), releasing, scheme, metric, grading.id, at],
    );
    outdated.push(...rows.filter(({ grade, belongs }) => !belongs || !reaches(grading, grade, grading.badge.at_least)));
  }
  return outdated;
}
