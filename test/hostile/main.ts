import { runCorpus } from './run-corpus.js';

// Without a test runner, for the mutation run: exit code 1 when any case ends otherwise than its recipe says.
const failures = await runCorpus();
for (const { target, name, expected, actual } of failures)
  process.stdout.write(`${target}: ${name}: ${actual}, not ${expected}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
