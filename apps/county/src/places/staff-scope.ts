import { type Staff, staffCovers } from '#libs/staff';
import type { PlaceTree } from './place-tree.js';

/** Whether an account may act in a place, by the grants that open the route. */
export function covers(staff: Pick<Staff, 'grants'>, place: string, tree: PlaceTree): boolean {
  return staffCovers(staff, place, tree);
}
