export { assess, type AssessableEntry, type AssessmentLine, type AssessmentResult, type EntryState } from './assess.js';
export { checkScheme, type SchemeFault, type SchemeFaultCode } from './check-scheme.js';
export { FORBIDDEN_SUBJECTS, forbiddenSubjectOf, type ForbiddenSubject } from './forbidden-subjects.js';
export { gradeOf, positiveGradesUpTo, type GradeLadder } from './grade-of.js';
export { schemeDeclaration, type SchemeDeclaration } from './scheme-declaration.js';
export type {
  Assessment,
  BandRow,
  Grading,
  PlaceLevel,
  RuleCap,
  RuleFormula,
  RuleValidity,
  SchemeBasis,
  SchemeDocument,
  SchemeKind,
  SchemeRule,
  SubjectKind,
} from './scheme-document.js';
export { catalogueDigest, schemeFingerprint } from './scheme-fingerprint.js';
