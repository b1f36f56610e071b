/** Shorter lists are searched as they are. */
const INDEXED_FROM = 32;

const indexes = new WeakMap<readonly string[], ReadonlySet<string>>();

/**
 * Whether a list of a signed document names exactly this id or day. An agreement of the whole country lists thousands, and every
 * visit asks: a long list is indexed the first time, for as long as the document is held. A document never changes; nor does
 * what is said of it.
 */
export function isListed(list: readonly string[], entry: string): boolean {
  if (list.length < INDEXED_FROM) return list.includes(entry);
  let index = indexes.get(list);
  if (index === undefined) {
    index = new Set(list);
    indexes.set(list, index);
  }
  return index.has(entry);
}
