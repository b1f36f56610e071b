/** A role at a place and at all that lies in it; `null`: in the whole service. */
export interface Grant {
  readonly role: string;
  /** Id of a place, or of a gate's site. */
  readonly place: string | null;
}

/** What lies in what. */
export interface PlaceTree {
  /** Whether a place is the other one or lies in it, however deep. */
  isWithin(place: string, ancestor: string): boolean;
}

/** Where an app keeps its places; for `StaffOptions.places`. */
export abstract class StaffPlaces {
  /** The places as they are now, whichever process changed them. */
  abstract tree(): Promise<PlaceTree>;
}

/** Places that lie in nothing but themselves, as the sites of a gate do. */
export const FLAT_PLACES: PlaceTree = { isWithin: (place, ancestor) => place === ancestor };

interface Granted {
  readonly grants: readonly Grant[];
}

/** Grants of several roles at one place, or for the whole service. */
export function grantsOf(roles: readonly string[], place: string | null = null): readonly Grant[] {
  return roles.map((role) => ({ role, place }));
}

/** The grants for any of these roles; all of them where no role is named. */
export function grantsFor({ grants }: Granted, anyOf: readonly string[]): readonly Grant[] {
  return anyOf.length === 0 ? grants : grants.filter(({ role }) => anyOf.includes(role));
}

/**
 * Whether an account may do at a place what the route asked for is about: a handler is given the account with the grants that
 * open its route, so a role held in one village does not act in another.
 * @param place `null` for what concerns the whole service
 */
export function staffCovers(staff: Granted, place: string | null, tree: PlaceTree = FLAT_PLACES): boolean {
  return staff.grants.some((grant) => covers(grant, place, tree));
}

/** The roles an account holds at a place, among those that open the route. */
export function rolesAt(staff: Granted, place: string, tree: PlaceTree): readonly string[] {
  return [...new Set(staff.grants.filter((grant) => covers(grant, place, tree)).map(({ role }) => role))];
}

/** The places an account may act in, each with all that lies in it; `undefined` where that is everywhere. */
export function coveredPlaces({ grants }: Granted): readonly string[] | undefined {
  const places = new Set<string>();
  for (const { place } of grants) {
    if (place === null) return undefined;
    places.add(place);
  }
  return [...places];
}

function covers({ place: granted }: Grant, place: string | null, tree: PlaceTree): boolean {
  return granted === null || (place !== null && tree.isWithin(place, granted));
}
