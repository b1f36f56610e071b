import { canonicalJson } from '#libs/jose-profile';
import { GatewayError } from '#libs/platform';
import {
  assessMetric,
  type AssessmentTime,
  explainMetric,
  type Facts,
  type MetricValue,
  metricTerm,
  type SchemeDocument,
  type SubjectKind,
} from '#libs/scheme';

export interface ExplainedLine {
  readonly entry: string;
  /** Of what was spent, the cause. */
  readonly rule: string;
  /** The rule in the words of the scheme document. */
  readonly label: string;
  readonly occurredOn: string;
  readonly quantity: number;
  readonly points: number;
}

/** Why a subject has a value and its grades. It is for the subject and the county's own desk; it leaves the county nowhere. */
export interface ExplainedMetric {
  readonly metric: string;
  readonly value?: MetricValue;
  readonly grades: Readonly<Record<string, string>>;
  readonly base: number;
  /** With `base` they sum to the number; none for a label. */
  readonly lines: readonly ExplainedLine[];
  /** Of a grade that another system computed: which document says so, and for which days. */
  readonly imported?: ImportedFrom;
}

/** Days are `YYYY-MM-DD`, both included. */
export interface ImportedFrom {
  readonly document: string;
  readonly from: string;
  readonly to: string;
}

/** Why points of a score that is itself spent fell away or came back, in words. */
const CAUSES: Readonly<Record<string, string>> = {
  redemption: '兑换',
  return: '退货退分',
  transfer: '片区结算',
  merge: '合并档案前的兑换',
};

interface KeptResult {
  readonly value?: { readonly num: number; readonly den: number } | { readonly label: string };
  readonly grades: Readonly<Record<string, string>>;
}

export interface Explained {
  readonly document: SchemeDocument;
  readonly metric: string;
  readonly time: AssessmentTime;
  readonly subject: { readonly id: string; readonly kind: SubjectKind; readonly place: string };
  readonly facts: Facts;
  /** As the database kept it. */
  readonly kept: string;
}

/**
 * Computes a kept result anew from the facts of its cut-off, line by line, by the document it was made with. A grade that
 * compares a subject with others is taken as it was kept: it is not a matter of the subject's own entries.
 * @throws GatewayError ASSESSMENT_MISMATCH where the ledger no longer makes what was kept
 */
export function explainMetricResult({ document, metric, time, subject, facts, kept }: Explained): ExplainedMetric {
  const result = JSON.parse(kept) as KeptResult;
  const compared = document.gradings.filter((grading) => 'relative' in grading).map(({ id }) => id);
  const alone = { ...document, gradings: document.gradings.filter(({ id }) => !compared.includes(id)) };
  const [found] = assessMetric(alone, metric, { ...facts, subjects: [subject] }, time);
  const others = Object.entries(result.grades).filter(([id]) => compared.includes(id));
  const grades = { ...found?.grades, ...Object.fromEntries(others) };
  const value = found?.value;
  const again = { grades, ...(value && { value: { ...value } }) };
  if (new TextDecoder().decode(canonicalJson(again)) !== kept)
    throw new GatewayError('ASSESSMENT_MISMATCH', { detail: `metric ${metric}` });
  return { metric, ...(value && { value }), grades, ...linesOf(document, metric, subject.id, facts, time) };
}

function linesOf(
  document: SchemeDocument,
  metric: string,
  subject: string,
  facts: Facts,
  time: AssessmentTime,
): Pick<ExplainedMetric, 'base' | 'lines'> {
  const found = document.metrics.find(({ id }) => id === metric);
  const term = found && metricTerm(document, found);
  if (term?.value !== 'number') return { base: 0, lines: [] };
  const { base, lines } = explainMetric(term, subject, facts, time);
  const entries = new Map(facts.entries.map((entry) => [entry.id, entry]));
  const spending = new Map((facts.spending ?? []).map((posting) => [posting.id, posting]));
  const labels = new Map(document.rules.map(({ id, label_zh: label }) => [id, label]));
  return {
    base,
    lines: lines.map(({ entry, rule, points }) => {
      const posting = spending.get(entry);
      if (posting !== undefined)
        return { entry, rule, label: CAUSES[rule] ?? rule, occurredOn: posting.occurredOn, quantity: 1, points };
      const { occurredOn = '', quantity = 0 } = entries.get(entry) ?? {};
      return { entry, rule, label: labels.get(rule) ?? rule, occurredOn, quantity, points };
    }),
  };
}
