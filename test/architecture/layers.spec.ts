import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { foldersIn, pathsBelow, ROOT, sourceFiles, type SourceFile } from './source-files.js';

const files = sourceFiles();
const production = files.filter(({ path: file }) => /^(apps|libs)\//.test(file) && !isTestCode(file));

function isTestCode(file: string): boolean {
  return file.endsWith('.spec.ts') || file.startsWith('libs/testing/');
}

const matching = (among: readonly SourceFile[], pattern: RegExp): string[] =>
  among.filter(({ text }) => pattern.test(text)).map(({ path: file }) => file);

/** `<first cell>` of the README's folder table: a relative path in back quotes. */
function foldersInReadme(): string[] {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  return [...readme.matchAll(/^\| `([a-z][a-z-]*(?:\/[a-z-]+)?)` +\|/gm)].map(([, folder]) => folder!);
}

describe('the README and the tree (design §3)', () => {
  it('name the same apps and libraries', () => {
    const inTree = ['apps', 'libs'].flatMap((folder) => foldersIn(folder).map((name) => `${folder}/${name}`));
    const inReadme = foldersInReadme().filter((folder) => folder.includes('/'));
    expect(inReadme.toSorted()).toEqual(inTree.toSorted());
  });

  it('have every other folder that the table names', () => {
    const folders = foldersInReadme();
    expect(folders).toContain('config');
    expect(folders.filter((folder) => !existsSync(path.join(ROOT, folder)))).toEqual([]);
  });
});

describe('a library', () => {
  const libraries = foldersIn('libs');

  it('has an index.ts that names what it shows', () => {
    const indexes = libraries.map((name) => `libs/${name}/src/index.ts`);
    expect(indexes.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
    const statements = files
      .filter(({ path: file }) => indexes.includes(file))
      .flatMap(({ path: file, text }) =>
        [...text.matchAll(/^(?:export|import)\b[^;]*;/gm)].map(([one]) => `${file}: ${one}`),
      );
    expect(statements.length).toBeGreaterThanOrEqual(libraries.length);
    expect(statements.filter((one) => !/: export (?:type )?\{[^}]*\} from '\.\/[\w./-]+\.js';$/.test(one))).toEqual([]);
  });

  it('has no package.json, which would open a scope of its own', () => {
    expect(pathsBelow('libs').filter((file) => file.endsWith('/package.json'))).toEqual([]);
  });
});

describe('the code', () => {
  it('re-exports by name only', () => {
    expect(matching(files, /^export \*/m)).toEqual([]);
  });

  it('has no cast through unknown, no silenced check and no forgotten note', () => {
    const words = [
      ['as unknown', 'as'],
      ['as', 'any\\b'],
      ['@ts', 'ignore'],
      ['@ts', 'expect'],
      ['@ts', 'nocheck'],
      ['lint', 'disable'],
      ['\\bTO', 'DO\\b'],
    ];
    const pattern = new RegExp(words.map(([start, end]) => `${start}[ -]?${end}`).join('|'));
    expect(matching(files, pattern)).toEqual([]);
  });

  it('names files in kebab-case and folders after what they do', () => {
    const paths = ['apps', 'libs', 'test', 'bench']
      .flatMap(pathsBelow)
      .filter((file) => /\.(ts|js|mjs|vue)$/.test(file));
    const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$/;
    expect(paths.filter((file) => !kebab.test(path.posix.basename(file)))).toEqual([]);
    expect(
      paths.filter((file) => /\/(utils?|common|shared|helpers?|services|dtos?|entities|controllers)\//.test(file)),
    ).toEqual([]);
  });

  it('takes from node:crypto, outside libs/jose-profile, only identifiers, randomness and digests; one file seals', () => {
    const vault = 'apps/county/src/subjects/document-vault.ts';
    const sealing = new Set(['createCipheriv', 'createDecipheriv', 'createHmac']);
    const allowed = new Set(['createHash', 'randomBytes', 'randomInt', 'randomUUID', 'timingSafeEqual']);
    const taken = production
      .filter(({ path: file }) => !file.startsWith('libs/jose-profile/'))
      .flatMap(({ path: file, text }) =>
        [...text.matchAll(/(?:import|export)\s([^;]*?)\sfrom '(?:node:)?crypto'/g)].flatMap(([, names]) =>
          names!
            .replaceAll(/[{}]|\btype\b/g, '')
            .split(',')
            .map((name) => ({ file, name: name.trim() })),
        ),
      );
    const isAllowed = (file: string, name: string): boolean =>
      name === '' || allowed.has(name) || (file === vault && sealing.has(name));
    expect(taken.filter(({ file, name }) => !isAllowed(file, name))).toEqual([]);
    const elsewhere = production.filter((file) => file.path !== 'libs/jose-profile/src/node-crypto.ts');
    expect(matching(elsewhere, /\b(?:webcrypto|subtle)\b|(?:import|require)\(\s*'(?:node:)?crypto'/)).toEqual([]);
  });
});
