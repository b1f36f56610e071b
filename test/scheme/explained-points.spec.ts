import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluateMetric, explainMetric, metricTerm } from '#libs/scheme';
import { drawnPopulation, noon } from './drawn-population.js';
import { drawnScheme, LABELS, RULES } from './drawn-schemes.js';

const time = { window: { from: '2025-10-01', to: '2026-12-31' }, cutOff: noon('2026-06-30') };
const people = drawnPopulation(['person', 'household'], RULES, LABELS);

describe('a number is a function of the set of entries', () => {
  it('that their order does not change', () => {
    fc.assert(
      fc.property(drawnScheme, people, (scheme, { entries, memberships, subjects, spending = [] }) => {
        const term = metricTerm(scheme, scheme.metrics[0]!);
        const [forth, back] = [
          { entries, memberships, spending },
          {
            entries: entries.toReversed(),
            memberships: memberships.toReversed(),
            spending: spending.toReversed(),
          },
        ];
        for (const { id } of subjects)
          expect(evaluateMetric(term, id, back, time)).toEqual(evaluateMetric(term, id, forth, time));
      }),
    );
  });

  it('and that is explained entry by entry, to the point', () => {
    let lines = 0;
    fc.assert(
      fc.property(drawnScheme, people, (scheme, { entries, memberships, subjects, spending = [] }) => {
        const term = metricTerm(scheme, scheme.metrics[0]!);
        if (term.value !== 'number') return;
        for (const { id } of subjects) {
          const facts = { entries, memberships, spending };
          const explained = explainMetric(term, id, facts, time);
          lines += explained.lines.length;
          const { num } = { num: explained.base, ...evaluateMetric({ ...term, isPerMember: false }, id, facts, time) };
          expect(explained.lines.reduce((sum, { points }) => sum + points, explained.base)).toBe(num);
        }
      }),
    );
    expect(lines).toBeGreaterThan(1000);
  });
});
