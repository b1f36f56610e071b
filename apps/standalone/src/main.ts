import 'reflect-metadata';
import { runMain } from '#libs/platform/boot';
import { readCommandLine } from './command-line.js';
import { openMachine } from './machine/machine.js';
import { readStandaloneConfig } from './standalone.config.js';

await runMain('the sample alliance', async () => {
  const options = readCommandLine(process.argv.slice(2));
  const config = readStandaloneConfig(process.env);
  const loading = import('./standalone.js');
  // Nothing is forgotten for the sake of documents that turn out to be faulty.
  if (options.reset) await (await loading).loadSample(config);
  const [machine, { runStandalone }] = await Promise.all([openMachine(config, options.reset), loading]);
  return runStandalone(config, machine, options);
});
