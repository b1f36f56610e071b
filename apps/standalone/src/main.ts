import 'reflect-metadata';
import { runMain } from '#libs/platform';
import { readCommandLine } from './command-line.js';
import { playVisits } from './visits/play-visits.js';
import { visitsJson, visitsTable } from './visits/print-visits.js';
import { isAsExpected } from './visits/visit.js';
import { readStandaloneConfig } from './standalone.config.js';
import { startStandalone } from './standalone.js';

await runMain('the sample alliance', async () => {
  const options = readCommandLine(process.argv.slice(2));
  const standalone = await startStandalone(readStandaloneConfig(process.env), options);
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  print(`${standalone.summary}\n`);
  const played = await playVisits(standalone.world);
  print(visitsTable(played));
  const differing = played.filter((visit) => !isAsExpected(visit));
  print(
    differing.length === 0
      ? `\nall ${played.length} visits as expected`
      : `\n${differing.length} of ${played.length} visits differ: ${differing.map(({ visit }) => visit.visit).join(', ')}`,
  );
  if (options.json) print(visitsJson(played));
  if (!options.once) {
    print('\nserving; stop with Ctrl-C');
    return standalone;
  }
  await standalone.close();
  process.exit(differing.length === 0 ? 0 : 1);
});
