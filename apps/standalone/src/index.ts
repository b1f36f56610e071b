export { ApiProblem } from './api.js';
export { openSample, type OpenSample } from './open-sample.js';
export { freshReference, now, type HeldProof } from './visits/phone.js';
export { draw, proofOf, reissued, undeclaredProof } from './visits/scanned-visits.js';
export { buy, scan, thresholdFor, untilTrusted, type SampleWorld, type VerdictAnswer } from './visits/world.js';
