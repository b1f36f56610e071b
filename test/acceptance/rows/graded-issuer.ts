import { publicJwkOf } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { holdAttestation } from '#libs/wallet';
import { type Deed, type Desk, times } from '../desk.js';
import { equal, granted, refused, RowFault } from '../expectations.js';
import { obtain, phoneOf } from '../phones.js';

/** What differs between the graded issuers: two rules with their yearly caps, and where the bands begin. */
export interface Issuer {
  readonly contractKept: readonly [points: number, cap: number];
  readonly propertyReturned: readonly [points: number, cap: number];
  /** Scores with the grade each must have. */
  readonly edges: Readonly<Record<number, string>>;
  readonly begins: { readonly on: string; readonly dayBefore: string };
}

const SHORT = ['commitment-kept', 'contract-kept', 'tax-honest', 'judgment-performed', 'property-returned'];
const HONOURS = ['honour-county', 'honour-city'];

/** Every rule once and one beyond its cap, how long each lasts, and every band's edges on both sides. */
export async function playIssuer(desk: Desk, { contractKept, propertyReturned, edges, begins }: Issuer): Promise<void> {
  const { office } = desk;
  await desk.worth('person', [
    [1, { rule: 'commitment-kept', n: 1 }],
    [40, { rule: 'commitment-kept', n: 40 }],
    [40, { rule: 'commitment-kept', n: 20, on: office.day('01-10') }, { rule: 'commitment-kept', n: 21 }],
    ...capped(desk, 'contract-kept', ...contractKept),
    ...capped(desk, 'tax-honest', 10, 10),
    ...capped(desk, 'judgment-performed', 10, 20),
    ...capped(desk, 'property-returned', ...propertyReturned),
    ...capped(desk, 'honour-county', 30, 60),
    ...capped(desk, 'honour-city', 50, 100),
    [-20, { rule: 'contract-broken' }],
    [-10, { rule: 'tax-late' }],
    [-40, { rule: 'false-statement' }],
    [-50, { rule: 'judgment-unperformed' }],
    [-100, { rule: 'counterfeit-sale' }],
  ]);
  const year = [...SHORT, ...HONOURS, 'contract-broken', 'tax-late', 'false-statement'];
  await desk.lasts('person', 12, year.map(once));
  await desk.lasts('person', 24, ['judgment-unperformed', 'counterfeit-sale'].map(once));
  await desk.begins('person', begins, { rule: 'tax-late' });

  const scores = Object.keys(edges).map(Number);
  const people = await desk.subjects('person', scores.length);
  await desk.earn(people.flatMap((who, at) => deedsFor((scores[at] ?? 0) - 1_000).map((deed) => ({ ...deed, who }))));
  const graded = await desk.results(await desk.assess(String(office.year)), 'score');
  for (const [at, score] of scores.entries()) {
    const { value, grades } = graded.get(people[at] ?? '') ?? {};
    equal(`the grade of ${score}`, [value, grades], [String(score), { grade: edges[score] }]);
  }
  equal('a wallet', (await desk.ledger(people[0] ?? '')).wallet, null);
}

/**
 * The letter leaves the county with the resident's consent, bound to a key of the resident's; the code for whoever is one
 * point short of the lowest letter that may leave.
 */
export async function playAttestation(
  desk: Desk,
  { score, short }: { readonly score: number; readonly short: number },
): Promise<{ readonly held: string; readonly code: string }> {
  const { office } = desk;
  const [good, poor] = await desk.subjects('person', 2);
  const by = (who: string | undefined, change: number) => deedsFor(change).map((deed) => ({ ...deed, who: who ?? '' }));
  await desk.earn([...by(good, score - 1_000), ...by(poor, short - 1_000)]);
  await desk.assess(String(office.year));
  const { key, answer } = await obtain(await phoneOf(office, good ?? ''), {});
  const { attestation } = granted('asking for an attestation', answer);
  const held = await holdAttestation(String(attestation), publicJwkOf(key.jwk), nodeCrypto);
  if (!held.ok) throw new RowFault(`the attestation cannot be held: ${held.fault}`);
  const code = refused('an attestation of a low grade', (await obtain(await phoneOf(office, poor ?? ''), {})).answer);
  return { held: [...held.value.thresholds.keys()].toSorted().join(', '), code };
}

/** People of these scores, assessed. */
export async function scored(desk: Desk, ...scores: readonly number[]): Promise<readonly string[]> {
  const people = await desk.subjects('person', scores.length);
  await desk.earn(people.flatMap((who, at) => deedsFor((scores[at] ?? 0) - 1_000).map((deed) => ({ ...deed, who }))));
  await desk.assess(String(desk.office.year));
  return people;
}

function capped(desk: Desk, rule: string, points: number, cap: number): readonly (readonly [number, ...Deed[]])[] {
  const [winter, summer] = [desk.office.day('01-10'), desk.office.day('07-10')];
  const fitting = Math.floor(cap / points);
  return [
    [points, { rule, on: summer }],
    [cap, { rule, on: winter }, ...times(fitting, { rule, on: summer })],
  ];
}

/** Deeds that move a score by so much. */
function deedsFor(change: number): readonly Deed[] {
  const deeds: Deed[] = [];
  let left = change;
  const take = (rule: string, points: number, most: number): void => {
    for (let n = 0; n < most && (points > 0 ? left >= points : left <= points); n += 1) {
      deeds.push({ rule });
      left -= points;
    }
  };
  take('counterfeit-sale', -100, 9);
  take('judgment-unperformed', -50, 1);
  take('false-statement', -40, 1);
  take('tax-late', -10, 5);
  if (left < 0) {
    deeds.push({ rule: 'tax-late' });
    left += 10;
  }
  take('honour-city', 50, 2);
  take('honour-county', 30, 2);
  take('judgment-performed', 10, 2);
  if (left > 0) deeds.push({ rule: 'commitment-kept', n: left });
  return deeds;
}

function once(rule: string): Deed {
  return rule === 'commitment-kept' ? { rule, n: 1 } : { rule };
}
