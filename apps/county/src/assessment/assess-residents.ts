import { In, IsNull, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { GatewayError } from '#libs/platform';
import {
  assessMetric,
  type AssessmentTime,
  explainMetric,
  exportedGrading,
  type Metric,
  metricOf,
  metricTerm,
  periodDays,
  type SchemeDocument,
  type ScoredEntry,
  windowDays,
} from '#libs/scheme';
import { LedgerEntryEntity } from '../ledger/ledger-entry.entity.js';
import { ResidentEntity } from '../residents/resident.entity.js';
import type { AssessmentEntity } from './assessment.entity.js';

export type Result = Pick<AssessmentEntity, 'residentId' | 'base' | 'score' | 'grade' | 'lines'>;

const BATCH = 500;

/**
 * Assesses every resident by the metric of the scheme's exported grading, a batch at a time in the order of their ids, with
 * the residents of each batch locked until the transaction ends: nothing is issued to them by an older grade meanwhile.
 * @param when `cutOff` in Unix seconds
 * @throws GatewayError ASSESSMENT_YEAR_INVALID where the metric does not look at years
 */
export async function* assessResidents(
  manager: EntityManager,
  scheme: SchemeDocument,
  when: { readonly year: number; readonly cutOff: number },
): AsyncGenerator<readonly Result[]> {
  const assessment = scoreOf(scheme, when);
  for (let after: string | undefined; ;) {
    const ids = await lockBatch(manager, after);
    after = ids.at(-1);
    if (after === undefined) return;
    yield assessBatch(assessment, ids, await entriesOf(manager, ids, assessment));
  }
}

interface ScoreAssessment {
  readonly scheme: SchemeDocument;
  readonly metric: Metric;
  readonly grading: string;
  readonly time: AssessmentTime;
}

function scoreOf(
  scheme: SchemeDocument,
  { year, cutOff }: { readonly year: number; readonly cutOff: number },
): ScoreAssessment {
  const grading = exportedGrading(scheme)?.grading;
  if (grading === undefined || !('bands' in grading)) throw new RangeError('the scheme has no bands over a score');
  const metric = metricOf(scheme, grading);
  if (metric === undefined) throw new RangeError('the grading rests on no metric');
  const period = periodDays(String(year));
  const window = period && windowDays(metric.window, period, shanghaiDay(cutOff));
  if (window === undefined) throw new GatewayError('ASSESSMENT_YEAR_INVALID');
  return { scheme, metric, grading: grading.id, time: { window, cutOff } };
}

function assessBatch(
  { scheme, metric, grading, time }: ScoreAssessment,
  ids: readonly string[],
  entries: ReadonlyMap<string, readonly ScoredEntry[]>,
): readonly Result[] {
  const facts = { entries: [...entries.values()].flat(), memberships: [] };
  // Bands look at nobody else: a batch will do, wherever its residents live.
  const subjects = ids.map((id) => ({ id, kind: 'person' as const, place: '' }));
  const term = metricTerm(scheme, metric);
  return assessMetric(scheme, metric.id, { ...facts, subjects }, time).map(({ subject: residentId, value, grades }) => {
    const grade = grades[grading];
    if (grade === undefined || value === undefined || !('num' in value) || term.value !== 'number')
      throw new RangeError('the grading does not grade every score');
    const own = { entries: entries.get(residentId) ?? [], memberships: [] };
    const { base, lines } = explainMetric(term, residentId, own, time);
    const kept = lines.map(({ entry: entryId, rule: ruleId, points }) => ({ entryId, ruleId, points }));
    return { residentId, base, score: value.num, grade, lines: kept };
  });
}

async function lockBatch(manager: EntityManager, after: string | undefined): Promise<readonly string[]> {
  const query = manager
    .createQueryBuilder(ResidentEntity, 'resident')
    .select('resident.id')
    .orderBy('resident.id')
    .limit(BATCH)
    .setLock('for_no_key_update');
  const residents = await (after === undefined ? query : query.where('resident.id > :after', { after })).getMany();
  return residents.map(({ id }) => id);
}

/** The residents' entries of the window, and those that set a grade directly: these run on from earlier years. */
async function entriesOf(
  manager: EntityManager,
  residents: readonly string[],
  { scheme, time }: ScoreAssessment,
): Promise<ReadonlyMap<string, readonly ScoredEntry[]>> {
  const direct = scheme.rules.filter(({ formula }) => 'override' in formula).map(({ id }) => id);
  const entries = await manager
    .createQueryBuilder(LedgerEntryEntity, 'entry')
    .where({ subjectId: In(residents), schemeId: scheme.id, state: In(['effective', 'upheld']), reverses: IsNull() })
    .andWhere('(entry.occurredOn BETWEEN :from AND :to OR entry.ruleId = ANY(:direct))', { ...time.window, direct })
    .getMany();
  const byResident = new Map<string, ScoredEntry[]>();
  for (const { id, subjectId: subject, ruleId: rule, occurredOn, recordedAt, state, quantity, label } of entries) {
    const own = byResident.get(subject) ?? [];
    byResident.set(subject, own);
    const found = label === null ? {} : { label };
    own.push({ id, subject, rule, occurredOn, recordedAt, state, quantity, ...found });
  }
  return byResident;
}
