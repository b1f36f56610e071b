import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The names of a folder's folders; none where there is no such folder. */
export function foldersIn(folder: string): readonly string[] {
  const at = path.join(ROOT, folder);
  if (!existsSync(at)) return [];
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** Every file below a folder, `node_modules` and `dist` aside, as paths from the root. */
export function pathsBelow(folder: string): readonly string[] {
  const at = path.join(ROOT, folder);
  if (!existsSync(at)) return [];
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    const inner = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [inner];
    return ['node_modules', 'dist'].includes(entry.name) ? [] : pathsBelow(inner);
  });
}

/** The TypeScript of apps, libraries, tests and benchmarks. */
export function sourceFiles(): readonly SourceFile[] {
  const paths = ['apps', 'libs', 'test', 'bench'].flatMap(pathsBelow).filter((file) => file.endsWith('.ts'));
  return paths.map((file) => ({ path: file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
}
