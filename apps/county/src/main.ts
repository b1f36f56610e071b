import { loadConfig, runMain } from '#libs/platform';
import { countyEnvironment } from './county.config.js';
import { startCounty } from './start-county.js';

await runMain('county', () => startCounty(loadConfig(countyEnvironment, process.env)));
