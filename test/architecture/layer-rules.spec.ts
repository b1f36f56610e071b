import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './source-files.js';

/** A small tree: `path → source`. Each file of BROKEN breaks exactly the rule it stands under. */
const SOUND: Readonly<Record<string, string>> = {
  'libs/calendar/src/index.ts': `export { day } from './day.js';`,
  'libs/calendar/src/day.ts': `export const day = 1;`,
  'libs/calendar/src/day.spec.ts': `import '@jest/globals'; import 'jose'; import 'node:fs'; import '#libs/testing'; import './day.js';`,
  'libs/jose-profile/src/index.ts': `export { key } from './key.js';`,
  'libs/jose-profile/src/key.ts': `export const key = 1;`,
  'libs/jose-profile/src/node-crypto.ts': `import 'node:crypto'; import 'node:zlib'; import 'jose'; export const node = 1;`,
  'libs/platform/src/index.ts': `import 'node:crypto'; import '@nestjs/common'; import '#libs/calendar'; export const platform = 1;`,
  'libs/testing/src/index.ts': `import '@jest/globals'; import '#libs/platform'; import '#libs/jose-profile/node'; export const testing = 1;`,
  'apps/gate/src/index.ts': `import '#libs/platform'; import '#libs/jose-profile/node'; export const gate = 1;`,
  'apps/gate/src/inner.ts': `export const inner = 1;`,
  'apps/county/src/index.ts': `export const county = 1;`,
  'apps/standalone/src/main.ts': `import '#apps/gate'; import '#apps/county';`,
  'bench/main.ts': `import 'node:crypto'; import '#libs/calendar';`,
  'test/system/visit.spec.ts': `import '#libs/testing'; import 'jose';`,
};

const BROKEN: Readonly<Record<string, readonly [file: string, source: string][]>> = {
  'no-cycles': [
    ['libs/offers/src/egg.ts', `import './hen.js';`],
    ['libs/offers/src/hen.ts', `import type { Egg } from './egg.js'; export type Hen = Egg;`],
  ],
  resolvable: [['libs/offers/src/nowhere.ts', `import './missing.js';`]],
  'pure-no-node': [
    ['libs/wallet/src/reads-files.ts', `import 'node:fs';`],
    ['libs/jose-profile/src/second-node-file.ts', `import { deflateSync } from 'node:zlib'; deflateSync('');`],
  ],
  'pure-few-packages': [
    ['libs/verifier/src/uses-nest.ts', `import type { Type } from '@nestjs/common'; export type T = Type;`],
  ],
  'pure-only-pure': [['libs/scheme/src/uses-platform.ts', `import '#libs/platform';`]],
  'pure-not-the-node-port': [['libs/alliance/src/takes-the-port.ts', `import '#libs/jose-profile/node';`]],
  'jose-in-one-place': [['apps/county/src/signs-by-itself.ts', `import { SignJWT } from 'jose'; new SignJWT({});`]],
  'crypto-in-few-places': [['libs/scheme/src/hashes.ts', `import 'node:crypto';`]],
  'libs-not-apps': [['libs/messaging/src/knows-the-gate.ts', `import '#apps/gate';`]],
  'apps-apart': [['apps/county/src/knows-the-gate.ts', `import '#apps/gate';`]],
  'apps-by-index': [['apps/standalone/src/reaches-in.ts', `import '../../gate/src/inner.js';`]],
  'libs-by-index': [['apps/gate/src/reaches-in.ts', `import '../../../libs/calendar/src/day.js';`]],
  'libs-by-name': [['libs/staff/src/by-path.ts', `import '../../calendar/src/index.js';`]],
  'testing-from-tests': [['apps/gate/src/fakes-the-clock.ts', `import '#libs/testing';`]],
  'dev-dependencies-from-tests': [['libs/platform/src/tests-itself.ts', `import 'fast-check';`]],
  'declared-packages': [['apps/gate/src/takes-what-lies-around.ts', `import 'pg-types';`]],
};

/** What one broken file cannot help breaking as well. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  'libs/offers/src/hen.ts': ['no-cycles'],
  'libs/jose-profile/src/second-node-file.ts': ['pure-no-node'],
  'libs/scheme/src/hashes.ts': ['pure-no-node'],
  'apps/gate/src/reaches-in.ts': ['libs-by-name'],
};

interface Violation {
  readonly rule: string;
  readonly from: string;
}

/** The error-level violations of one tree, by the same command as `npm run layers`. */
async function violations(cwd: string, folders: readonly string[]): Promise<readonly Violation[]> {
  const command = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = path.join(ROOT, '.dependency-cruiser.cjs');
  const options = { cwd, maxBuffer: 64 * 2 ** 20 };
  const args = [command, '--config', config, '--output-type', 'json', ...folders];
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
  return summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
}

async function plant(root: string): Promise<void> {
  const planted = [...Object.entries(SOUND), ...Object.values(BROKEN).flat()];
  for (const [file, source] of planted) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), source);
  }
  for (const file of ['package.json', 'tsconfig.json']) await copyFile(path.join(ROOT, file), path.join(root, file));
  await symlink(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'));
}

describe('the layer rules', () => {
  let tree: string;
  let found: readonly Violation[];
  beforeAll(async () => {
    tree = await mkdtemp(path.join(tmpdir(), 'xinqiao-layers-'));
    await plant(tree);
    found = await violations(tree, ['apps', 'libs', 'test', 'bench']);
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  it('leave sound files alone', () => {
    expect(found.filter(({ from }) => from in SOUND)).toEqual([]);
  });

  it.each(Object.keys(BROKEN))('%s bites, on each file that breaks it', (rule) => {
    const files = BROKEN[rule]!.map(([file]) => file);
    expect(found.filter((one) => one.rule === rule && files.includes(one.from))).not.toEqual([]);
    const others = found.filter((one) => files.includes(one.from) && one.rule !== rule);
    expect(others.filter((one) => !ALSO[one.from]?.includes(one.rule))).toEqual([]);
  });

  it('are all broken once above', async () => {
    const config = (await import(path.join(ROOT, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    expect(config.default.forbidden.map(({ name }) => name).toSorted()).toEqual(Object.keys(BROKEN).toSorted());
  });
});

describe('this repository', () => {
  it('keeps its layers', async () => {
    expect(await violations(ROOT, ['apps', 'libs', 'test'])).toEqual([]);
  });
});
