import type { RuleFormula, SchemeRule } from '../scheme-document.js';
import type { EntryTerm, Operation, RuleTerm, SpanTerm } from './term.js';

const QUANTITY: EntryTerm = { op: 'quantity' };

/** A rule as a tree. A direct grading gives no points; its tree is the constant 0. */
export function ruleTerm({ id, formula, cap, validity }: SchemeRule): RuleTerm {
  const months = 'override' in formula ? formula.override.months : validity?.months;
  return { rule: id, ...capped(formula, cap), ...(months === undefined ? {} : { months }) };
}

function capped(formula: RuleFormula, cap: SchemeRule['cap']): Pick<RuleTerm, 'span' | 'total'> {
  if (cap === undefined) return { span: 'period', total: ofSpan(formula) };
  const clamp: Operation = { op: 'clamp', limit: cap.points };
  // A span of one entry: nothing is carried out of it or added up in it.
  if (cap.per === 'event')
    return { span: 'period', total: { op: 'sum', each: { op: 'apply', operation: clamp, of: ofEntry(formula) } } };
  return { span: cap.per, total: { op: 'apply', operation: clamp, of: ofSpan(formula) } };
}

function ofSpan(formula: RuleFormula): SpanTerm {
  const isOfTotal = 'ladder' in formula || ('per_unit' in formula && formula.per_unit.remainder === 'carry');
  if (!isOfTotal) return { op: 'sum', each: ofEntry(formula) };
  return { op: 'apply', operation: rows(formula), of: { op: 'sum', each: QUANTITY } };
}

function ofEntry(formula: RuleFormula): EntryTerm {
  if ('flat' in formula) return { op: 'constant', value: formula.flat.points };
  if ('deduct' in formula) return { op: 'constant', value: -formula.deduct.points };
  if ('range' in formula) return QUANTITY;
  if ('label' in formula) return { op: 'label', points: formula.label };
  if ('override' in formula) return { op: 'constant', value: 0 };
  return { op: 'apply', operation: rows(formula), of: QUANTITY };
}

type Measured = Extract<RuleFormula, { per_unit: unknown } | { ladder: unknown } | { bracket: unknown }>;

/** Units, steps and brackets are all rows: a unit's only one has no end, the last step reached is the highest. */
function rows(formula: Measured): Operation {
  if ('bracket' in formula) return { op: 'rows', rows: formula.bracket.rows };
  if ('ladder' in formula)
    return { op: 'rows', rows: formula.ladder.steps.map(({ at, points }) => ({ from: at, points })) };
  const { n, points } = formula.per_unit;
  return { op: 'rows', rows: [{ from: 0, per: n, points }] };
}
