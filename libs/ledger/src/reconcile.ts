/** Something handed out on a redemption day; a return is a line of its own with both numbers negative. */
export interface HandOut {
  /** Whose points were debited, whoever collected. */
  readonly subject: string;
  readonly sku: string;
  /** Pieces. */
  readonly items: number;
  /** Points, for all the pieces. */
  readonly points: number;
}

/** An item's pieces before the day, and by count after it. Services and vouchers have no stock. */
export interface StockCount {
  readonly sku: string;
  readonly before: number;
  readonly after: number;
}

export interface StockReconciliation extends StockCount {
  /** Pieces by the register. */
  readonly handedOut: number;
  /** `after` less what should be left: negative where pieces are missing. */
  readonly variance: number;
}

export interface Reconciliation {
  readonly people: number;
  readonly points: number;
  readonly items: number;
  /** Subjects who took something without standing on the list; nobody where there is no list. */
  readonly uninvited: readonly string[];
  /** Subjects on the list who took nothing. */
  readonly absent: readonly string[];
  readonly stock: readonly StockReconciliation[];
}

/**
 * The reconciliation after a redemption day (F12, F13): people, points and items from the register, held against the list
 * of those invited and against the count of the shelves. Whoever gave everything back is not among the people.
 * @param invited subject ids, or `undefined` for a day open to everyone
 */
export function reconcile(
  handOuts: readonly HandOut[],
  invited: readonly string[] | undefined,
  counts: readonly StockCount[],
): Reconciliation {
  const itemsBySku = itemsBy('sku', handOuts);
  const people = [...itemsBy('subject', handOuts)].filter(([, items]) => items > 0).map(([subject]) => subject);
  const took = new Set(people);
  const listed = new Set(invited ?? people);
  return {
    people: people.length,
    points: total(handOuts, 'points'),
    items: total(handOuts, 'items'),
    uninvited: people.filter((subject) => !listed.has(subject)),
    absent: [...listed].filter((subject) => !took.has(subject)),
    stock: counts.map(({ sku, before, after }) => {
      const handedOut = itemsBySku.get(sku) ?? 0;
      return { sku, before, after, handedOut, variance: after - (before - handedOut) };
    }),
  };
}

function itemsBy(key: 'subject' | 'sku', handOuts: readonly HandOut[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const handOut of handOuts) found.set(handOut[key], (found.get(handOut[key]) ?? 0) + handOut.items);
  return found;
}

function total(handOuts: readonly HandOut[], of: 'points' | 'items'): number {
  return handOuts.reduce((sum, handOut) => sum + handOut[of], 0);
}
