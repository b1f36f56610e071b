import type { DataSource } from 'typeorm';
import { Assessments, type RunningCounty } from '#apps/county';

/** How many residents have each grade. */
type Counts = Readonly<Record<string, number>>;

const STAFF = { id: 'bench', username: 'bench', displayName: 'bench', organisation: 'bench', subject: null };

/** The whole of a yearly assessment: due entries, cut-off, every resident's score and grade kept as canonical JSON. */
export async function assessYear({ app }: RunningCounty): Promise<Counts> {
  const assessments = app.get(Assessments, { strict: false });
  const period = `${new Date().getUTCFullYear()}`;
  const { counts } = await assessments.assess({ period }, { ...STAFF, grants: [{ role: 'assessor', place: null }] });
  return counts['grade'] ?? {};
}

/** What the entries of a rule sum to, at most `most`. */
function points(rule: string, worth: string, most: number | 'no cap'): string {
  const sum = `coalesce(sum(${worth}) FILTER (WHERE rule_id = '${rule}'), 0)`;
  return most === 'no cap' ? sum : `least(${most}, ${sum})`;
}

/** The same scores and grades as a programmer of the county would write them for this scheme alone; nothing is kept. */
export async function aggregateByHand(database: DataSource): Promise<Counts> {
  const score = [
    '1000',
    points('commitment-kept', 'quantity', 40),
    points('contract-kept', '5', 40),
    points('tax-honest', '10', 10),
    points('judgment-performed', '10', 20),
    points('property-returned', '5', 20),
    points('honour-county', '30', 60),
    points('honour-city', '50', 100),
    points('contract-broken', '-20', 'no cap'),
    points('tax-late', '-10', 'no cap'),
    points('false-statement', '-40', 'no cap'),
    points('judgment-unperformed', '-50', 'no cap'),
    points('counterfeit-sale', '-100', 'no cap'),
  ].join(' + ');
  const rows = await database.query<readonly { readonly grade: string; readonly residents: number }[]>(
    `SELECT CASE WHEN score >= 1050 THEN 'AAA' WHEN score >= 1030 THEN 'AA' WHEN score >= 960 THEN 'A' WHEN score >= 850 THEN 'B'
      WHEN score >= 600 THEN 'C' ELSE 'D' END AS grade, count(*)::integer AS residents
    FROM (
      SELECT subject_id, ${score} AS score FROM ledger_entry
      WHERE scheme_id = 'cn-371003-haibei' AND state = 'effective' AND extract(year FROM occurred_on) = extract(year FROM now())
      GROUP BY subject_id
    ) AS scored GROUP BY grade`,
  );
  return Object.fromEntries(rows.map(({ grade, residents }) => [grade, residents]));
}
