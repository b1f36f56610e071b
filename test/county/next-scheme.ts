import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SchemeDocument } from '#libs/scheme';

interface Bounds {
  readonly ge?: number;
  readonly lt?: number;
}

/** Writes version 2 of Wendeng's scheme, with other bounds for these grades and so another fingerprint; resolves to the file. */
export async function nextScheme(folder: string, bounds: Readonly<Record<string, Bounds>>): Promise<string> {
  const document = JSON.parse(await readFile('config/schemes/wendeng.json', 'utf8')) as SchemeDocument & {
    version: number;
    gradings: [{ bands: { rows: ({ code: string } & Bounds)[] } }];
  };
  document.version = 2;
  for (const row of document.gradings[0].bands.rows) Object.assign(row, bounds[row.code] ?? {});
  const file = path.join(folder, 'next-scheme.json');
  await writeFile(file, JSON.stringify(document));
  return file;
}
