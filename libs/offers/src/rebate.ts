/**
 * What comes back of a purchase under an offer of kind `cashback`: so many per cent of what was paid, in whole fen, rounded
 * half up.
 * @throws RangeError when what was paid is no positive integer
 */
export function rebateFen({ percent }: { readonly percent: number }, paidFen: number): number {
  if (!Number.isSafeInteger(paidFen) || paidFen <= 0) throw new RangeError('paid is a positive number of whole fen');
  return Math.floor((paidFen * percent + 50) / 100);
}
