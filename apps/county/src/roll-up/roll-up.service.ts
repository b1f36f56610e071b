import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { compileMetric, type Days, periodDays, type SchemeDocument } from '#libs/scheme';
import { type Staff, staffCovers } from '#libs/staff';
import { assessedRelations } from '../assessment/assess-in-database.js';
import { EntryActs } from '../ledger/entry-acts.service.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';

/** What one rule came to in a period: entries in effect only. */
export interface RolledRule {
  readonly rule: string;
  /** In the words of the scheme document. */
  readonly label: string;
  readonly entries: number;
  readonly subjects: number;
  /** What the entries say, added up, in the rule's unit: hours, yuan. */
  readonly quantity: number;
  /** What the rule makes of them, caps and remainders included. */
  readonly points: number;
}

export interface RolledScheme {
  readonly scheme: string;
  readonly name: string;
  readonly version: number;
  readonly place: string;
  /** Subjects with an entry under any rule. */
  readonly subjects: number;
  readonly rules: readonly RolledRule[];
}

interface Figures {
  readonly rule: string | null;
  readonly entries: number;
  readonly subjects: number;
  /** Bigint or numeric, as text. */
  readonly quantity: string;
}

/** What the schemes at and below a place came to, for the office above them: totals and no names. */
@Injectable()
export class RollUp {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly acts: EntryActs,
  ) {}

  /**
   * By the version of every scheme in force on the period's last day, or today in a period under way.
   * @param name `2026`, `2026-Q2`, `2026-06` or a day, Asia/Shanghai
   * @throws GatewayError NOT_FOUND (a place outside those of who asks), ASSESSMENT_PERIOD_INVALID
   */
  async read(place: string, name: string, staff: Staff): Promise<readonly RolledScheme[]> {
    const tree = await this.places.tree();
    if (tree.get(place) === undefined || !staffCovers(staff, place, tree)) throw new GatewayError('NOT_FOUND');
    const period = periodDays(name);
    const today = this.schemes.today();
    if (period === undefined || period.from > today) throw new GatewayError('ASSESSMENT_PERIOD_INVALID');
    await this.acts.bringUpToDate();
    const book = await this.schemes.book();
    const versions = book.allInForce(period.to < today ? period.to : today);
    const below = versions.filter(({ document }) => tree.isWithin(document.place, place));
    // One snapshot: the rows of all schemes agree.
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const rolled: RolledScheme[] = [];
      for (const { document } of below)
        rolled.push(await this.schemeOf(manager, document, period, tree.within(document.place)));
      return rolled;
    });
  }

  private async schemeOf(
    manager: EntityManager,
    document: SchemeDocument,
    period: Days,
    places: readonly string[],
  ): Promise<RolledScheme> {
    const figures = new Map((await figuresOf(manager, document.id, period)).map((row) => [row.rule, row]));
    const rules: RolledRule[] = [];
    for (const { id: rule, label_zh: label } of document.rules) {
      const { entries = 0, subjects = 0, quantity = '0' } = figures.get(rule) ?? {};
      const points = entries === 0 ? 0 : await pointsOf(manager, document, rule, period, this.clock.now(), places);
      rules.push({ rule, label, entries, subjects, quantity: Number(quantity), points });
    }
    const { id: scheme, name_zh: name, version, place } = document;
    return { scheme, name, version, place, subjects: figures.get(null)?.subjects ?? 0, rules };
  }
}

function figuresOf(manager: EntityManager, scheme: string, { from, to }: Days): Promise<readonly Figures[]> {
  return manager.query(
    `SELECT rule_id AS rule, count(*)::integer AS entries, count(DISTINCT subject_id)::integer AS subjects, sum(quantity) AS quantity
    FROM ledger_entry WHERE scheme_id = $1 AND occurred_on BETWEEN $2 AND $3 AND state IN ('effective', 'upheld')
      AND reverses IS NULL AND credit_of IS NULL
    GROUP BY GROUPING SETS ((rule_id), ())`,
    [scheme, from, to],
  );
}

/** The rule as a metric of its own over its own kind of subject, by the same tree that assesses. */
async function pointsOf(
  manager: EntityManager,
  { id, rules }: SchemeDocument,
  rule: string,
  window: Days,
  cutOff: number,
  places: readonly string[],
): Promise<number> {
  const over = rules.find((each) => each.id === rule)!.subject_kind;
  const metric = { id: rule, over, formula: { sum: { rules: [rule] } }, window: 'all', source: 'computed' } as const;
  const { relations, values: before } = assessedRelations(id, places, cutOff);
  const time = { window, cutOff };
  const { text, values } = compileMetric(
    { rules, metrics: [metric], gradings: [] },
    rule,
    time,
    relations,
    before.length,
  );
  const [row] = await manager.query<readonly { readonly points: string | null }[]>(
    `SELECT sum(num) AS points FROM (${text}) AS figure`,
    [...before, ...values],
  );
  return Number(row?.points ?? 0);
}
