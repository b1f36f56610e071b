/** The builders without the test runner, for the bench. */
export { generateTestKey } from './alliance-keys.js';
export { smCrypto } from './sm-crypto-port.js';
export {
  buildAlliance,
  type AllianceKeys,
  type AlliancePlan,
  type BuiltAlliance,
  type BundleChange,
  type TestKey,
} from './alliance-builder.js';
export { largeAlliance, NATIONAL, type AllianceSize } from './large-alliance-plan.js';
export { COUNTY, HOST, SPOT_AND_SHOP } from './spot-and-shop.js';
export { SMALL_ALLIANCE } from './small-alliance-plan.js';
export {
  flipSignature,
  issueProof,
  printCard,
  statusListOf,
  vouch,
  type IssuedProof,
  type OtherPlan,
  type ProofPlan,
} from './visit-builder.js';
export {
  buildVisitWorld,
  VISIT_FEDERATION,
  type Showing,
  type Visit,
  type Visiting,
  type VisitWorld,
} from './visit.js';
