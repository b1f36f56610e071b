import { acceptBundle, BUNDLE_JSON_BOUNDS, parseBundle, type AllianceTrust } from '#libs/alliance';
import { parseStrictJson } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { badgeOutcome } from './badge-outcome.js';
import { buildBundle } from './build-bundle.js';
import { buildHostileWorld, type HostileWorld } from './hostile-world.js';
import { recipesOf, TARGETS, type Recipe, type Target } from './recipe.js';
import { isProofTarget, proofOutcome, replayOutcome } from './proof-outcome.js';
import { statusListOutcome } from './status-list-outcome.js';

/** A case whose outcome is not the one its recipe states. */
export interface Failure {
  readonly target: Target;
  readonly name: string;
  readonly actual: string;
}

/**
 * Runs every recipe against the libraries, without a test runner: what comes back is what went wrong, as it comes.
 * @param first the targets to begin with
 */
export async function* corpusFailures(first: readonly Target[] = []): AsyncGenerator<Failure> {
  const world = await buildHostileWorld();
  for (const target of new Set([...first, ...TARGETS]))
    for (const recipe of recipesOf(target)) {
      const wrong = await judge(target, recipe, world).catch((error: unknown) => String(error));
      if (wrong !== undefined) yield { target, name: recipe.name, actual: wrong };
    }
}

/** What is wrong with the outcome of one recipe, if anything. */
async function judge(target: Target, recipe: Recipe, world: HostileWorld): Promise<string | undefined> {
  if (target === 'replay') {
    const { verdict, elsewhere } = await replayOutcome(recipe, world);
    const isAsStated = recipe.verdicts?.includes(verdict) === true && elsewhere === recipe.elsewhere;
    return isAsStated ? undefined : `${verdict}, elsewhere ${elsewhere}`;
  }
  if (target === 'badge' || isProofTarget(target)) {
    const { verdict, fault } =
      target === 'badge' ? await badgeOutcome(recipe, world) : await proofOutcome(target, recipe, world);
    const isAsStated = recipe.verdicts?.includes(verdict) === true && fault === recipe.fault;
    return isAsStated ? undefined : `${verdict} ${fault}`;
  }
  const outcomes =
    target === 'status-list' ? [await statusListOutcome(recipe, world)] : await bundleOutcomes(recipe, world);
  return outcomes.find((outcome) => outcome !== recipe.fault);
}

async function bundleOutcomes(recipe: Recipe, world: HostileWorld): Promise<readonly string[]> {
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
