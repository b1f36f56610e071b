import { encodeBase64url } from '#libs/jose-profile';
import { deflateSync } from 'node:zlib';
import { COUNTY } from '#libs/testing/alliance';
import { buildToken } from './build-token.js';
import { LIST, type HostileWorld } from './hostile-world.js';
import { Edits, type Edit } from './recipe.js';
import { valueReader } from './values.js';

/** Revoked in the list a gate holds, and in no hostile one; the other way round. */
export const REVOKED = 40_001;
export const REVOKED_IN_HOSTILE_LISTS = 40_002;

/**
 * Builds a county's status list, edited.
 * @param later seconds after the one a gate holds; a hostile list revokes another index than that one
 */
export async function buildStatusList(recipe: readonly Edit[], world: HostileWorld, later = 0): Promise<string> {
  const edits = Edits.of(recipe);
  const bits = Buffer.alloc(2 ** 17 / 8);
  const index = later === 0 ? REVOKED : REVOKED_IN_HOSTILE_LISTS;
  bits[index >> 3] = 1 << (index & 7);
  const payload = {
    iss: COUNTY,
    sub: LIST,
    iat: world.now - 60 + later,
    exp: world.now - 60 + later + 72 * 3_600,
    ttl: 300,
    status_list: { bits: 1, lst: encodeBase64url(deflateSync(bits)) },
  };
  const plan = { typ: 'statuslist+jwt', payload, signer: 'county.status' };
  const token = await buildToken(plan, edits.take('list'), world, valueReader(world));
  edits.checkAllTaken();
  return token.text;
}
