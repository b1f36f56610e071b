import { type ErrorCode, GatewayError } from '#libs/platform';
import { type PlaceTree, type Staff, staffCovers } from '#libs/staff';
import type { SchemeBook } from '../schemes/scheme-book.js';

/** The schemes and places as they stood when a request came, and who sent it. */
export interface Scope {
  readonly book: SchemeBook;
  readonly tree: PlaceTree;
  readonly staff: Staff;
}

/** @throws GatewayError ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE where staff do not act at the place of a scheme */
export function refuseOutside(scheme: string, { book, tree, staff }: Scope): void {
  const place = placeOf(scheme, book);
  if (place === undefined) throw refusal('ENTRY_SCHEME_UNKNOWN', '/scheme');
  if (!staffCovers(staff, place, tree)) throw new GatewayError('PLACE_OUT_OF_SCOPE');
}

/** Whether staff act at the place of a scheme; false for one that the county does not have. */
export function coversScheme(scheme: string, { book, tree, staff }: Scope): boolean {
  const place = placeOf(scheme, book);
  return place !== undefined && staffCovers(staff, place, tree);
}

/** A refusal that names the member of the request it is about. */
export function refusal(code: ErrorCode, path: string): GatewayError {
  return new GatewayError(code, { fields: [{ path, message: 'is refused' }] });
}

function placeOf(scheme: string, book: SchemeBook): string | undefined {
  return book.versionsOf(scheme).at(-1)?.document.place;
}
