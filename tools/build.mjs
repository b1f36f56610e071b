// Compiles apps, libs, bench and the acceptance rows into dist/ with swc. Types are checked by `npm run typecheck`, not here.
// With --if-stale it does nothing when dist/ was built from exactly the present sources.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

const STAMP = 'dist/.sources';
const folders = ['apps', 'libs', 'bench', 'test/county', 'test/acceptance'];

/** A digest over path, size and time of change of every source, and the build's own settings. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = ['.swcrc', 'package-lock.json', 'tools/build.mjs'];
  for (const folder of folders)
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.ts')) files.push(`${folder}/${file}`);
  for (const file of files.toSorted()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

const sources = fingerprint();
if (process.argv.includes('--if-stale') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources)
  process.exit(0);

rmSync('dist', { recursive: true, force: true });
const result = spawnSync(
  process.execPath,
  ['node_modules/@swc/cli/bin/swc.js', ...folders, '-d', 'dist', '--config-file', '.swcrc', '--quiet'],
  { stdio: 'inherit' },
);
if (result.status === 0) {
  mkdirSync('dist', { recursive: true });
  writeFileSync(STAMP, sources);
}
process.exit(result.status ?? 1);
