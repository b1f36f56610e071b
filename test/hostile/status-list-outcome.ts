import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList, orderStatusLists, type VerifiedStatusList } from '#libs/status-list';
import { COUNTY } from '#libs/testing/alliance';
import { buildStatusList } from './build-status-list.js';
import { LIST, type HostileWorld } from './hostile-world.js';
import type { Recipe } from './recipe.js';

/** What the library makes of a status list: `accepted`, `OLDER` or `CONFLICTING` than the one held, or the fault. */
export async function statusListOutcome(recipe: Recipe, world: HostileWorld): Promise<string> {
  const held = await decode(await buildStatusList([], world), world);
  if (!held.ok || ordered(held.value, undefined) !== 'accepted') throw new Error('the good list is refused');
  const decoded = await decode(await buildStatusList(recipe.do, world, 1), world);
  if (!decoded.ok) return decoded.fault;
  return ordered(decoded.value, held.value);
}

function ordered(list: VerifiedStatusList, held: VerifiedStatusList | undefined): string {
  const order = orderStatusLists(list, held);
  return order === 'newer' ? 'accepted' : order.toUpperCase();
}

async function decode(token: string, world: HostileWorld) {
  const key = await world.trust.key(world.key('county.status').kid)!.verificationKey();
  return decodeStatusList(token, { uri: LIST, issuer: COUNTY, key }, nodeCrypto);
}
