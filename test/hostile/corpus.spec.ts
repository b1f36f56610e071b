import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildHostileWorld, type HostileWorld } from './hostile-world.js';
import { recipesOf, TARGETS } from './recipe.js';
import { outcomesOf } from './run-corpus.js';

let world: HostileWorld;
beforeAll(async () => {
  world = await buildHostileWorld();
});

describe.each(TARGETS)('the hostile corpus against the libraries: %s', (target) => {
  it.each(recipesOf(target).map((recipe) => [recipe.clauses.join(' '), recipe.name, recipe] as const))(
    '%s: %s',
    async (_clauses, _name, recipe) => {
      for (const outcome of await outcomesOf(target, recipe, world)) expect(outcome).toBe(recipe.fault);
    },
  );
});
