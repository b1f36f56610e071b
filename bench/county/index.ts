import type { Bench } from '../measure.js';
import { type AssessmentFigures, assessmentFigures } from './assessment.js';
import { ledgerAppend } from './ledger-append.js';

const figure = (name: keyof AssessmentFigures) => async (): Promise<number> => (await assessmentFigures())[name];

/** Ratios of a county's ledger and assessment against the raw work that cannot be avoided; the load alone is minutes. */
export const COUNTY: readonly Bench[] = [
  { name: 'ledger/append', target: 0.4, better: 'higher', ratio: ledgerAppend },
  { name: 'assess/load-minutes', target: 5, better: 'lower', ratio: figure('loadMinutes') },
  { name: 'assess/sql', target: 2, better: 'lower', ratio: figure('againstSql') },
  { name: 'assess/growth', target: 1.2, better: 'lower', ratio: figure('growth') },
  { name: 'assess/memory', target: 1.2, better: 'lower', ratio: figure('memory') },
];
