import type { Answer } from '../county/ask.js';
import { equal, granted, refused } from './expectations.js';
import { GradesDesk } from './grades-desk.js';
import type { Kind } from './registry-desk.js';

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

/** The staff of one scheme. Every decision is taken by the role that has it. */
export class Desk extends GradesDesk {
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

  private entryOf({ who, rule, on = this.office.today, n, label, proof }: DoneBy): Entry {
    const evidence = proof === undefined ? {} : { evidence: [{ kind: proof, ref: 'file-1' }] };
    const measured = { ...(n === undefined ? {} : { quantity: n }), ...(label === undefined ? {} : { label }) };
    const { scene } = this.office;
    return { id: scene.fresh(), scheme: this.scheme, subject: who, rule, occurredOn: on, ...measured, ...evidence };
  }
}

interface Entry {
  readonly id: string;
  readonly [member: string]: unknown;
}

/** The same deed so many times. */
export function times(count: number, deed: Deed): readonly Deed[] {
  return Array.from({ length: count }, () => deed);
}
