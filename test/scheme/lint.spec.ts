import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';

const GRADED = 'config/schemes/371003/haibei.json';
const graded = JSON.parse(await readFile(GRADED, 'utf8')) as SchemeDocument;
const { rules: _rules, metrics: _metrics, gradings: _gradings, ...header } = graded;
const child = { ...header, id: 'village', parent: { id: graded.id, version: 1 } };

const folders: string[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-lint-'));
  folders.push(folder);
});
afterAll(() => Promise.all(folders.map((made) => rm(made, { recursive: true }))));

const write = async (name: string, content: string | Uint8Array | object): Promise<string> => {
  const file = path.join(folder, name);
  const isBare = typeof content === 'string' || content instanceof Uint8Array;
  await writeFile(file, isBare ? content : JSON.stringify(content, undefined, 2));
  return file;
};

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(program: string, args: readonly string[], LANG: string | undefined, cwd?: string): Promise<Ended> {
  const { LANG: _own, INIT_CWD: _from, ...environment } = process.env;
  const env = LANG === undefined ? environment : { ...environment, LANG };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { env, ...(cwd === undefined ? {} : { cwd }) });
    return { code: 0, stdout, stderr };
  } catch (thrown) {
    const { code, stdout, stderr } = thrown as Ended;
    return { code, stdout, stderr };
  }
}
const tool = (args: readonly string[], locale?: string): Promise<Ended> =>
  run(process.execPath, ['dist/apps/county/src/command-line/scheme.js', ...args], locale);
const lint = (...files: readonly string[]): Promise<Ended> => tool(['lint', '--lang', 'en', ...files]);
/** Where the value of the member `name` begins, the first time it is written. */
const valueAt = async (file: string, name: string): Promise<string> => {
  const text = await readFile(file, 'utf8');
  const before = text.slice(0, text.indexOf(`"${name}": `) + name.length + 4).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
};
/** Line, column, path and code of each finding. */
const found = ({ stdout }: Ended): string[] =>
  stdout.split('\n').flatMap((line) => /^ {2}(\d+:\d+ .*\])$/.exec(line)?.[1] ?? []);

describe('npm run scheme -- lint', () => {
  it('has nothing to say of any document of config/', async () => {
    const files = (await readdir('config/schemes', { recursive: true }))
      .filter((file) => file.endsWith('.json'))
      .map((file) => path.join('config/schemes', file));
    const { code, stdout } = await lint(...files);
    expect([code, stdout.trim().split('\n')]).toEqual([0, files.map((file) => `${file}: faults: 0, warnings: 0`)]);
    expect(files.length).toBeGreaterThan(30);
  });

  it('is called from wherever the document lies', async () => {
    const { code, stdout } = await run(
      'npm',
      ['--prefix', path.resolve('.'), 'run', '--silent', 'scheme', '--', 'lint', 'haibei.json'],
      'en_US.UTF-8',
      path.dirname(GRADED),
    );
    expect([code, stdout.trim()]).toEqual([0, 'haibei.json: faults: 0, warnings: 0']);
  });

  it('places faults of the document at line and column, and ends with 1', async () => {
    const [first, ...others] = graded.rules;
    const capped = { ...first, formula: { range: { min: 0, max: 5 } }, cap: { per: 'year', points: 1 } };
    const rules = [capped, ...others, first];
    const file = await write('a.json', { ...graded, valid: { from: '2020-02-30' }, rules });
    const ended = await lint(file);
    const last = (await readFile(file, 'utf8')).split('\n').lastIndexOf('      "id": "commitment-kept",');
    expect(ended.code).toBe(1);
    expect(found(ended)).toEqual([
      `${await valueAt(file, 'from')}  /valid/from  [DAY_UNKNOWN]`,
      `${await valueAt(file, 'points')}  /rules/0/cap/points  [CAP_BELOW_ENTRY]`,
      `${last}:5  /rules/12  [ID_DUPLICATE]`,
    ]);
  });

  it('ends with 0 where there are warnings only', async () => {
    const { adopted_by: _adopted, ...draft } = graded;
    const ended = await lint(await write('a.json', draft));
    expect([ended.code, found(ended)]).toEqual([0, ['1:1  /  [NOT_ADOPTED]']]);
    expect(ended.stdout).toContain('warning: ');
  });

  it.each([
    ['{\n  "id": "x"\n  "version": 1\n}', ['3:3  /  [JSON_UNEXPECTED]']],
    ['{\n  "id": "x"，\n}', ['2:12  /  [JSON_FULL_WIDTH]']],
    [Buffer.from([0x7b, 0x22, 0xd6, 0xd0, 0x22, 0x7d]), ['1:1  /  [FILE_NOT_UTF8]']],
    ['\uFEFF{}', ['1:1  /  [FILE_NOT_UTF8]']],
  ])('says of %j that it is not JSON, and where', async (content, expected) => {
    const ended = await lint(await write('a.json', content));
    expect([ended.code, found(ended)]).toEqual([1, expected]);
  });

  it('says what breaks the schema in plain words', async () => {
    const file = await write('a.json', { ...graded, version: 'one', basis: 'guess' });
    const ended = await lint(file);
    expect(found(ended)).toEqual([
      `${await valueAt(file, 'version')}  /version  [TYPE_WRONG]`,
      `${await valueAt(file, 'basis')}  /basis  [VALUE_NOT_LISTED]`,
    ]);
    expect(ended.stdout).not.toMatch(/must be integer|allowed values|schema/i);
  });

  it('looks parents up beside the file', async () => {
    const file = await write('child.json', child);
    const place = await valueAt(file, 'parent');
    expect(found(await lint(file))).toEqual([`${place}  /parent  [PARENT_UNKNOWN]`]);
    await write('parent.json', { ...graded, basis: 'guess' });
    expect(found(await lint(file))).toEqual([`${place}  /parent  [PARENT_FAULTY]`]);
    await write('parent.json', graded);
    await write('unread.json', '{');
    expect((await lint(file)).code).toBe(0);
    await write('child.json', { ...child, rules: [graded.rules[1]] });
    expect(found(await lint(file))).toEqual([expect.stringMatching(/ \/rules\/0 {2}\[OVERRIDE_NOT_ALLOWED\]$/)]);
  });

  it('places what is inherited at the parent, and what is not where it is written', async () => {
    const parent = { ...graded, overridable: ['rules/+', 'subject_kinds', 'export'] };
    await write('parent.json', { ...parent, rules: graded.rules.slice(0, 1) });
    const own = { ...graded.rules[1], id: 'own', subject_kind: 'household', formula: { range: { min: 5, max: 5 } } };
    const changes = { subject_kinds: ['household'], metrics: [], export: 'none', rules: [own] };
    const file = await write('child.json', { ...child, ...changes });
    const ended = await lint(file);
    const place = await valueAt(file, 'parent');
    expect(found(ended)).toEqual([
      `${place}  /parent  [SUBJECT_KIND_UNKNOWN]`,
      `${place}  /parent  [SUBJECT_KIND_UNKNOWN]`,
      `${await valueAt(file, 'range')}  /rules/0/formula/range  [RANGE_EMPTY]`,
    ]);
    for (const member of ['rules/commitment-kept', 'metrics/score'])
      expect(ended.stdout).toContain(`(inherited ${member})`);
  });

  it('notices a copy that kept its id and version', async () => {
    await write('original.json', graded);
    const ended = await lint(await write('copy.json', graded));
    expect(found(ended)).toEqual(['2:9  /id  [VERSION_TWICE]']);
    expect(ended.stdout).toContain('original.json');
  });

  it('says that a file cannot be read, and looks at the others', async () => {
    const ended = await lint(path.join(folder, 'none.json'), GRADED);
    expect([ended.code, found(ended)]).toEqual([1, ['1:1  /  [FILE_UNREADABLE]']]);
    expect(ended.stdout).toContain(`${GRADED}: faults: 0`);
  });

  it('speaks the language that is asked for, else that of LANG, else both', async () => {
    const file = await write('a.json', '{');
    const spoken = async (args: readonly string[], locale?: string): Promise<readonly boolean[]> => {
      const { stdout } = await tool(['lint', ...args, file], locale);
      return [stdout.includes('错误：'), stdout.includes('fault: ')];
    };
    expect(await spoken([], 'zh_CN.UTF-8')).toEqual([true, false]);
    expect(await spoken([], 'en_GB')).toEqual([false, true]);
    expect(await spoken([])).toEqual([true, true]);
    expect(await spoken([], 'C.UTF-8')).toEqual([true, true]);
    expect(await spoken(['--lang', 'zh-CN'], 'en_GB')).toEqual([true, false]);
    expect(await spoken(['--lang', 'en'], 'zh_CN')).toEqual([false, true]);
  });

  it.each([[[]], [['lint']], [['print', GRADED]], [['lint', '--lang', 'fr', GRADED]], [['lint', '--json', GRADED]]])(
    'explains itself and ends with 1 when called as %j',
    async (args) => {
      const ended = await tool(args);
      expect([ended.code, ended.stdout]).toEqual([1, '']);
      expect(ended.stderr).toContain('npm run scheme -- lint');
    },
  );
});
