import type { Bench } from '../measure.js';
import { issueFloor } from './issue.js';
import { statusDecode } from './status.js';
import { verifyFloor } from './verify.js';

/** Ratios of the cryptographic core against the raw work that it cannot avoid. */
export const CORE: readonly Bench[] = [
  { name: 'verify/floor', target: 0.85, better: 'higher', ratio: verifyFloor },
  { name: 'issue/floor', target: 0.45, better: 'higher', ratio: issueFloor },
  { name: 'status/decode', target: 2, better: 'lower', ratio: statusDecode },
];
