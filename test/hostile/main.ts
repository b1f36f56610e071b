import { TARGETS, type Target } from './recipe.js';
import { corpusFailures } from './run-corpus.js';

// Without a test runner, for the mutation run: exit code 1 at the first case that ends otherwise than its recipe says.
// The arguments name the targets to begin with.
const asked = process.argv.slice(2);
const first = TARGETS.filter((target: Target) => asked.includes(target));
for await (const { target, name, actual } of corpusFailures(first)) {
  process.stdout.write(`${target}: ${name}: ${actual}\n`);
  process.exit(1);
}
