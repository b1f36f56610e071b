import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostileGate, type HostileGate } from './hostile-gate.js';
import { recipesOf, TARGETS, type Recipe, type Target } from './recipe.js';

const PROOFS = ['presentation', 'key-binding', 'qr-payload', 'card'] as const;
const BUNDLES = ['anchor', 'delegation', 'round', 'head', 'documents', 'bundle'] as const;

let gate: HostileGate;
const outcomes = new Map<Recipe, unknown>();
const met = new Map<Target, readonly Recipe[]>(
  TARGETS.map((target) => [target, recipesOf(target).filter((recipe) => isMet(target, recipe))]),
);

/** No gate asks for vouchers by itself, or for badges at all. A gate takes controls in, too: so of bundles and lists only one good one comes, and last. */
function isMet(target: Target, { libraryOnly, fault, gateFault }: Recipe): boolean {
  if (libraryOnly !== undefined || target === 'voucher' || target === 'badge') return false;
  return fault !== 'accepted' || gateFault !== undefined;
}

const recipesMet = (target: Target): readonly Recipe[] => met.get(target) ?? [];
const rows = (target: Target) =>
  recipesMet(target).map((recipe) => [recipe.clauses.join(' '), recipe.name, recipe] as const);

/** A recipe that cannot be built fails its own test, not all of them. */
async function note(recipe: Recipe, outcome: Promise<unknown>): Promise<void> {
  outcomes.set(recipe, await outcome.catch((error: unknown) => error));
}

beforeAll(async () => {
  gate = await hostileGate();
  const proofs = PROOFS.flatMap((target) => recipesMet(target).map((recipe) => [target, recipe] as const));
  const inTurn = async (lane: number): Promise<void> => {
    for (const [target, recipe] of proofs.filter((_, index) => index % 4 === lane))
      await note(recipe, gate.verdictOn(target, recipe));
  };
  const bundles = async (): Promise<void> => {
    for (const recipe of BUNDLES.flatMap(recipesMet)) await note(recipe, gate.afterBundle(recipe));
  };
  const replays = async (): Promise<void> => {
    for (const recipe of recipesMet('replay')) await note(recipe, gate.afterReplay(recipe));
  };
  const lists = gate.afterLists(recipesMet('status-list'), note);
  await Promise.all([...[0, 1, 2, 3].map(inTurn), bundles(), replays(), lists]);
}, 240_000);
afterAll(() => gate.stop());

describe.each(PROOFS)('the hostile corpus at a gate: %s', (target) => {
  it.each(rows(target))('%s: %s', (_clauses, _name, recipe) => {
    expect(recipe.verdicts).toContain(outcomes.get(recipe));
  });
});

describe('the hostile corpus at a gate: replay', () => {
  it.each(rows('replay'))('%s: %s', (_clauses, _name, recipe) => {
    expect(outcomes.get(recipe)).toEqual({ verdict: recipe.verdicts?.[0], elsewhere: recipe.elsewhere });
  });
});

describe.each(BUNDLES)('the hostile corpus at a gate: %s', (target) => {
  it.each(rows(target))('%s: %s', (_clauses, _name, recipe) => {
    const fault = recipe.gateFault ?? recipe.fault;
    expect(outcomes.get(recipe)).toEqual({ lastFault: fault, seq: 1, visit: 'granted' });
  });
});

describe('the hostile corpus at a gate: status-list', () => {
  it.each(rows('status-list'))('%s: %s', (_clauses, _name, recipe) => {
    expect(outcomes.get(recipe)).toEqual({ revokedBefore: 'no_proof', revokedByIt: 'granted' });
  });
});

describe('the gate that met all of it', () => {
  it('takes the next good list and the next good bundle', async () => {
    await gate.takesNextList();
    await gate.takesNextBundle();
    expect(await gate.visit()).toBe('granted');
  });
});
