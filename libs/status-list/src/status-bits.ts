/** Bits one status takes (Token Status List §4.1). Lists of this alliance use 1; the others are read for other people's lists. */
export type BitsPerStatus = 1 | 2 | 4 | 8;

/** A packed array of statuses: index 0 stands in the least significant bits of byte 0 (Token Status List §4.1). */
export interface StatusBits {
  readonly bits: BitsPerStatus;
  readonly bytes: Uint8Array;
}

/** The smallest list that is issued: a resident hides among at least this many (design §4.1). */
export const MIN_ENTRIES = 2 ** 17;

/**
 * A 1-bit list of `size` valid (0) entries.
 * @throws RangeError when `size` is below `MIN_ENTRIES` or no multiple of 8
 */
export function createStatusList(size: number = MIN_ENTRIES): StatusBits {
  if (!Number.isSafeInteger(size) || size < MIN_ENTRIES || size % 8 !== 0)
    throw new RangeError(`a status list has a multiple of 8 and at least ${MIN_ENTRIES} entries`);
  return { bits: 1, bytes: new Uint8Array(size / 8) };
}

/** How many statuses a packed array holds. */
export function entryCount(list: StatusBits): number {
  return (list.bytes.length * 8) / list.bits;
}

/**
 * Writes one status in place.
 * @throws RangeError when the index lies outside the list or the status does not fit its bits
 */
export function setStatus(list: StatusBits, index: number, status: number): void {
  if (!isIndexOf(list, index)) throw new RangeError('the index lies outside the status list');
  const mask = maskOf(list.bits);
  if (!Number.isInteger(status) || status < 0 || status > mask)
    throw new RangeError('the status does not fit its bits');
  const { byteAt, shift } = place(list.bits, index);
  list.bytes[byteAt] = (list.bytes[byteAt]! & ~(mask << shift)) | (status << shift);
}

/** Reads one status from the packed bytes. `undefined` for anything that is not an integer index of the list. */
export function readStatus(list: StatusBits, index: unknown): number | undefined {
  if (!isIndexOf(list, index)) return undefined;
  const { byteAt, shift } = place(list.bits, index);
  return (list.bytes[byteAt]! >> shift) & maskOf(list.bits);
}

function isIndexOf(list: StatusBits, index: unknown): index is number {
  return typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 && index < entryCount(list);
}

function maskOf(bits: BitsPerStatus): number {
  return (1 << bits) - 1;
}

function place(bits: BitsPerStatus, index: number): { readonly byteAt: number; readonly shift: number } {
  const perByte = 8 / bits;
  return { byteAt: Math.floor(index / perByte), shift: (index % perByte) * bits };
}
