export type { FederationConfig } from './federation.config.js';
export { FederationModule } from './federation.module.js';
export { startFederation, type RunningFederation } from './start-federation.js';
