import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { WrittenScheme } from '#libs/scheme';

const FOLDER = 'config/schemes';

/** Every scheme document of every county, as it is written, by id. */
export const DOCUMENTS: ReadonlyMap<string, WrittenScheme> = new Map(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => {
      const document = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as WrittenScheme;
      return [document.id, document];
    }),
);

export function documentOf(id: string): WrittenScheme {
  const document = DOCUMENTS.get(id);
  if (document === undefined) throw new RangeError(`no scheme document ${id}`);
  return document;
}

/** The code of the county a scheme belongs to. */
export function countyOf({ place }: Pick<WrittenScheme, 'place'>): string {
  return place.slice(0, 6);
}
