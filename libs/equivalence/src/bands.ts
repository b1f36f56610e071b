/** The alliance's shared scale, highest first. Nothing below A exists outside a county (design §2). */
export const BANDS = ['AAA', 'AA', 'A'] as const;

export type Band = (typeof BANDS)[number];

/** Whether a value names a band. */
export function isBand(value: unknown): value is Band {
  return BANDS.some((band) => band === value);
}

/** Whether a band satisfies the one asked for. `undefined` (excluded, unmapped) and anything off the scale satisfy none. */
export function bandAtLeast(band: Band | undefined, asked: Band): boolean {
  return isBand(band) && BANDS.indexOf(band) <= BANDS.indexOf(asked);
}
