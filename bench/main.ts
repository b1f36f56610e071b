import { CORE } from './core/index.js';
import { COUNTY } from './county/index.js';
import type { Bench, Measure } from './measure.js';

const AREAS: Readonly<Record<string, readonly Bench[]>> = { core: CORE, county: COUNTY };

/** `[AREA [PREFIX]] [--json]`: all areas without a name; a prefix takes only the measures whose name begins with it. */
const args = process.argv.slice(2);
const isJson = args.at(-1) === '--json';
const [area, prefix = ''] = isJson ? args.slice(0, -1) : args;
if (area !== undefined && !Object.hasOwn(AREAS, area)) {
  process.stderr.write(`unknown area: ${area}; known: ${Object.keys(AREAS).join(', ')}\n`);
  process.exit(2);
}

const measures: Measure[] = [];
for (const [name, benches] of Object.entries(AREAS))
  for (const bench of benches) {
    if ((area !== undefined && area !== name) || !bench.name.startsWith(prefix)) continue;
    const measure = { ...bench, ratio: await bench.ratio() };
    measures.push(measure);
    process.stdout.write(`${line(measure)}\n`);
  }
if (isJson) process.stdout.write(`${JSON.stringify(measures)}\n`);

function line({ name, ratio, target, better }: Measure): string {
  const isMet = better === 'higher' ? ratio >= target : ratio <= target;
  const sign = better === 'higher' ? '≥' : '≤';
  return `${name.padEnd(24)} ${ratio.toFixed(3).padStart(8)}   ${sign} ${target}   ${isMet ? 'met' : 'falls short'}`;
}
