import { canonicalJson, encodeBase64url, type CryptoPort, type JsonObject, type JsonValue } from '#libs/jose-profile';
import { gradesOf, metricOf, subjectOf } from './exported-grading.js';
import type { Grading, Metric, RuleFormula, SchemeDocument, SchemeRule } from './scheme-document.js';

const FINGERPRINT_BYTES = 16;

/**
 * Names the part of a scheme version that makes a grade (design §4.1): basis, subject, metric with its base and window,
 * bands or labels, overrides, grade order, positive floor, and whether the score itself is spent; of the grading whose grades may leave the county, where there is
 * one, else of all. Two versions with equal fingerprints grade alike, so an equivalence table made for one holds for the
 * other; names, rules and sources do not enter.
 * @returns base64url of the first 16 bytes of SHA-256 over its canonical JSON (RFC 8785): 22 characters
 */
export async function schemeFingerprint(scheme: SchemeDocument, port: CryptoPort): Promise<string> {
  const digest = await port.sha256(canonicalJson(gradeMakingPart(scheme)));
  return encodeBase64url(digest.subarray(0, FINGERPRINT_BYTES));
}

/**
 * Names the rule catalogue of a scheme version: a change opens a review at the alliance but does not unmap (design §4.1).
 * Order of rules and their sources do not enter.
 * @returns base64url of SHA-256 over its canonical JSON: 43 characters
 */
export async function catalogueDigest(scheme: SchemeDocument, port: CryptoPort): Promise<string> {
  const rules = scheme.rules.toSorted((one, other) => (one.id < other.id ? -1 : 1)).map(catalogueEntry);
  return encodeBase64url(await port.sha256(canonicalJson(rules)));
}

function gradeMakingPart(scheme: SchemeDocument): JsonObject {
  const exported = scheme.gradings.filter(({ positive_floor: floor }) => floor !== undefined);
  const gradings = exported.length > 0 ? exported : scheme.gradings;
  return {
    basis: scheme.basis,
    gradings: gradings.map((grading) => gradingPart(scheme, grading)),
    overrides: overridesOf(scheme),
    // Left out where nothing is spent of a score, so that such schemes keep the name they had.
    ...(scheme.balance === 'single' && { balance: 'single' }),
  };
}

function gradingPart(scheme: SchemeDocument, grading: Grading): JsonObject {
  const metric = metricOf(scheme, grading);
  return {
    subject: subjectOf(scheme, grading),
    metric: metric && { formula: metricFormula(metric), window: windowOf(metric) },
    by: gradesBy(grading),
    gradeOrder: gradesOf(grading),
    positiveFloor: grading.positive_floor,
  };
}

/** Which rules count enters as their ids; what the rules say is the catalogue's matter. */
function metricFormula({ formula }: Metric): JsonObject {
  if ('last_label' in formula) return { last_label: formula.last_label.rule };
  if ('sum' in formula) return { sum: formula.sum.rules?.toSorted() ?? 'all' };
  if ('count' in formula) return { count: formula.count.rules?.toSorted() ?? 'all' };
  if ('mean_per_member' in formula) return { mean_per_member: formula.mean_per_member.rules?.toSorted() ?? 'all' };
  const { base, rules } = formula.base_plus_sum;
  return { base_plus_sum: rules?.toSorted() ?? 'all', base };
}

function windowOf({ window }: Metric): JsonValue {
  return typeof window === 'string' ? window : { rolling: window.rolling.months };
}

function gradesBy(grading: Grading): JsonObject {
  if ('bands' in grading) return { bands: grading.bands.rows.map(({ code, ge, lt }) => ({ code, ge, lt })) };
  if ('labels' in grading) return { labels: grading.labels.order };
  if ('imported' in grading) return { imported: grading.imported.order };
  const { metric: _, ...comparison } = 'predicate' in grading ? grading.predicate : grading.relative;
  return { compared: comparison };
}

/** What may be set directly, and for how long; once each, whatever rules set it. */
function overridesOf({ rules }: SchemeDocument): JsonValue {
  const set = rules.flatMap(({ formula }) =>
    'override' in formula ? [`${formula.override.grade} ${formula.override.months}`] : [],
  );
  return [...new Set(set)].toSorted();
}

function catalogueEntry({
  id,
  category,
  label_zh,
  subject_kind,
  formula,
  cap,
  validity,
  credits,
}: SchemeRule): JsonObject {
  return {
    id,
    category,
    label_zh,
    subject_kind,
    formula: formulaJson(formula),
    cap: cap && { per: cap.per, points: cap.points },
    validity: validity && { months: validity.months },
    credits,
  };
}

function formulaJson(formula: RuleFormula): JsonObject {
  if ('ladder' in formula) {
    const { measure, steps } = formula.ladder;
    return { ladder: { measure, steps: steps.map(({ at, points }) => ({ at, points })) } };
  }
  if ('bracket' in formula) {
    const { measure, rows } = formula.bracket;
    return { bracket: { measure, rows: rows.map(({ from, to, per, points }) => ({ from, to, per, points })) } };
  }
  return formula;
}
