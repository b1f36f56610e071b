import type { RuleCap, SubjectKind } from '../scheme-document.js';

/**
 * The formula tree in total form: the points of one rule for one subject are a function of the set of its counting entries,
 * never of their order. `evaluate.ts` and `compile-sql.ts` are its two interpreters. All numbers are whole.
 */
export type EntryTerm =
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: 'quantity' }
  /** The points of the entry's label; 0 for any other label. */
  | { readonly op: 'label'; readonly points: Readonly<Record<string, number>> }
  | { readonly op: 'apply'; readonly operation: Operation; readonly of: EntryTerm };

/** What the entries of one span make together. */
export type SpanTerm =
  | { readonly op: 'sum'; readonly each: EntryTerm }
  | { readonly op: 'apply'; readonly operation: Operation; readonly of: SpanTerm };

/** What is done to one number. */
export type Operation =
  /** What the last row makes of the number that holds it; 0 where none does. */
  | { readonly op: 'rows'; readonly rows: readonly Row[] }
  /** Between `-limit` and `limit`. */
  | { readonly op: 'clamp'; readonly limit: number };

/** The numbers between `from` and `to`, both included. */
export interface Row {
  readonly from: number;
  readonly to?: number;
  /** `points` for every full `per` of the whole number; once where absent. */
  readonly per?: number;
  readonly points: number;
}

/** The stretch of time whose entries make one total; a rule's points are the sum over its spans. */
export type Span = Exclude<RuleCap['per'], 'event'>;

export interface RuleTerm {
  readonly rule: string;
  readonly span: Span;
  readonly total: SpanTerm;
  /** Months from the day it happened for which an entry counts. */
  readonly months?: number;
}

/** A figure about every subject of the kind `over`. */
export type MetricTerm = NumberTerm | LabelTerm;

export interface NumberTerm {
  readonly value: 'number';
  readonly over: SubjectKind;
  readonly base: number;
  /** Divided by the members at the cut-off. */
  readonly isPerMember: boolean;
  readonly rules: readonly CountedRule[];
  /** Whether the metric names its rules, and so leaves out others of the scheme. */
  readonly isSelection: boolean;
  /** Of a score that is itself spent: whether what members spend falls away as well. */
  readonly spending?: { readonly ofMembers: boolean };
}

export interface CountedRule extends RuleTerm {
  /** Whether entries of a household's or group's members count for it, besides its own. */
  readonly ofMembers: boolean;
}

/** The label of the last entry of `rule` that counts. */
export interface LabelTerm {
  readonly value: 'label';
  readonly over: SubjectKind;
  readonly rule: string;
  readonly months?: number;
}
