import { parseBadge } from '#libs/attestation';
import { nodeCrypto } from '#libs/jose-profile/node';
import { COUNTY, VISIT_FEDERATION } from '#libs/testing/alliance';
import { verifyBadge } from '#libs/verifier';
import { ASKED_BY, buildBadge } from './build-badge.js';
import { REVOKED } from './build-status-list.js';
import { LIST, type HostileWorld } from './hostile-world.js';
import type { Recipe } from './recipe.js';
import { valueReader } from './values.js';

/** When and knowing what somebody looks at a badge, where it differs (Unix seconds). */
interface Looking {
  readonly now?: number;
  readonly timeFloor?: number;
  /** Of the county's status list. */
  readonly listIat?: number;
}

/** What whoever asked to see a badge makes of one, and the fault its parser names, if it does. */
export async function badgeOutcome(
  recipe: Recipe,
  world: HostileWorld,
): Promise<{ readonly verdict: string; readonly fault: string | undefined }> {
  const text = await buildBadge(recipe.do, world);
  const looking = valueReader(world)(recipe.facts ?? {}) as Looking;
  const { now = world.now, timeFloor = world.now, listIat = world.now - 60 } = looking;
  const lists = new Map([...world.visits.lists, [LIST, await world.visits.listOf(COUNTY, [REVOKED], listIat)]]);
  const request = { ...ASKED_BY, federation: VISIT_FEDERATION, now, timeFloor };
  const { code } = await verifyBadge(text, request, world.trust, lists, nodeCrypto);
  const parsed = parseBadge(text);
  return { verdict: code, fault: parsed.ok ? undefined : parsed.fault };
}
