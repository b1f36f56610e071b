// One folder per test run. The first test that asks for a database starts PostgreSQL in it (libs/testing).
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// A shell that waits on a pipe from here: however the run ends, Ctrl-C and kill -9 included, the pipe closes and the shell
// stops the run's PostgreSQL and removes the folder.
const KEEPER = `
cat >/dev/null
pid=$(cat "$1/postgres.pid" 2>/dev/null) && kill -INT "$pid" 2>/dev/null
tries=0
while [ -e "$1/postgres/cluster/postmaster.pid" ] && [ $tries -lt 200 ]; do tries=$((tries + 1)); sleep 0.05; done
rm -rf "$1"
`;

export default function globalSetup() {
  const isRoot = process.getuid?.() === 0;
  // As root the server runs as another user, who must be able to enter the folder.
  const folder = mkdtempSync(path.join(isRoot ? '/tmp' : os.tmpdir(), 'xinqiao-test-'));
  if (isRoot) chmodSync(folder, 0o711);
  process.env.XINQIAO_TEST_RUN_FOLDER = folder;
  globalThis.testRunKeeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
}
