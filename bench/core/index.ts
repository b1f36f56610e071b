import type { Bench } from '../measure.js';
import { bundleLoad, bundleNext } from './bundle.js';
import { issueFloor } from './issue.js';
import { noProofSpread } from './no-proof.js';
import { verifySdJwt } from './peer.js';
import { statusDecode } from './status.js';
import { verifyNational } from './verify-national.js';
import { verifyFloor } from './verify.js';
import { verifyWorkers } from './workers.js';

/** Ratios of the cryptographic core against the raw work that it cannot avoid. */
export const CORE: readonly Bench[] = [
  { name: 'verify/floor', target: 0.85, better: 'higher', ratio: verifyFloor },
  { name: 'verify/sd-jwt', target: 1.4, better: 'higher', ratio: verifySdJwt },
  { name: 'verify/workers', target: 0.9, better: 'higher', ratio: verifyWorkers },
  { name: 'verify/no-proof-spread', target: 1.05, better: 'lower', ratio: noProofSpread },
  { name: 'verify/national', target: 0.95, better: 'higher', ratio: verifyNational },
  { name: 'issue/floor', target: 0.45, better: 'higher', ratio: issueFloor },
  { name: 'status/decode', target: 2, better: 'lower', ratio: statusDecode },
  { name: 'bundle/load', target: 1.3, better: 'lower', ratio: bundleLoad },
  { name: 'bundle/next', target: 0.02, better: 'lower', ratio: bundleNext },
];
