import { coreBench } from './core.js';
import type { Measure } from './measure.js';

const AREAS: Readonly<Record<string, () => Promise<readonly Measure[]>>> = { core: coreBench };

const args = process.argv.slice(2);
const isJson = args.at(-1) === '--json';
const asked = isJson ? args.slice(0, -1) : args;
const unknown = asked.filter((area) => !Object.hasOwn(AREAS, area));
if (unknown.length > 0) {
  process.stderr.write(`unknown area: ${unknown.join(', ')}; known: ${Object.keys(AREAS).join(', ')}\n`);
  process.exit(2);
}

const measures: Measure[] = [];
for (const [area, run] of Object.entries(AREAS)) {
  if (asked.length > 0 && !asked.includes(area)) continue;
  for (const measure of await run()) measures.push(measure);
}
for (const { name, ratio, target, better } of measures) {
  const isMet = better === 'higher' ? ratio >= target : ratio <= target;
  const sign = better === 'higher' ? '≥' : '≤';
  process.stdout.write(
    `${name.padEnd(18)} ${ratio.toFixed(3).padStart(8)}   ${sign} ${target}   ${isMet ? 'met' : 'falls short'}\n`,
  );
}
if (isJson) process.stdout.write(`${JSON.stringify(measures)}\n`);
