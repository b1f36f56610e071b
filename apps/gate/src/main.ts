import 'reflect-metadata';
import { runMain } from '#libs/platform';
import { readGateConfig } from './gate.config.js';
import { startGate } from './start-gate.js';

await runMain('gate', async () => startGate(readGateConfig(process.env)));
