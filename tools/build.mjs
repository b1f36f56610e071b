// Compiles apps, libs and bench into dist/ with swc. Types are checked by `npm run typecheck`, not here.
import { rmSync, existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

rmSync('dist', { recursive: true, force: true });
const folders = ['apps', 'libs', 'bench'].filter((folder) => existsSync(folder));
const result = spawnSync(
  process.execPath,
  ['node_modules/@swc/cli/bin/swc.js', ...folders, '-d', 'dist', '--config-file', '.swcrc', '--quiet'],
  { stdio: 'inherit' },
);
process.exit(result.status ?? 1);
