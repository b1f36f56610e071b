/** A source of numbers in [0, 1), the same ones for the same seed. For sample data only: it is not random. */
export type SeededRandom = () => number;

/**
 * mulberry32 over a 32-bit seed mixed with a label (FNV-1a), so that several sequences of one seed do not depend on the
 * order in which they are drawn.
 */
export function seededRandom(seed: number, label: string): SeededRandom {
  let state = (seed ^ fnv1a(label)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `min` to `max`, both included. */
export function drawInteger(random: SeededRandom, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/**
 * One element of a list.
 * @throws RangeError on an empty list
 */
export function drawOne<Element>(random: SeededRandom, list: readonly Element[]): Element {
  const [drawn] = list.slice(drawInteger(random, 0, list.length - 1));
  if (drawn === undefined) throw new RangeError('nothing to draw from');
  return drawn;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
