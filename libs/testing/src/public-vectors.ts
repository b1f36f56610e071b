import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../../../shared/vectors/', import.meta.url);

/** The files of one folder of public test vectors. */
export interface PublicVectors {
  readonly folder: URL;
  /** Parses one file. */
  json(file: string): unknown;
}

/**
 * A `describe` over public test vectors that are kept beside the repository, `../shared/vectors/<folder>`, and read in place.
 * Where they are missing (a stranger's clone or CI) they are skipped with one clear line.
 */
export function describeWithVectors(folder: string, fn: (vectors: PublicVectors) => void): void {
  const at = new URL(`${folder}/`, ROOT);
  const isHere = existsSync(at);
  if (!isHere) process.stderr.write(`Skipped without public vectors (../shared/vectors/${folder})\n`);
  (isHere ? describe : describe.skip)(`public vectors: ${folder}`, () => {
    if (isHere) fn(vectorsIn(at));
    else it('are beside the repository', () => expect(isHere).toBe(true));
  });
}

function vectorsIn(folder: URL): PublicVectors {
  return { folder, json: (file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown };
}
