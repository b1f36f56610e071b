import { beforeAll, describe, expect, it } from '@jest/globals';
import { recipesOf, TARGETS } from './recipe.js';
import { corpusFailures, type Failure } from './run-corpus.js';

const failures: Failure[] = [];
beforeAll(async () => {
  for await (const failure of corpusFailures()) failures.push(failure);
}, 120_000);

describe.each(TARGETS)('the hostile corpus against the libraries: %s', (target) => {
  const recipes = recipesOf(target);

  it.each(recipes.map(({ clauses, name }) => [clauses.join(' '), name] as const))('%s: %s', (_clauses, name) => {
    expect(failures.filter((failure) => failure.target === target && failure.name === name)).toEqual([]);
  });

  it('names every case once', () => {
    expect(new Set(recipes.map(({ name }) => name)).size).toBe(recipes.length);
  });
});
