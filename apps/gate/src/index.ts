export type { GateConfig, GatePartner } from './gate.config.js';
export { GateModule } from './gate.module.js';
export { startGate, type RunningGate } from './start-gate.js';
