import 'reflect-metadata';
import { runMain } from '#libs/platform';
import { readFederationConfig } from './federation.config.js';
import { startFederation } from './start-federation.js';

await runMain('federation', async () => startFederation(readFederationConfig(process.env)));
