import type { SchemeBook } from '../schemes/scheme-book.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';

/**
 * Whose shops sell on a day planned for a scheme: its own, and those of all that inherit from it and share its calendar because
 * they set none themselves; in the versions in effect on the day (`YYYY-MM-DD`).
 * @returns ids; none where nothing is sold
 */
export function schemesOfDay(book: SchemeBook, scheme: string, day: string): readonly string[] {
  const inForce = book.allInForce(day);
  const sharing = new Set([scheme]);
  // The set grows while it is walked.
  for (const parent of sharing) {
    const heirs = inForce.filter(({ written }) => written.parent?.id === parent && written.redemption === undefined);
    for (const { document } of heirs) sharing.add(document.id);
  }
  return inForce
    .filter((version) => sharing.has(version.document.id) && sells(version))
    .map(({ document }) => document.id);
}

function sells({ document: { balance, catalogue = [], redemption } }: SchemeVersion): boolean {
  return balance !== 'none' && catalogue.length > 0 && redemption !== undefined;
}
