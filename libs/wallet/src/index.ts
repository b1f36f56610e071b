export { presentAttestation, type Answer } from './answer.js';
export { chooseThreshold } from './choose-threshold.js';
export { drawCode } from './draw-code.js';
export {
  findAttestation,
  holdAttestation,
  isIssuedBy,
  keepAttestation,
  type HeldAttestation,
  type HoldFault,
  type Wallet,
} from './held-attestation.js';
