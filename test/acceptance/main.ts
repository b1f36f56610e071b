import { inspect } from 'node:util';
import { mutate, type Mutated } from './mutate.js';
import type { Outcome, Row } from './row.js';
import { equal, RowFault } from './expectations.js';
import { ROWS } from './rows.js';
import { openStage, type Stage } from './stage.js';

/** At least so many of a hundred changes must be noticed. */
const WANTED_PER_CENT = 95;

/** `[--mutate] [ROW...] [--json]`: all rows unless some are named. */
const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !ROWS.some(({ row }) => row === name));
if (unknown.length > 0) {
  process.stderr.write(`unknown: ${unknown.join(', ')}; known: ${ROWS.map(({ row }) => row).join(', ')}\n`);
  process.exit(2);
}
const rows = ROWS.filter(({ row }) => names.length === 0 || names.includes(row));
const stage = await openStage();
// Whoever interrupts it leaves no database behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stage.close().finally(() => process.exit(1)));
try {
  process.exitCode = await (args.includes('--mutate') ? mutateAll(stage) : playAll(stage));
} finally {
  await stage.close();
}

interface Played extends Outcome {
  readonly row: string;
  readonly pass: boolean;
}

async function playAll(on: Stage): Promise<number> {
  const played: Played[] = [];
  for (const row of rows) {
    const result = await playRow(on, row);
    played.push(result);
    const { pass, figure, negative } = result;
    say(`${row.row.padEnd(5)} ${pass ? 'ok    ' : 'FAILED'}  ${figure}  negative: ${negative}`);
  }
  if (args.includes('--json')) say(JSON.stringify(played));
  return played.every(({ pass }) => pass) ? 0 : 1;
}

async function playRow(on: Stage, { row, negative, play }: Row): Promise<Played> {
  try {
    const outcome = await play(on.scene(row));
    equal('the negative twin', outcome.negative, negative);
    return { row, pass: true, ...outcome };
  } catch (fault) {
    // What is no answer to the row (a fault of ours, a service that broke down) is traced as well.
    if (!(fault instanceof RowFault)) process.stderr.write(`${row}: ${inspect(fault)}\n`);
    return { row, pass: false, figure: fault instanceof Error ? fault.message : '', negative: '' };
  }
}

async function mutateAll(on: Stage): Promise<number> {
  const tried: Mutated[] = [];
  for await (const mutated of mutate(on, rows)) {
    tried.push(mutated);
    if (mutated.caught === undefined) say(`survived  ${mutated.scheme} ${mutated.path}  ${mutated.change}`);
    else if (args.includes('--verbose'))
      say(`caught    ${mutated.scheme} ${mutated.path}  ${mutated.change}  ${mutated.caught}`);
  }
  const caught = tried.filter((each) => each.caught !== undefined).length;
  const ofLint = tried.filter((each) => each.caught?.startsWith('lint') === true).length;
  say(`${caught} of ${tried.length} changes caught, ${ofLint} of them by lint`);
  if (args.includes('--json')) say(JSON.stringify(tried));
  return caught * 100 >= tried.length * WANTED_PER_CENT ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
