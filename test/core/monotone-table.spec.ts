import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BANDS, lintTable, type Band, type EquivalenceTable } from '#libs/equivalence';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildVisitWorld, SMALL_ALLIANCE, type Visit, type VisitWorld } from '#libs/testing';
import { decide } from '#libs/verifier';
import { chooseThreshold, holdAttestation, type HeldAttestation } from '#libs/wallet';

const NOW = 1_795_000_000;
const SCHEME = { id: 'rongcheng', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' };

/** A scheme's grades, highest first, and a table that maps some of them. */
interface Mapped {
  readonly grades: readonly string[];
  readonly positiveFloor: string;
  readonly table: EquivalenceTable;
}

const mapped: fc.Arbitrary<Mapped> = fc
  .uniqueArray(fc.stringMatching(/^[A-Z][A-Z0-9]{0,3}$/), { minLength: 1, maxLength: 8 })
  .chain((grades) =>
    fc.record({
      grades: fc.constant(grades),
      floor: fc.nat({ max: grades.length - 1 }),
      // From 0 for AAA to 3 for excluded. Few unsorted ones are monotone: half of them get a helping hand.
      ranks: fc.array(fc.nat({ max: 3 }), { minLength: grades.length, maxLength: grades.length }),
      isHelped: fc.boolean(),
    }),
  )
  .map(({ grades, floor, ranks, isHelped }) => {
    const order = isHelped ? ranks.toSorted((one, other) => one - other) : ranks;
    const bands = grades.map(
      (grade, at) => [grade, isHelped && at > floor ? undefined : BANDS[order[at] ?? 3]] as const,
    );
    const covered = bands.filter((entry): entry is readonly [string, Band] => entry[1] !== undefined);
    const excluded = bands.filter(([, band]) => band === undefined).map(([grade]) => grade);
    const map = Object.fromEntries(covered);
    const table = { id: 'rongcheng-table-1', scheme: SCHEME, version: 1, map, excluded, effectiveFrom: '2026-01-01' };
    return { grades, positiveFloor: grades[floor] ?? '', table };
  })
  .filter(({ grades, positiveFloor, table }) => {
    const of = { ...SCHEME, member: 'https://rongcheng.example', name: { zh: '荣成' }, grades, positiveFloor };
    const declaration = { ...of, basis: 'graded' as const, subject: 'person' as const };
    return lintTable(table, declaration, { submittedAt: NOW - 400 * 86_400 }).length === 0;
  });

/** The scale once more, in numbers of our own. */
const HEIGHT: Readonly<Record<string, number>> = { AAA: 3, AA: 2, A: 1 };
const isReached = (grade: string, band: Band, { table }: Mapped): boolean =>
  (HEIGHT[table.map[grade] ?? ''] ?? 0) >= (HEIGHT[band] ?? 4);

const positiveGrades = ({ grades, positiveFloor }: Mapped): readonly string[] =>
  grades.slice(0, grades.indexOf(positiveFloor) + 1);

let granted: Visit;
let held: HeldAttestation;
beforeAll(async () => {
  const world = await buildVisitWorld(NOW);
  const proof = await world.issue();
  granted = await world.visit(await world.present({ proof }));
  const kept = await holdAttestation(proof.issued, proof.holderJwk, nodeCrypto);
  if (!kept.ok) throw new Error(kept.fault);
  held = kept.value;
});

/** Whether a threshold, shown as everything else stands, gets an offer of this band under this table. */
function isGranted(threshold: string, band: Band, { grades, positiveFloor, table }: Mapped): boolean {
  const { facts, rules } = granted;
  const [version] = rules.tables;
  if (!facts.attestation || !rules.offer || !rules.scheme || !version) throw new Error('a granted visit has them');
  const payload = { ...rules.scheme.payload, ...SCHEME, grades, positiveFloor };
  const { code } = decide(
    { ...facts, attestation: { ...facts.attestation, scheme: SCHEME, thresholds: [threshold] } },
    {
      ...rules,
      offer: { ...rules.offer, payload: { ...rules.offer.payload, band } },
      scheme: { ...rules.scheme, payload },
      tables: [{ ...version, payload: table }],
    },
  );
  return code === 'granted';
}

/** Whether whoever holds a grade gets an offer of this band, by what the wallet then chooses to show. */
function isHolderGranted(grade: string, band: Band, scheme: Mapped): boolean {
  const positive = positiveGrades(scheme);
  const thresholds = new Map(positive.slice(positive.indexOf(grade)).map((each) => [each, each]));
  const tables = [{ table: scheme.table, suspended: false }];
  const chosen = chooseThreshold({ ...held, thresholds }, { band, freshnessSeconds: 3_600 }, scheme, tables, NOW);
  return chosen !== undefined && isGranted(chosen, band, scheme);
}

describe('a table that passes the lint (design §4.4: monotone)', () => {
  it('never grants a lower grade what it refuses a higher one: as a threshold, and as what a holder holds', () => {
    let grants = 0;
    fc.assert(
      fc.property(mapped, fc.constantFrom(...BANDS), (scheme, band) => {
        const positive = positiveGrades(scheme);
        for (const verdicts of [
          positive.map((grade) => isGranted(grade, band, scheme)),
          positive.map((grade) => isHolderGranted(grade, band, scheme)),
        ]) {
          // Highest first: after the first refusal nothing lower is granted.
          const refusedAt = verdicts.indexOf(false);
          expect(refusedAt === -1 ? [] : verdicts.slice(refusedAt).filter(Boolean)).toEqual([]);
          expect(verdicts).toEqual(positive.map((grade) => isReached(grade, band, scheme)));
          grants += verdicts.filter(Boolean).length;
        }
      }),
      { numRuns: 1_000 },
    );
    expect(grants).toBeGreaterThan(1_000);
  });
});

describe('the same with real signatures', () => {
  async function worldOf({ grades, positiveFloor, table }: Mapped): Promise<VisitWorld> {
    const offers = BANDS.map((band) => ({ id: `for-${band}`, partner: 'rugao-spot', agreement: 'lv', band }));
    const { map, excluded } = table;
    return buildVisitWorld(NOW, {
      ...SMALL_ALLIANCE,
      schemes: [{ id: 'rongcheng', member: 'https://rongcheng.example', grades, positiveFloor }],
      tables: [{ scheme: { id: 'rongcheng' }, map, excluded }],
      offers,
    });
  }

  it('grants every threshold exactly the offers of the bands it reaches', async () => {
    const few = mapped.filter((scheme) => positiveGrades(scheme).length <= 4);
    await fc.assert(
      fc.asyncProperty(few, async (scheme) => {
        const world = await worldOf(scheme);
        const [top = ''] = scheme.grades;
        const proof = await world.issue({ grade: top });
        for (const threshold of positiveGrades(scheme))
          for (const band of BANDS) {
            const { code } = await world.verdictOf(await world.present({ proof, threshold, offer: `for-${band}` }));
            expect(code).toBe(isReached(threshold, band, scheme) ? 'granted' : 'no_proof');
          }
      }),
      { numRuns: 15 },
    );
  });
});
