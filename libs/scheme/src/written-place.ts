import type { WrittenScheme } from './scheme-document.js';
import { namesByPart } from './scheme-parts.js';

export type WrittenPlace =
  | { readonly isOwn: true; readonly path: string }
  /** A part, or `rules/yard`. */
  | { readonly isOwn: false; readonly member: string };

/**
 * Where in a document as it is written stands what a path of `checkScheme` points at. That looks at the document with what
 * it inherits, whose list members are counted otherwise; what stands in a parent only is named.
 */
export function writtenPlace(path: string, resolved: WrittenScheme, written: WrittenScheme): WrittenPlace {
  if (written.parent === undefined) return { isOwn: true, path };
  const [, part = '', at, ...rest] = path.split('/');
  const names = new Map(Object.entries(namesByPart(resolved))).get(part);
  if (names === undefined || at === undefined)
    return part === '' || part in written ? { isOwn: true, path } : { isOwn: false, member: part };
  const name = names[Number(at)] ?? at;
  const place = new Map(Object.entries(namesByPart(written))).get(part)?.indexOf(name) ?? -1;
  if (place === -1) return { isOwn: false, member: `${part}/${name}` };
  return { isOwn: true, path: ['', part, String(place), ...rest].join('/') };
}
