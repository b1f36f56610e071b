import type { Person } from '#libs/ledger';
import { rolesAt, type Staff } from '#libs/staff';
import type { PlaceTree } from '../places/place-tree.js';

/** Who declares an entry, and as what in each place. */
export interface Declarer extends Person {
  /** Speaks for themselves and their household only. */
  readonly isResident: boolean;
  rolesAt(place: string, tree: PlaceTree): readonly string[];
}

export function staffDeclarer(staff: Staff): Declarer {
  const { username: account, subject } = staff;
  return { account, subject, isResident: false, rolesAt: (place, tree) => rolesAt(staff, place, tree) };
}

/** @param resident with the county's own number and id of the subject */
export function residentDeclarer({ handle, id }: { readonly handle: string; readonly id: string }): Declarer {
  return { account: handle, subject: id, isResident: true, rolesAt: () => ['resident'] };
}
