import { ATTESTATION_CHECKS } from './attestation-checks.js';
import type { Check } from './check.js';
import { FRESHNESS_CHECKS } from './freshness-checks.js';
import { OFFER_CHECKS } from './offer-checks.js';
import { PRESENTATION_CHECKS } from './presentation-checks.js';
import { RECOGNITION_CHECKS } from './recognition-checks.js';
import { USE_CHECKS } from './use-checks.js';

/** What is decided before anything is presented: the offer itself, and what this gate holds. */
export const OFFER_AND_GATE_CHECKS: readonly Check[] = [...OFFER_CHECKS, ...FRESHNESS_CHECKS];

/** The whole pipeline, in the order of the verdicts it can give. */
export const CHECKS: readonly Check[] = [
  ...OFFER_AND_GATE_CHECKS,
  ...PRESENTATION_CHECKS,
  ...ATTESTATION_CHECKS,
  ...RECOGNITION_CHECKS,
  ...USE_CHECKS,
];
