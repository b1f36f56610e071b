// Takes one rule after another out of the core and runs the hostile corpus against what is left: every rule must be missed.
// A mutant is one check taken off the verifier's lists, one guard that never strikes (`if (…) return …`), or one operand left out
// of a conjunction or disjunction that decides. What survives is printed, and must be in tools/mutation-survivors.json with its reason.
//   npm run mutation -- [checks] [guards] [operands] [libs/… part of a path]     all three kinds unless some are named
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { transformSync } from '@swc/core';
import ts from 'typescript';

/** The libraries of the core, each with the parts of the corpus that are likeliest to miss a rule of it. */
const BUNDLE = ['anchor', 'delegation', 'round', 'head', 'documents', 'bundle'];
const PROOF = ['presentation', 'key-binding', 'card', 'voucher', 'badge', 'replay', 'qr-payload'];
const LIBRARIES = {
  'jose-profile': PROOF,
  attestation: PROOF,
  'status-list': ['status-list'],
  alliance: BUNDLE,
  verifier: PROOF,
};
const RUNNER = 'dist/test/hostile/main.js';
const TIME_LIMIT_MS = 120_000;
const SURVIVORS = 'tools/mutation-survivors.json';
const swcOptions = JSON.parse(readFileSync('.swcrc', 'utf8'));

/** Every source file of the core, without specs and what only re-exports. */
function sources() {
  return Object.keys(LIBRARIES).flatMap((library) => {
    const folder = `libs/${library}/src`;
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && file !== 'index.ts')
      .map((file) => `${folder}/${file}`);
  });
}

/** The mutants of one file: what is replaced by what. */
function mutantsOf(file) {
  const text = readFileSync(file, 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found = [];
  const add = (kind, node, replacement, what, end = node.getEnd()) => {
    const start = node.getStart(tree);
    const { line } = tree.getLineAndCharacterOfPosition(start);
    found.push({ kind, file, line: line + 1, what, source: text.slice(0, start) + replacement + text.slice(end) });
  };
  const visit = (node) => {
    if (ts.isIfStatement(node) && node.elseStatement === undefined && isReturn(node.thenStatement))
      add(
        'guards',
        node.expression,
        'false',
        `${within(node)} guard never strikes: ${oneLine(node.expression.getText(tree))}`,
      );
    if (ts.isBinaryExpression(node) && isLogical(node) && isRule(node))
      for (const [kept, left] of [
        [node.left, node.right],
        [node.right, node.left],
      ])
        add('operands', node, `(${kept.getText(tree)})`, `${within(node)} left out: ${oneLine(left.getText(tree))}`);
    if (ts.isArrayLiteralExpression(node) && file.endsWith('checks.ts'))
      for (const element of node.elements)
        if (ts.isObjectLiteralExpression(element))
          add('checks', element, '', `check taken off: ${nameOf(element, tree)}`, endWithComma(element, text));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isReturn(statement) {
  return ts.isReturnStatement(statement) || (ts.isBlock(statement) && statement.statements.some(ts.isReturnStatement));
}

function isLogical(node) {
  const { kind } = node.operatorToken;
  return kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;
}

/** An operand of what a guard asks or a function answers; not of a chain that is counted as a whole, nor of a default. */
function isRule(node) {
  let at = node.parent;
  while (ts.isBinaryExpression(at) || ts.isParenthesizedExpression(at) || ts.isPrefixUnaryExpression(at))
    at = at.parent;
  return ts.isReturnStatement(at) || ts.isArrowFunction(at) || ts.isIfStatement(at);
}

/** Behind the comma, too: a hole in the list would end in an error, whatever the corpus holds. */
function endWithComma(element, text) {
  const comma = /^\s*,/.exec(text.slice(element.getEnd()));
  return element.getEnd() + (comma?.[0].length ?? 0);
}

function nameOf(element, tree) {
  const name = element.properties.find((property) => property.name?.getText(tree) === 'name');
  return name?.initializer?.text ?? oneLine(element.getText(tree)).slice(0, 40);
}

/** The function or constant a rule stands in, so that rules of one text have names of their own. */
function within(node) {
  for (let at = node.parent; at !== undefined; at = at.parent)
    if ((ts.isFunctionDeclaration(at) || ts.isVariableDeclaration(at)) && at.name) return `${at.name.text}:`;
  return '';
}

/** How a survivor is named where it is excused. */
function keyOf({ file, what }) {
  return `${file} | ${what}`;
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, ' ');
}

/** A built tree of its own, in which files may be broken. */
function workshop() {
  const folder = mkdtempSync(path.join(tmpdir(), 'xinqiao-mutation-'));
  cpSync('package.json', path.join(folder, 'package.json'));
  cpSync('dist/libs', path.join(folder, 'dist/libs'), { recursive: true });
  for (const name of ['node_modules', 'test']) symlinkSync(path.resolve(name), path.join(folder, name));
  compileFolder('test/hostile', path.join(folder, 'dist/test/hostile'));
  return folder;
}

function compileFolder(from, to) {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from))
    if (file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      writeFileSync(
        path.join(to, file.replace(/\.ts$/, '.js')),
        compile(readFileSync(path.join(from, file), 'utf8'), file),
      );
}

function compile(source, filename) {
  return transformSync(source, { ...swcOptions, filename, swcrc: false }).code;
}

/** Whether the corpus misses what was taken out: it fails, hangs or cannot even start. */
function isMissed(folder, targets = []) {
  return new Promise((resolve) => {
    const run = spawn(process.execPath, [RUNNER, ...targets], {
      cwd: folder,
      stdio: 'ignore',
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    run.on('close', (code) => resolve(code !== 0));
  });
}

async function work(folder, queue, note) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const target = path.join(folder, 'dist', mutant.file.replace(/\.ts$/, '.js'));
    const whole = readFileSync(target, 'utf8');
    writeFileSync(target, compile(mutant.source, mutant.file));
    const missed = await isMissed(folder, LIBRARIES[mutant.file.split('/')[1]]);
    writeFileSync(target, whole);
    note(mutant, missed);
  }
}

const KINDS = ['checks', 'guards', 'operands'];
const asked = process.argv.slice(2);
const kinds = asked.filter((each) => KINDS.includes(each));
const part = asked.find((each) => !KINDS.includes(each)) ?? 'libs/';
const mutants = sources().flatMap(mutantsOf);
const excused = JSON.parse(readFileSync(SURVIVORS, 'utf8'));
const idle = Object.keys(excused).filter((key) => !mutants.some((mutant) => keyOf(mutant) === key));
if (idle.length > 0) throw new Error(`no such rule in ${SURVIVORS}: ${idle.join('; ')}`);
const queue = mutants.filter(({ file, kind }) => file.includes(part) && (kinds.length === 0 || kinds.includes(kind)));
const total = queue.length;
const folders = Array.from({ length: availableParallelism() }, workshop);
try {
  if (await isMissed(folders[0]))
    throw new Error('the corpus fails on the whole core already: npm test -- test/hostile');
  const count = { done: 0, missed: 0, excused: 0, survived: 0 };
  const note = (mutant, missed) => {
    const outcome = missed ? 'missed' : Object.hasOwn(excused, keyOf(mutant)) ? 'excused' : 'survived';
    count.done += 1;
    count[outcome] += 1;
    if (outcome === 'survived') process.stdout.write(`survived: ${mutant.file}:${mutant.line} ${mutant.what}\n`);
    if (process.stdout.isTTY) process.stdout.write(`${count.done} of ${total}\r`);
  };
  await Promise.all(folders.map((folder) => work(folder, queue, note)));
  process.stdout.write(
    `${total} rules taken out: ${count.missed} missed, ${count.excused} known not to be, ${count.survived} survived\n`,
  );
  process.exitCode = count.survived === 0 ? 0 : 1;
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
