import type { Metric, SchemeDocument, SchemeRule, SubjectKind } from '../scheme-document.js';
import { ruleTerm } from './rule-term.js';
import type { CountedRule, MetricTerm } from './term.js';

/** Whose members' entries count for them. An enterprise and its staff keep apart (F08), a building says nothing of people. */
const COUNTS_MEMBERS: readonly SubjectKind[] = ['household', 'group'];

/** What of a scheme makes a metric. */
export type MetricScheme = Pick<SchemeDocument, 'rules'> & Partial<Pick<SchemeDocument, 'balance'>>;

/**
 * Whether what is spent falls away from a metric: of a scheme with one balance, every figure of all its points. A figure of
 * some rules only, or of how often something was done, is no balance.
 */
export function fallsBySpending({ balance }: Pick<MetricScheme, 'balance'>, { formula }: Metric): boolean {
  if (balance !== 'single' || 'last_label' in formula || 'count' in formula) return false;
  return namedRules(formula) === undefined;
}

/** A metric of a scheme as a tree. Rules that the scheme does not have are left out; `checkScheme` finds them. */
export function metricTerm(scheme: MetricScheme, metric: Metric): MetricTerm {
  const { rules } = scheme;
  const { over, formula } = metric;
  if ('last_label' in formula) {
    const rule = rules.find(({ id }) => id === formula.last_label.rule);
    const months = rule?.validity?.months;
    return { value: 'label', over, rule: formula.last_label.rule, ...(months === undefined ? {} : { months }) };
  }
  const names = namedRules(formula);
  const counted = countedRules(rules, names, over);
  return {
    value: 'number',
    over,
    base: 'base_plus_sum' in formula ? formula.base_plus_sum.base : 0,
    isPerMember: 'mean_per_member' in formula,
    rules: 'count' in formula ? counted.map(oneForEach) : counted,
    isSelection: names !== undefined,
    ...(fallsBySpending(scheme, metric) && { spending: { ofMembers: COUNTS_MEMBERS.includes(over) } }),
  };
}

type NumberFormula = Exclude<Metric['formula'], { readonly last_label: unknown }>;

function namedRules(formula: NumberFormula): readonly string[] | undefined {
  if ('sum' in formula) return formula.sum.rules;
  if ('base_plus_sum' in formula) return formula.base_plus_sum.rules;
  return 'count' in formula ? formula.count.rules : formula.mean_per_member.rules;
}

function countedRules(
  rules: readonly SchemeRule[],
  names: readonly string[] | undefined,
  over: SubjectKind,
): readonly CountedRule[] {
  return rules
    .filter(({ id }) => names === undefined || names.includes(id))
    .map((rule) => {
      // A household credited besides the person has an entry of its own; the person's would count twice.
      const isCreditedItself = over === 'household' && (rule.credits ?? []).includes('household');
      return { ...ruleTerm(rule), ofMembers: COUNTS_MEMBERS.includes(over) && !isCreditedItself };
    });
}

/** Counting is adding up ones, whatever the points. */
function oneForEach(rule: CountedRule): CountedRule {
  return { ...rule, span: 'period', total: { op: 'sum', each: { op: 'constant', value: 1 } } };
}
