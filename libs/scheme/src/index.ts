export { checkScheme } from './check-scheme.js';
export {
  explainFinding,
  type SchemeFault,
  type SchemeFaultCode,
  type SchemeWarning,
  type SchemeWarningCode,
} from './check/fault-texts.js';
export { countsHours } from './counts-hours.js';
export {
  exportedGrading,
  gradesOf,
  metricOf,
  positiveGradesUpTo,
  scoreBands,
  subjectOf,
  type ExportedGrading,
  type GradeLadder,
  type ScoreBands,
} from './exported-grading.js';
export { FORBIDDEN_SUBJECTS, forbiddenSubjectOf, type ForbiddenSubject } from './forbidden-subjects.js';
export { assessMetric, type Assessed, type AssessedSubject } from './formula/assess-metric.js';
export { compileMetric, type CompiledMetric } from './formula/compile-metric.js';
export type { SqlRelations } from './formula/compile-points.js';
export {
  byDayThenId,
  evaluateMetric,
  rulePoints,
  type AssessmentTime,
  type EntryState,
  type Facts,
  type Membership,
  type MetricValue,
  type ScoredEntry,
  type Spending,
} from './formula/evaluate.js';
export { explainMetric, type ExplainedPoints } from './formula/explain.js';
export { gradeOfValue } from './formula/grade.js';
export { metricTerm } from './formula/metric-term.js';
export { monthsAfter, periodDays, windowDays, type Days } from './formula/period.js';
export { ruleTerm } from './formula/rule-term.js';
export type { SqlValue } from './formula/sql-parameters.js';
export { resolveScheme, type ResolvedScheme } from './resolve-scheme.js';
export { schemeDeclaration, type SchemeDeclaration } from './scheme-declaration.js';
export type {
  ActivityKind,
  Area,
  BandRow,
  Benefit,
  BracketRow,
  Cadence,
  CatalogueItem,
  Fund,
  Grading,
  LadderStep,
  Metric,
  PlaceLevel,
  Publicity,
  Redemption,
  RuleCap,
  RuleFormula,
  RuleValidity,
  RuleWorkflow,
  SchemeBasis,
  SchemeDocument,
  SchemeKind,
  SchemePart,
  SchemeReference,
  SchemeRule,
  SubjectKind,
  WrittenScheme,
} from './scheme-document.js';
export { catalogueDigest, schemeFingerprint } from './scheme-fingerprint.js';
export { schemeWarnings } from './scheme-warnings.js';
export { writtenPlace, type WrittenPlace } from './written-place.js';
