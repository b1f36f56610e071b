import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from '../architecture/source-files.js';

const MINUTES = 60_000;
const MAIN = 'dist/test/acceptance/main.js';
/** F17 is four villages. */
const VILLAGES = ['F17a', 'F17b', 'F17c', 'F17d'];
const SYSTEMS = Array.from({ length: 34 }, (_, at) => `F${String(at + 1).padStart(2, '0')}`);
const ROWS = SYSTEMS.flatMap((row) => (row === 'F17' ? VILLAGES : [row]));

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
      // With a row that fails it ends with 1, and says which on its last line all the same.
      const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--json'], { cwd: ROOT }).catch(
        (failed: { readonly stdout: string }) => failed,
      );
      const played = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as readonly Played[];
      expect(played.filter(({ pass }) => !pass)).toEqual([]);
      expect(played.filter(({ negative }) => !/^[A-Z_]+$/.test(negative))).toEqual([]);
      expect(played.map(({ row }) => row)).toEqual(ROWS);
    },
    5 * MINUTES,
  );

  it('refuses the name of a row that there is not', async () => {
    const asked = promisify(execFile)(process.execPath, [MAIN, 'F99'], { cwd: ROOT });
    await expect(asked).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('unknown: F99') as unknown });
  });
});
