import { acceptBundle, BUNDLE_JSON_BOUNDS, parseBundle, type AllianceTrust } from '#libs/alliance';
import { parseStrictJson } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildBundle } from './build-bundle.js';
import { buildHostileWorld, type HostileWorld } from './hostile-world.js';
import { recipesOf, TARGETS, type Recipe, type Target } from './recipe.js';
import { statusListOutcome } from './status-list-outcome.js';

/** A case whose outcome is not the one its recipe states. */
export interface Failure {
  readonly target: Target;
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
}

/** Runs every recipe against the libraries, without a test runner: what comes back is what went wrong. */
export async function runCorpus(): Promise<readonly Failure[]> {
  const world = await buildHostileWorld();
  const failures: Failure[] = [];
  for (const target of TARGETS)
    for (const recipe of recipesOf(target)) {
      const expected = recipe.fault ?? 'a code';
      for (const actual of await outcomesOf(target, recipe, world).catch((error: unknown) => [`${error}`]))
        if (actual !== expected) failures.push({ target, name: recipe.name, expected, actual });
    }
  return failures;
}

/** What a library makes of one recipe: `accepted`, or the code of the fault. */
async function outcomesOf(target: Target, recipe: Recipe, world: HostileWorld): Promise<readonly string[]> {
  if (target === 'status-list') return [await statusListOutcome(recipe, world)];
  const { bundle } = await buildBundle(recipe.do, world);
  const bytes = Buffer.from(bundle, 'latin1');
  // A gate that has held nothing yet must not be easier to deceive.
  const held = recipe.ordering ? [world.trust] : [world.trust, undefined];
  return Promise.all(held.map((trust) => bundleOutcome(bytes, world, trust)));
}

async function bundleOutcome(bytes: Uint8Array, world: HostileWorld, held: AllianceTrust | undefined): Promise<string> {
  const json = parseStrictJson(bytes, BUNDLE_JSON_BOUNDS);
  const bundle = json.ok ? parseBundle(json.value) : json;
  if (!bundle.ok) return bundle.fault;
  const outcome = await acceptBundle({ anchor: world.anchor, bundle: bundle.value, held }, nodeCrypto);
  return outcome.ok ? 'accepted' : outcome.fault;
}
