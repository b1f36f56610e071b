import 'reflect-metadata';
import { runMain } from '#libs/platform';
import { readCountyConfig } from './county.config.js';
import { startCounty } from './start-county.js';

await runMain('county', async () => startCounty(readCountyConfig(process.env)));
