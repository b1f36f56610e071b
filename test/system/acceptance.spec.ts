import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from '../architecture/source-files.js';

const MINUTES = 60_000;

interface Played {
  readonly row: string;
  readonly pass: boolean;
  readonly figure: string;
  readonly negative: string;
}

describe('npm run acceptance', () => {
  it(
    'plays every row through HTTP, each with the code that its negative twin ends in',
    async () => {
      const { stdout } = await promisify(execFile)(process.execPath, ['dist/test/acceptance/main.js', '--json'], {
        cwd: ROOT,
        maxBuffer: 10_000_000,
      });
      const played = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as readonly Played[];
      expect(played.filter(({ pass }) => !pass)).toEqual([]);
      expect(played.filter(({ negative }) => !/^[A-Z_]+$/.test(negative))).toEqual([]);
      expect(new Set(played.map(({ row }) => row)).size).toBe(played.length);
    },
    5 * MINUTES,
  );

  it('refuses the name of a row that there is not', async () => {
    const asked = promisify(execFile)(process.execPath, ['dist/test/acceptance/main.js', 'F99'], { cwd: ROOT });
    await expect(asked).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('unknown: F99') as unknown });
  });
});
