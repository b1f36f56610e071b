import { GatewayError } from '#libs/platform';
import type { ActivityKind, SchemeDocument } from '#libs/scheme';
import type { PlaceTree } from '../places/place-tree.js';
import type { SchemeBook } from '../schemes/scheme-book.js';

/** What an activity is called under, on a day. */
export interface CalledUnder {
  readonly document: SchemeDocument;
  readonly kind: ActivityKind;
}

/**
 * The scheme and kind of an activity as they hold on its day.
 * @throws GatewayError ACTIVITY_KIND_UNKNOWN
 */
export function calledUnder(
  book: SchemeBook,
  { schemeId, kind: id, day }: { readonly schemeId: string; readonly kind: string; readonly day: string },
): CalledUnder {
  const document = book.inForce(schemeId, day)?.document;
  const kind = document?.activities?.find((each) => each.id === id);
  if (document === undefined || kind === undefined) throw new GatewayError('ACTIVITY_KIND_UNKNOWN');
  return { document, kind };
}

/** The schemes that have an activity in common (活动统一发布): its own, and those of an area that shares activities. */
export function sharingSchemes(book: SchemeBook, { document, kind }: CalledUnder, day: string): readonly CalledUnder[] {
  const { area } = document;
  if (area === undefined || !area.shared.includes('activities')) return [{ document, kind }];
  const others = area.schemes
    .filter((id) => id !== document.id)
    .flatMap((id) => {
      const other = book.inForce(id, day)?.document;
      const same = other?.activities?.find((each) => each.id === kind.id);
      // Both sides say so.
      return other?.area?.id === area.id && same !== undefined ? [{ document: other, kind: same }] : [];
    });
  return [{ document, kind }, ...others];
}

/** Of schemes that share an activity, the one a place lies in; the first where it lies in none. */
export function schemeOfPlace(shared: readonly CalledUnder[], place: string, tree: PlaceTree): CalledUnder | undefined {
  return shared.find(({ document }) => tree.isWithin(place, document.place)) ?? shared[0];
}
