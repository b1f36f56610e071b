/** What a scheme's result means. Only `graded` may become a band (domain 3.3). */
export type SchemeBasis = 'graded' | 'eligibility' | 'relative' | 'inspection' | 'points' | 'lender' | 'internal';

export type SubjectKind = 'person' | 'household' | 'building' | 'group' | 'post' | 'enterprise';

export type SchemeKind =
  'civic_points' | 'graded_credit' | 'inspection' | 'exchange' | 'product' | 'programme' | 'alliance';

export type PlaceLevel =
  'village' | 'community' | 'town' | 'subdistrict' | 'functional_zone' | 'county' | 'cross_region';

/**
 * How a rule turns what happened into points. Exactly one member names the kind; all numbers are positive integers.
 * - `flat`: the points, once per entry, whatever its quantity
 * - `per_unit`: `points` for every full `n` of `unit`; what is left over is carried to the subject's next entry of the rule
 *   in the window, or dropped
 * - `deduct`: the points are taken off, once per entry
 */
export type RuleFormula =
  | { readonly flat: { readonly points: number } }
  | {
      readonly per_unit: {
        readonly unit: string;
        readonly n: number;
        readonly points: number;
        readonly remainder: 'carry' | 'drop';
      };
    }
  | { readonly deduct: { readonly points: number } };

/** At most `points` (in size, so also of deductions) per span and rule. `event` is one entry, `period` the window. */
export interface RuleCap {
  readonly per: 'event' | 'day' | 'month' | 'quarter' | 'year' | 'period';
  readonly points: number;
}

/**
 * How long an entry counts: whole months from the day it happened, however late it was recorded. Within a window of one
 * year it can only shorten that: an entry of last year does not count in this year's assessment, whatever its validity.
 */
export interface RuleValidity {
  readonly months: number;
}

export interface SchemeRule {
  readonly id: string;
  readonly category: string;
  readonly label_zh: string;
  readonly subject_kind: SubjectKind;
  readonly formula: RuleFormula;
  readonly cap?: RuleCap;
  readonly validity?: RuleValidity;
  readonly source: string;
}

/** A grade's scores, half-open `[ge, lt)`; the highest grade has no `lt`, the lowest no `ge`. */
export interface BandRow {
  readonly code: string;
  readonly label_zh?: string;
  readonly ge?: number;
  readonly lt?: number;
  readonly source: string;
}

export interface Assessment {
  readonly id: string;
  readonly over: 'person';
  readonly formula: { readonly base_plus_sum: { readonly base: number } };
  /** A calendar year, Asia/Shanghai. */
  readonly window: 'year';
  readonly integer: true;
  readonly source: string;
}

export interface Grading {
  readonly bands: {
    /** The id of the assessment whose score is graded. */
    readonly metric: string;
    /** Highest grade first. */
    readonly rows: readonly BandRow[];
  };
}

/**
 * A place's rules as versioned data (domain 3.1, `config/schemas/scheme.schema.json`). Days are `YYYY-MM-DD`,
 * Asia/Shanghai. Every number stands beside the `source` that gives it, or beside `ASSUMED`.
 */
export interface SchemeDocument {
  readonly id: string;
  readonly version: number;
  readonly name_zh: string;
  readonly name_en?: string;
  readonly kind: SchemeKind;
  readonly level: PlaceLevel;
  /** The GB/T 2260 code of the place; never its name. */
  readonly place: string;
  readonly operator: string;
  /** First and last day (inclusive) of this version. */
  readonly valid: { readonly from: string; readonly to?: string };
  readonly adopted_by: {
    readonly body: string;
    readonly date: string;
    readonly record: string;
    readonly source: string;
  };
  readonly subject_kinds: readonly SubjectKind[];
  readonly basis: SchemeBasis;
  /** What may leave the county: nothing, a badge without a letter, or a grade that can be mapped to a band. */
  readonly export: 'none' | 'badge' | 'band';
  /** The lowest grade that an attestation may show. */
  readonly positiveFloor: string;
  /** Grade codes, highest first. */
  readonly gradeOrder: readonly string[];
  readonly rules: readonly SchemeRule[];
  readonly assessment: Assessment;
  readonly grading: Grading;
  /** Where the document as a whole comes from, and what is not known. */
  readonly sources: readonly string[];
}
