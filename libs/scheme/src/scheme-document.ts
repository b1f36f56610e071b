/** What a scheme's result means. Only `graded` may become a band (domain 3.3). */
export type SchemeBasis = 'graded' | 'eligibility' | 'relative' | 'inspection' | 'points' | 'lender' | 'internal';

export type SubjectKind = 'person' | 'household' | 'building' | 'group' | 'post' | 'enterprise';

export type SchemeKind =
  'civic_points' | 'graded_credit' | 'inspection' | 'exchange' | 'product' | 'programme' | 'alliance';

export type PlaceLevel =
  'village' | 'community' | 'town' | 'subdistrict' | 'functional_zone' | 'county' | 'cross_region';

/** A stretch of the calendar in Asia/Shanghai. */
export type Cadence = 'month' | 'quarter' | 'year';

/**
 * How a rule turns what happened into points. Exactly one member names the kind; all numbers are whole. What an entry says
 * besides its day is its `quantity` (a whole number) or, for `label`, its label.
 * - `flat`: the points, once per entry
 * - `per_unit`: `points` for every full `n` of `unit`; what is left over is carried to the subject's next entry of the rule
 *   in the same span (that of the cap, else the assessed period), or dropped
 * - `ladder`: the subject's total of `measure` in the span reaches steps; the highest reached counts, not their sum
 * - `bracket`: the row an entry's amount of `measure` lies in (`from` and `to` included) gives `points` for every full `per`
 *   of the whole amount, or once where the row has no `per`
 * - `range`: whoever records chooses points from `min` to `max`; the entry's quantity is these points
 * - `label`: an inspection's label gives its points
 * - `deduct`: the points are taken off, once per entry
 * - `override`: no points: sets the grade directly (直接判级) for `months` from the day it happened. While it holds, points
 *   are recorded but nothing lifts the subject above it; the lowest of such grades and the one the metric gives is the grade
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
  | { readonly ladder: { readonly measure: string; readonly steps: readonly LadderStep[] } }
  | { readonly bracket: { readonly measure: string; readonly rows: readonly BracketRow[] } }
  | { readonly range: { readonly min: number; readonly max: number } }
  | { readonly label: Readonly<Record<string, number>> }
  | { readonly deduct: { readonly points: number } }
  | { readonly override: { readonly grade: string; readonly months: number } };

export interface LadderStep {
  readonly at: number;
  readonly points: number;
}

export interface BracketRow {
  readonly from: number;
  /** Absent in the last row: no upper end. */
  readonly to?: number;
  readonly per?: number;
  readonly points: number;
}

/** At most `points` (in size, so also of deductions) per span and rule. `event` is one entry, `period` what is assessed. */
export interface RuleCap {
  readonly per: 'event' | 'day' | Cadence | 'period';
  readonly points: number;
}

/** How long an entry counts: whole months from the day it happened, however late it was recorded. */
export interface RuleValidity {
  readonly months: number;
}

/** Who takes part in a rule's way from declaration to effect; the roles are those of `libs/staff`. */
export interface RuleWorkflow {
  /** `resident` where people declare themselves. */
  readonly declare_by: readonly ('resident' | 'collector' | 'verifier' | 'manager')[];
  /** Days on the board before an entry takes effect; 0 for none. */
  readonly publicise_days: number;
  /** An entry worth more than this (in size) needs a second approver. */
  readonly two_people_above?: number;
  /** What an entry must bring: a photo, a door scan, a sign-in sheet. */
  readonly evidence?: readonly ('photo' | 'door_scan' | 'sheet' | 'document')[];
  readonly source: string;
}

export interface SchemeRule {
  readonly id: string;
  readonly category: string;
  readonly label_zh: string;
  readonly subject_kind: SubjectKind;
  readonly formula: RuleFormula;
  readonly cap?: RuleCap;
  readonly validity?: RuleValidity;
  /** Who is credited besides the subject itself: its household, or the person's parents. */
  readonly credits?: readonly ('household' | 'parents')[];
  readonly workflow?: RuleWorkflow;
  readonly source: string;
}

/**
 * A figure about every subject of a kind, for one period. For a household or group its members' entries count besides its
 * own, from the day they joined and for as long as they stay; a rule that `credits` the household counts by the household's
 * own entry alone. Of other kinds only their own entries count.
 * - `sum`: the points of all rules, or of `rules` only
 * - `base_plus_sum`: the same on top of `base`
 * - `mean_per_member`: a household's or group's points (its own and its members') per member, as an exact fraction
 * - `count`: how many entries count
 * - `last_label`: the label of the last inspection that counts; not a number
 */
export interface Metric {
  readonly id: string;
  readonly over: SubjectKind;
  readonly formula:
    | { readonly sum: { readonly rules?: readonly string[] } }
    | { readonly base_plus_sum: { readonly base: number; readonly rules?: readonly string[] } }
    | { readonly mean_per_member: { readonly rules?: readonly string[] } }
    | { readonly count: { readonly rules?: readonly string[] } }
    | { readonly last_label: { readonly rule: string } };
  /** `event` is one day; `rolling` the months up to the cut-off; `all` everything that has not expired. */
  readonly window: Cadence | 'event' | 'all' | { readonly rolling: { readonly months: number } };
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

/**
 * What a metric makes of a subject. 以上 includes the number (`ge`), 超过 and 高于 exclude it (`gt`) (民法典 art. 1259).
 * - `bands`: rows from the highest grade to the lowest, contiguous
 * - `predicate`: whoever compares so with `value` has `code`
 * - `relative`: whoever compares so with the mean or median of the same place, or is among the first `value` by rank
 *   (equals share a rank), or among the first `value` per cent, has `code`
 * - `labels`: the last label is the grade; from the best to the worst
 * - `imported`: the grade comes from the system that computes it today; from the highest to the lowest
 */
export type Grading = {
  readonly id: string;
  /** What those are called who have a grade by it (诚信个人); `id` where it says nothing. */
  readonly label_zh?: string;
  /** The lowest grade that may leave the county; only for what may be mapped to bands. */
  readonly positive_floor?: string;
  /** What a badge says of whoever has this grade or a higher one, in words: a badge bears no letter. */
  readonly badge?: { readonly label_zh: string; readonly at_least: string };
  readonly source: string;
} & (
  | { readonly bands: { readonly metric: string; readonly rows: readonly BandRow[] } }
  | { readonly predicate: Comparison & { readonly value: number } }
  | {
      readonly relative:
        | (Comparison & { readonly vs: 'mean' | 'median'; readonly scope: 'place' | 'scheme' })
        | (Omit<Comparison, 'op'> & {
            readonly vs: 'rank' | 'percentile';
            readonly scope: 'place' | 'scheme';
            readonly value: number;
          });
    }
  | { readonly labels: { readonly metric: string; readonly order: readonly string[] } }
  | { readonly imported: { readonly over: SubjectKind; readonly order: readonly string[] } }
);

interface Comparison {
  readonly metric: string;
  readonly op: 'gt' | 'ge';
  readonly code: string;
}

/** What points buy. Prices are points; a fund pays the shop. */
export interface CatalogueItem {
  readonly sku: string;
  readonly label_zh: string;
  readonly kind: 'goods' | 'service' | 'voucher' | 'facility' | 'training';
  readonly price_points: number;
  /** The most of it one subject takes per span. */
  readonly limit?: { readonly per: 'event' | Cadence; readonly n: number };
  /** A partner who provides it, where that is not the shop itself. */
  readonly provider?: string;
  readonly fund?: string;
  readonly source: string;
}

export interface Fund {
  readonly id: string;
  readonly label_zh: string;
  /** What may flow in; `award` is a transfer from the fund named by `from`. */
  readonly inflows: readonly ('award' | 'collective' | 'sponsor' | 'donation')[];
  readonly from?: string;
  readonly source: string;
}

/** When and how points are exchanged. */
export interface Redemption {
  readonly cadence: Cadence | 'any_time' | 'event';
  /** Whether a member of the household may collect for the subject (代领). */
  readonly proxy: boolean;
  readonly source: string;
}

/** An extra that a grade or badge opens; never a statutory service (domain G2), and help by age or need asks for no points. */
export interface Benefit {
  readonly id: string;
  readonly label_zh: string;
  /** The organisation that alone may ask who is given it; any provider of the place where none is named. */
  readonly provider?: string;
  readonly requires:
    | { readonly grade: { readonly grading: string; readonly at_least: string } }
    | { readonly any_of: readonly ({ readonly age: number } | { readonly need: string })[] };
  readonly effect:
    | { readonly free: true }
    | { readonly percent_off: number }
    | { readonly price_to: number }
    | { readonly cashback: number }
    | { readonly credit_tier: { readonly limit_yuan?: number; readonly rate_percent?: string } }
    | { readonly priority: true }
    | { readonly honour: true };
  readonly statutory: false;
  readonly source: string;
}

/** Where results are shown: in any place of the scheme, with the people of that place only. */
export interface Publicity {
  readonly surface: 'board' | 'pyramid' | 'screen' | 'red_list' | 'black_list' | 'honour' | 'booklet';
  /** `group` in one village, community or grid at a time; `place` also for a whole town. */
  readonly scope: 'group' | 'place';
  readonly days?: number;
  /** A black list is off unless the place turned it on. */
  readonly enabled?: boolean;
  readonly source: string;
}

/** A call for hands that one sign-in sheet turns into entries of `rule`; without a rule taking part is only logged. */
export interface ActivityKind {
  readonly id: string;
  readonly label_zh: string;
  readonly rule?: string;
  readonly source: string;
}

/** Schemes whose points buy alike inside one area (同值化). */
export interface Area {
  readonly id: string;
  readonly schemes: readonly string[];
  readonly shared: readonly ('activities' | 'scenes' | 'prices')[];
  readonly transfer: 1;
  readonly accept_by: string;
  readonly source: string;
}

/** What of a document its children have in common with it, but for what it leaves to them in `overridable`. */
export type SchemePart =
  | 'rules'
  | 'metrics'
  | 'gradings'
  | 'catalogue'
  | 'funds'
  | 'redemption'
  | 'benefits'
  | 'publicity'
  | 'activities'
  | 'area'
  | 'subject_kinds'
  | 'basis'
  | 'export'
  | 'balance';

/**
 * A place's rules as versioned data (domain 3.1, `config/schemas/scheme.schema.json`), complete: what a child inherits
 * stands in it (`resolveScheme`). Days are `YYYY-MM-DD`, Asia/Shanghai. Every number stands beside the `source` that gives
 * it, or beside `ASSUMED`.
 */
export interface SchemeDocument {
  readonly id: string;
  readonly version: number;
  readonly name_zh: string;
  readonly name_en?: string;
  readonly kind: SchemeKind;
  readonly level: PlaceLevel;
  /** The id of the place in the place register; never its name. */
  readonly place: string;
  readonly operator: string;
  readonly parent?: SchemeReference;
  /** What children may set for themselves: a part (`rules`), one member of it (`rules/yard`), further members (`rules/+`). */
  readonly overridable?: readonly string[];
  /** First and last day (inclusive) of this version. */
  readonly valid: { readonly from: string; readonly to?: string };
  /** Who adopted this version, when, and where that is on record. A draft has none yet, and nothing is recorded under it. */
  readonly adopted_by?: {
    readonly body: string;
    readonly date: string;
    readonly record: string;
    readonly source: string;
  };
  readonly subject_kinds: readonly SubjectKind[];
  /** Its people are minors: who took part is logged, nothing is scored (domain G9). */
  readonly minors?: true;
  readonly basis: SchemeBasis;
  /** What may leave the county: nothing, a badge without a letter, or a grade that can be mapped to a band. */
  readonly export: 'none' | 'badge' | 'band';
  /** `separate`: merit is never spent, a wallet is. `single`: the score itself is spent. `none`: nothing is exchanged. */
  readonly balance: 'separate' | 'single' | 'none';
  readonly rules: readonly SchemeRule[];
  readonly metrics: readonly Metric[];
  readonly gradings: readonly Grading[];
  readonly catalogue?: readonly CatalogueItem[];
  readonly funds?: readonly Fund[];
  readonly redemption?: Redemption;
  readonly benefits?: readonly Benefit[];
  readonly publicity?: readonly Publicity[];
  readonly activities?: readonly ActivityKind[];
  readonly area?: Area;
  /** Where the document as a whole comes from, and what is not known. */
  readonly sources: readonly string[];
}

export interface SchemeReference {
  readonly id: string;
  readonly version: number;
}

/** What must stand in every document as it is written; a child leaves out the parts it inherits. */
export type WrittenScheme = Omit<SchemeDocument, 'rules' | 'metrics' | 'gradings'> &
  Partial<Pick<SchemeDocument, 'rules' | 'metrics' | 'gradings'>>;
