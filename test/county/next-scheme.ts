import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SchemeDocument } from '#libs/scheme';

interface Bounds {
  readonly ge?: number;
  readonly lt?: number;
}

/** Writes version 2 of Wendeng's scheme, with other bounds for these grades and so another fingerprint; resolves to its folder. */
export async function nextScheme(folder: string, bounds: Readonly<Record<string, Bounds>>): Promise<string> {
  const document = JSON.parse(await readFile('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument & {
    version: number;
    gradings: [{ bands: { rows: ({ code: string } & Bounds)[] } }];
  };
  document.version = 2;
  for (const row of document.gradings[0].bands.rows) Object.assign(row, bounds[row.code] ?? {});
  const schemes = path.join(folder, 'next-schemes');
  await mkdir(schemes);
  await writeFile(path.join(schemes, 'next.json'), JSON.stringify(document));
  return schemes;
}
