import type { Answer } from '../county/ask.js';
import { granted } from './expectations.js';
import { RegistryDesk } from './registry-desk.js';

type Grades = Readonly<Record<string, string>>;

interface Shown {
  readonly lists: readonly { readonly lines: readonly BoardLine[] }[];
  readonly until: string | null;
}

interface BoardLine {
  readonly rank: number | null;
  readonly who: string;
  readonly value: string;
}

interface ReadResult {
  readonly subject: string;
  readonly value?: Value;
  readonly grades: Grades;
  readonly rank: number | null;
}

interface Result {
  readonly value: string | undefined;
  readonly grades: Grades;
  readonly rank: number | null;
}

type Value = { readonly num: number; readonly den: number } | { readonly label: string };

function asText(value: Value | undefined): string | undefined {
  if (value === undefined || 'label' in value) return value?.label;
  return value.den === 1 ? String(value.num) : `${value.num}/${value.den}`;
}

/** What a scheme makes of people: its runs, what hangs on its boards, and what it opens. */
export class GradesDesk extends RegistryDesk {
  /** Assessed by one and released by another. */
  async assess(period: string): Promise<string> {
    const body = { scheme: this.scheme, period };
    const { run } = granted('assessing', await this.as('assessor')('POST', '/v1/admin/assessments', body));
    granted('releasing', await this.as('assessor', 2)('POST', `/v1/admin/assessments/${String(run)}/release`));
    return String(run);
  }

  /** What a run made of everybody by a metric, by handle. */
  async results(run: string, metric: string): Promise<ReadonlyMap<string, Result>> {
    const path = `/v1/admin/assessments/${run}/results?metric=${metric}&limit=1000`;
    const answer = await this.as('auditor')('GET', path);
    granted('reading results', answer);
    const { results } = JSON.parse(answer.text) as { readonly results: readonly ReadResult[] };
    return new Map(
      results.map(({ subject, value, grades, rank }) => [subject, { value: asText(value), grades, rank }]),
    );
  }

  /** What each entry made of a subject's figure, from the explanation of the run. */
  async explained(run: string, who: string, metric: string): Promise<readonly number[]> {
    const answer = await this.as('auditor')('GET', `/v1/admin/assessments/${run}/subjects/${who}`);
    granted('explaining', answer);
    const { metrics } = JSON.parse(answer.text) as {
      readonly metrics: readonly { readonly metric: string; readonly lines: readonly { readonly points: number }[] }[];
    };
    return metrics.find((each) => each.metric === metric)?.lines.map(({ points }) => points) ?? [];
  }

  /** Asked by who provides it: yes or no, and nothing else. */
  benefit(benefit: string, subject: string, more: object = {}, as = this.as('provider')): Promise<Answer> {
    const body = { key: this.office.scene.fresh(), scheme: this.scheme, benefit, subject, ...more };
    return as('POST', '/v1/admin/benefits/checks', body);
  }

  /** Who of these is given it. */
  async given(
    benefit: string,
    subjects: readonly string[],
    more: object = {},
    as = this.as('provider'),
  ): Promise<readonly unknown[]> {
    const answers = await Promise.all(subjects.map((subject) => this.benefit(benefit, subject, more, as)));
    return answers.map((answer) => granted(benefit, answer)['given']);
  }

  /** What each benefit of the scheme does. */
  async effects(): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.as('provider')('GET', `/v1/admin/schemes/${this.scheme}/benefits`);
    const { benefits } = granted('the benefits', answer);
    const listed = benefits as readonly { readonly id: string; readonly effect: unknown }[];
    return Object.fromEntries(listed.map(({ id, effect }) => [id, effect]));
  }

  /** What a place shows of a run. */
  board(run: string, surface: string, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const path = `/v1/admin/assessments/${run}/boards/${surface}?${new URLSearchParams(query).toString()}`;
    return this.as('manager')('GET', path);
  }

  /** The same where it is shown: the ranks and values of each list, and the last day. */
  async shown(run: string, surface: string, query: Readonly<Record<string, string>> = {}): Promise<Shown> {
    const answer = await this.board(run, surface, query);
    granted(`the ${surface}`, answer);
    return JSON.parse(answer.text) as Shown;
  }
}
