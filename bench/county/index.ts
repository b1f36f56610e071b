import type { Bench } from '../measure.js';
import { ledgerAppend } from './ledger-append.js';

/** Ratios of a county's ledger against the raw work that it cannot avoid. */
export const COUNTY: readonly Bench[] = [{ name: 'ledger/append', target: 0.4, better: 'higher', ratio: ledgerAppend }];
