import type { Answer, Ask } from '../county/ask.js';
import { equal, granted, refused } from './expectations.js';
import type { Office } from './office.js';

export type Kind = 'person' | 'household' | 'building' | 'group' | 'post' | 'enterprise';

/** What somebody did, as it is declared. */
export interface Deed {
  readonly rule: string;
  /** Today, unless said otherwise. */
  readonly on?: string;
  /** Quantity. */
  readonly n?: number;
  readonly label?: string;
  readonly proof?: 'photo' | 'door_scan' | 'sheet' | 'document';
}

export interface DoneBy extends Deed {
  readonly who: string;
}

export interface ReadLedger {
  readonly points: number;
  readonly wallet: { readonly balance: number; readonly shortage: number } | null;
  readonly entries: readonly { readonly id: string; readonly state: string; readonly points: number }[];
}

/** What an assessment says of a subject, by metric. */
export type Assessed = Readonly<Record<string, { readonly value: string | undefined; readonly grades: Grades }>>;
type Grades = Readonly<Record<string, string>>;

/** The staff of one scheme. Every decision is taken by the role that has it. */
export class Desk {
  constructor(
    readonly office: Office,
    readonly scheme: string,
    readonly place: string,
  ) {}

  /** An account of a role, at the scheme's place; in a play of changed documents of the whole county, which is quicker. */
  as(role: string, nth = 1): Ask {
    return this.office.as({ role, nth, ...(this.office.scene.isRecast ? {} : { place: this.place }) });
  }

  /** Records invented subjects. */
  async subjects(kind: Kind, count: number, more: object = {}): Promise<readonly string[]> {
    const made = Array.from({ length: count }, () => this.invented(kind, more));
    for (let at = 0; at < count; at += 500)
      granted(
        'recording subjects',
        await this.as('registrar')('POST', '/v1/admin/subjects', { subjects: made.slice(at, at + 500) }),
      );
    return made.map(({ handle }) => handle);
  }

  async subject(kind: Kind, more: object = {}): Promise<string> {
    const [handle = ''] = await this.subjects(kind, 1, more);
    return handle;
  }

  /** As a registrar would write one down. */
  invented(kind: Kind, more: object = {}): { readonly handle: string } & Readonly<Record<string, unknown>> {
    const own = kind === 'person' ? { birthYear: this.office.year - 40, documentLast4: '123X' } : {};
    const { scene } = this.office;
    return { handle: scene.fresh(), kind, place: this.place, name: scene.names(), ...own, ...more };
  }

  async join(members: readonly string[], of: string, from: string, more: object = {}): Promise<void> {
    const memberships = members.map((member) => ({ member, of, from, ...more }));
    granted('joining', await this.as('registrar')('POST', '/v1/admin/memberships', { memberships }));
  }

  /** A household with members of its own from a day on. */
  async household(members: readonly string[], from: string): Promise<string> {
    const home = await this.subject('household', { doorNumber: `${this.office.scene.fresh()}号` });
    await this.join(members, home, from);
    return home;
  }

  declare(deeds: readonly DoneBy[], role = 'collector'): Promise<Answer> {
    return this.as(role)('POST', '/v1/admin/entries', { entries: deeds.map((deed) => this.entryOf(deed)) });
  }

  /** One act of a role on entries. */
  act(act: string, role: string, entries: readonly string[], more: object = {}, nth = 1): Promise<Answer> {
    const body = { key: this.office.scene.fresh(), act, entries, ...more };
    return this.as(role, nth)('POST', '/v1/admin/entries/acts', body);
  }

  /** Declared by one, verified by another, approved by a third. */
  async earn(deeds: readonly DoneBy[], declarer = 'collector'): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let at = 0; at < deeds.length; at += 1_000) {
      const entries = deeds.slice(at, at + 1_000).map((deed) => this.entryOf(deed));
      const named = entries.map(({ id }) => id);
      granted('declaring', await this.as(declarer)('POST', '/v1/admin/entries', { entries }));
      granted('verifying', await this.act('verify', 'verifier', named));
      granted('approving', await this.act('approve', 'approver', named));
      ids.push(...named);
    }
    return ids;
  }

  /** A call for hands. */
  call(kind: string, day = this.office.today): Promise<Answer> {
    const body = {
      key: this.office.scene.fresh(),
      scheme: this.scheme,
      kind,
      place: this.place,
      day,
      title: '集体活动',
    };
    return this.as('collector')('POST', '/v1/admin/activities', body);
  }

  /** Closes an activity by its sheet; by whoever collects in the whole county where people of several places came. */
  async sheet(activity: unknown, took: object, as = this.as('collector')): Promise<Answer> {
    const body = { key: this.office.scene.fresh(), ...took };
    return as('POST', `/v1/admin/activities/${String(activity)}/sheet`, body);
  }

  /** A call that these answered, in effect; the ids of the entries. */
  async gather(kind: string, came: readonly string[], as = this.as('collector')): Promise<readonly string[]> {
    const { activity } = granted('the call', await this.call(kind));
    const posted = await this.sheet(activity, { rows: came.map((subject) => ({ subject })) }, as);
    const { entries } = granted('the sheet', posted) as {
      readonly entries: readonly { readonly entry: string }[];
    };
    const ids = entries.map(({ entry }) => entry);
    for (const [act, role] of [
      ['verify', 'verifier'],
      ['approve', 'approver'],
    ] as const) {
      const body = { key: this.office.scene.fresh(), act, entries: ids };
      granted(act, await this.office.as({ role })('POST', '/v1/admin/entries/acts', body));
    }
    return ids;
  }

  async ledger(who: string): Promise<ReadLedger> {
    const answer = await this.as('auditor')('GET', `/v1/admin/subjects/${who}/ledger?scheme=${this.scheme}`);
    granted('reading a ledger', answer);
    return JSON.parse(answer.text) as ReadLedger;
  }

  async points(who: string): Promise<number> {
    return (await this.ledger(who)).points;
  }

  async states(who: string): Promise<readonly string[]> {
    return (await this.ledger(who)).entries.map(({ state }) => state);
  }

  /** Fresh subjects of a kind, one for each line: the points that these deeds make. */
  async worth(
    kind: Kind,
    lines: readonly (readonly [points: number, ...deeds: readonly Deed[]])[],
    declarer = 'collector',
  ): Promise<void> {
    const people = await this.subjects(kind, lines.length);
    const done = lines.flatMap(([, ...deeds], at) => deeds.map((deed) => ({ ...deed, who: people[at] ?? '' })));
    await this.earn(done, declarer);
    const made = await Promise.all(people.map((who) => this.points(who)));
    for (const [at, [points, ...deeds]] of lines.entries()) {
      const what = `points of ${deeds.length} × ${deeds.map(({ rule }) => rule).at(0)}`;
      equal(what, made[at], points);
    }
  }

  /** That what happened so many months ago today has expired, and what happened the day after has not. */
  async lasts(kind: Kind, months: number, deeds: readonly Deed[], declarer = 'collector'): Promise<void> {
    const who = await this.subject(kind);
    const days = [this.office.monthsAgo(months), this.office.monthsAgo(months, 1)];
    await this.earn(
      days.flatMap((on) => deeds.map((deed) => ({ ...deed, who, on }))),
      declarer,
    );
    const expected = [...deeds.map(() => 'expired'), ...deeds.map(() => 'effective')];
    equal(`what is left after ${months} months`, await this.states(who), expected);
  }

  /** That entries are taken from a day on and not from the day before. */
  async begins(
    kind: Kind,
    { on, dayBefore }: { readonly on: string; readonly dayBefore: string },
    deed: Deed,
    declarer = 'collector',
  ): Promise<void> {
    const who = await this.subject(kind);
    granted(`on ${on}`, await this.declare([{ ...deed, who, on }], declarer));
    await this.isRefused('ENTRY_NOT_BY_RULE', { ...deed, who, on: dayBefore }, declarer);
  }

  /** That a deed is refused when it is declared, and why. */
  async isRefused(code: string, deed: DoneBy, declarer = 'collector'): Promise<string> {
    const what = `${deed.rule} ${deed.n ?? ''} on ${deed.on ?? 'today'}`;
    equal(what, refused(what, await this.declare([deed], declarer)), code);
    return code;
  }

  /** That a deed needs its proof; the code of the refusal without. */
  async needsProof(kind: Kind, { rule, n, label }: Deed): Promise<string> {
    const who = await this.subject(kind);
    const measured = { ...(n === undefined ? {} : { n }), ...(label === undefined ? {} : { label }) };
    return this.isRefused('ENTRY_EVIDENCE_MISSING', { rule, ...measured, who });
  }

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

  /** Asked by who provides it: yes or no, and nothing else. */
  benefit(benefit: string, subject: string, more: object = {}): Promise<Answer> {
    const body = { key: this.office.scene.fresh(), scheme: this.scheme, benefit, subject, ...more };
    return this.as('provider')('POST', '/v1/admin/benefits/checks', body);
  }

  /** Who of these is given it. */
  async given(benefit: string, subjects: readonly string[], more: object = {}): Promise<readonly unknown[]> {
    const answers = await Promise.all(subjects.map((subject) => this.benefit(benefit, subject, more)));
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

  /** What a run made of a subject, from its explanation: `7/2` or `5`, or a label. */
  async assessed(run: string, who: string): Promise<Assessed> {
    const answer = await this.as('auditor')('GET', `/v1/admin/assessments/${run}/subjects/${who}`);
    granted('explaining', answer);
    const { metrics } = JSON.parse(answer.text) as { readonly metrics: readonly ExplainedMetric[] };
    return Object.fromEntries(metrics.map(({ metric, value, grades }) => [metric, { value: asText(value), grades }]));
  }

  private entryOf({ who, rule, on = this.office.today, n, label, proof }: DoneBy): Entry {
    const evidence = proof === undefined ? {} : { evidence: [{ kind: proof, ref: 'file-1' }] };
    const measured = { ...(n === undefined ? {} : { quantity: n }), ...(label === undefined ? {} : { label }) };
    const { scene } = this.office;
    return { id: scene.fresh(), scheme: this.scheme, subject: who, rule, occurredOn: on, ...measured, ...evidence };
  }
}

interface Shown {
  readonly lists: readonly { readonly lines: readonly BoardLine[] }[];
  readonly until: string | null;
}

interface BoardLine {
  readonly rank: number | null;
  readonly who: string;
  readonly value: string;
}

interface Entry {
  readonly id: string;
  readonly [member: string]: unknown;
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

interface ExplainedMetric {
  readonly metric: string;
  readonly value?: Value;
  readonly grades: Grades;
}

function asText(value: Value | undefined): string | undefined {
  if (value === undefined || 'label' in value) return value?.label;
  return value.den === 1 ? String(value.num) : `${value.num}/${value.den}`;
}

/** The same deed so many times. */
export function times(count: number, deed: Deed): readonly Deed[] {
  return Array.from({ length: count }, () => deed);
}
