export { Assessments } from './assessment/assessments.service.js';
export type { CountyConfig } from './county.config.js';
export { CountyModule } from './county.module.js';
export { Ledger } from './ledger/ledger.service.js';
export { CountySchemes } from './schemes/county-schemes.js';
export { startCounty, type RunningCounty } from './start-county.js';
