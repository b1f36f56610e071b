export { bandAtLeast, BANDS, isBand, type Band } from './bands.js';
export { diffTables, isNarrowing, type GradeChange } from './diff-tables.js';
export { bandOf, type EquivalenceTable } from './equivalence-table.js';
export { lintTable, type TableFault, type TableFaultCode, type TableSubmission } from './lint-table.js';
export {
  newestStarted,
  tableInEffect,
  tablesInEffectWithin,
  type TableLookUp,
  type TableVersion,
} from './table-in-effect.js';
export { weakestSufficientGrade } from './weakest-sufficient-grade.js';
