import { loadConfig, runMain } from '#libs/platform';
import { federationEnvironment } from './federation.config.js';
import { startFederation } from './start-federation.js';

await runMain('federation', async () => startFederation(loadConfig(federationEnvironment, process.env)));
