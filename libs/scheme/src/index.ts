export { assess, type AssessableEntry, type AssessmentLine, type AssessmentResult, type EntryState } from './assess.js';
export { checkScheme } from './check-scheme.js';
export {
  explainFinding,
  type SchemeFault,
  type SchemeFaultCode,
  type SchemeWarning,
  type SchemeWarningCode,
} from './check/fault-texts.js';
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
export { gradeOf } from './grade-of.js';
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
