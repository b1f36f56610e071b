import type { Staff } from '#libs/staff';
import type { PlaceTree } from './place-tree.js';

/** Whether an account may act in a place: everywhere without a scope, else in its own place and what lies in it. */
export function covers({ scope }: Pick<Staff, 'scope'>, place: string, tree: PlaceTree): boolean {
  return scope === null || tree.isWithin(place, scope);
}
