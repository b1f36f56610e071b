export {
  buildAlliance,
  buildVisitWorld,
  COUNTY,
  flipSignature,
  generateTestKey,
  HOST,
  issueProof,
  printCard,
  SMALL_ALLIANCE,
  smCrypto,
  SPOT_AND_SHOP,
  statusListOf,
  VISIT_FEDERATION,
  vouch,
  type AllianceKeys,
  type AlliancePlan,
  type BuiltAlliance,
  type BundleChange,
  type IssuedProof,
  type ProofPlan,
  type Showing,
  type TestKey,
  type Visit,
  type Visiting,
  type VisitWorld,
} from './alliance.js';
export { describeWithNats, type NatsForTests } from './describe-with-nats.js';
export { readEnvFile } from './env-file.js';
export { fixedClock, type FixedClock } from './fixed-clock.js';
export { describeWithVectors, type PublicVectors } from './public-vectors.js';
export { testDatabase, type Template, type TestDatabase } from './test-database.js';
export { waitFor, type Patience } from './wait-for.js';
