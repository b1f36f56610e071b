export { generateTestKey } from './alliance-keys.js';
export { SMALL_ALLIANCE } from './small-alliance-plan.js';
export {
  buildAlliance,
  type AllianceKeys,
  type AlliancePlan,
  type BuiltAlliance,
  type BundleChange,
  type TestKey,
} from './alliance-builder.js';
export { describeWithNats, type NatsForTests } from './describe-with-nats.js';
export { fixedClock, type FixedClock } from './fixed-clock.js';
export { describeWithVectors, type PublicVectors } from './public-vectors.js';
export { testDatabase, type Template, type TestDatabase } from './test-database.js';
export { flipSignature, issueProof, statusListOf, type IssuedProof, type ProofPlan } from './visit-builder.js';
export { waitFor, type Patience } from './wait-for.js';
