import { describe, expect, it } from '@jest/globals';
import type { RuleFormula, RuleWorkflow, SchemeRule } from '#libs/scheme';
import { checkEntry, checkReversal, type ProposedEntry } from './index.js';

const rule = (formula: RuleFormula, evidence?: RuleWorkflow['evidence']): SchemeRule => ({
  id: 'r',
  category: 'yard',
  label_zh: '庭院',
  subject_kind: 'household',
  formula,
  source: 'ASSUMED',
  ...(evidence === undefined
    ? {}
    : { workflow: { declare_by: ['collector'], publicise_days: 0, evidence, source: 'ASSUMED' } }),
});

const check = (formula: RuleFormula, entry: Partial<ProposedEntry> = {}): unknown =>
  checkEntry(
    { rule: 'r', occurredOn: '2026-06-30', ...entry },
    rule(formula),
    { valid: { from: '2026-01-01', to: '2026-12-31' } },
    '2026-09-16',
  );

const flat: RuleFormula = { flat: { points: 5 } };
const per_unit: RuleFormula = { per_unit: { unit: 'hour', n: 4, points: 1, remainder: 'carry' } };
const ladder: RuleFormula = { ladder: { measure: 'hour', steps: [{ at: 10, points: 2 }] } };
const bracket: RuleFormula = { bracket: { measure: 'yuan', rows: [{ from: 100, per: 100, points: 1 }] } };
const range: RuleFormula = { range: { min: -5, max: 10 } };
const label: RuleFormula = { label: { 好: 10, 中: 0, 差: 0 } };
const deduct: RuleFormula = { deduct: { points: 3 } };
const override: RuleFormula = { override: { grade: 'C', months: 12 } };

describe('an entry and its rule', () => {
  it.each<readonly [RuleFormula, readonly (number | undefined)[], readonly (number | undefined)[]]>([
    [flat, [undefined, 1], [0, 2]],
    [deduct, [undefined, 1], [2, -1]],
    [override, [undefined, 1], [12]],
    [per_unit, [1, 400], [undefined, 0, -4, 1.5]],
    [ladder, [1, 300], [undefined, 0, 0.5, Number.NaN]],
    [bracket, [1, 20_000], [undefined, 0, 2 ** 53]],
    [range, [-5, 0, 10], [undefined, -6, 11, 0.5]],
  ])('agree on the quantity of %j', (formula, right, wrong) => {
    for (const quantity of right) expect(check(formula, quantity === undefined ? {} : { quantity })).toBeUndefined();
    for (const quantity of wrong)
      expect(check(formula, quantity === undefined ? {} : { quantity })).toEqual({
        code: 'ENTRY_NOT_BY_RULE',
        member: 'quantity',
      });
  });

  it('agree on the label, which only inspections have', () => {
    expect(check(label, { label: '好' })).toBeUndefined();
    const refused = { code: 'ENTRY_NOT_BY_RULE', member: 'label' };
    expect([check(label), check(label, { label: '优' }), check(label, { label: 'toString' })]).toEqual([
      refused,
      refused,
      refused,
    ]);
    expect(check(flat, { label: '好' })).toEqual(refused);
    expect(check(label, { label: '好', quantity: 2 })).toMatchObject({ member: 'quantity' });
  });

  it.each(['2025-12-31', '2027-01-01', '2026-09-17', '2026-02-30', ''])('have no entry of the day %p', (occurredOn) => {
    expect(check(flat, { occurredOn })).toEqual({ code: 'ENTRY_NOT_BY_RULE', member: 'occurredOn' });
  });

  it('have entries of the first day, the last and today', () => {
    for (const occurredOn of ['2026-01-01', '2026-09-16']) expect(check(flat, { occurredOn })).toBeUndefined();
    const open = { valid: { from: '2026-01-01' } };
    expect(checkEntry({ rule: 'r', occurredOn: '2030-01-01' }, rule(flat), open, '2030-01-01')).toBeUndefined();
  });

  it('need every kind of evidence the workflow names', () => {
    const scanned = rule(flat, ['door_scan', 'photo']);
    const scheme = { valid: { from: '2026-01-01' } };
    const entry = { rule: 'r', occurredOn: '2026-06-30' };
    const missing = { code: 'ENTRY_EVIDENCE_MISSING', member: 'evidence' };
    expect(checkEntry(entry, scanned, scheme, '2026-09-16')).toEqual(missing);
    const half = { ...entry, evidence: [{ kind: 'photo' as const }, { kind: 'photo' as const }] };
    expect(checkEntry(half, scanned, scheme, '2026-09-16')).toEqual(missing);
    const whole = { ...entry, evidence: [...half.evidence, { kind: 'door_scan' as const }] };
    expect(checkEntry(whole, scanned, scheme, '2026-09-16')).toBeUndefined();
  });

  it('must both be there', () => {
    const unknown = checkEntry({ rule: 'x', occurredOn: '2026-06-30' }, undefined, { valid: { from: '' } }, '');
    expect(unknown).toEqual({ code: 'ENTRY_RULE_UNKNOWN', member: 'rule' });
  });
});

describe('a reversal', () => {
  const origin = { scheme: 's', rule: 'r', subject: 'p', state: 'effective', isReversal: false } as const;

  it('takes back one entry of the same rule and subject, while it counts or is contested', () => {
    for (const state of ['effective', 'upheld', 'contested'] as const)
      expect(checkReversal(origin, { ...origin, state })).toBeUndefined();
    for (const state of ['declared', 'publicised', 'rejected', 'reversed', 'expired'] as const)
      expect(checkReversal(origin, { ...origin, state })).toBe('REVERSAL_NOT_OPEN');
    for (const other of [{ scheme: 'x' }, { rule: 'x' }, { subject: 'x' }])
      expect(checkReversal({ ...origin, ...other }, origin)).toBe('REVERSAL_NOT_OF_ENTRY');
    expect(checkReversal(origin, { ...origin, isReversal: true })).toBe('REVERSAL_OF_REVERSAL');
  });
});
