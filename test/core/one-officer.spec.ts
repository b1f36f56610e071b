import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acceptBundle, type AllianceTrust, type Bundle } from '#libs/alliance';
import { shanghaiDay } from '#libs/calendar';
import { BANDS } from '#libs/equivalence';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildVisitWorld, type AlliancePlan, type VisitWorld } from '#libs/testing';

const NOW = 1_795_000_000;
const DAY = 86_400;
const GRADES = ['AAA', 'AA', 'A'] as const;
const WEEK = { freshnessSeconds: 7 * DAY };
const fromDay = (days: number): string => shanghaiDay(NOW + days * DAY);

/** Three counties and two partners; newer table versions narrow, widen and end what the older ones said. */
const PLAN: AlliancePlan = {
  members: ['a', 'b', 'c'].map((name) => ({ id: `https://${name}.example` })),
  partners: [
    { id: 'spot', hostCounty: 'https://a.example' },
    { id: 'shop', hostCounty: 'https://b.example' },
  ],
  schemes: ['a', 'b', 'c'].map((name) => ({ id: `scheme-${name}`, member: `https://${name}.example` })),
  agreements: [{ id: 'all' }, { id: 'some', counties: ['https://a.example'], partners: ['shop'] }],
  tables: [
    { scheme: { id: 'scheme-a' }, map: { AAA: 'AAA', AA: 'AAA', A: 'AA' } },
    { scheme: { id: 'scheme-a' }, version: 2, map: { AAA: 'A', AA: 'A' }, effectiveFrom: fromDay(1) },
    { scheme: { id: 'scheme-b' }, map: { AAA: 'AA' }, excluded: ['AA', 'A', 'B', 'C', 'D'] },
    { scheme: { id: 'scheme-b' }, version: 2, map: { AAA: 'AAA', AA: 'AAA', A: 'AAA' }, effectiveFrom: fromDay(1) },
    { scheme: { id: 'scheme-b' }, version: 3, map: { AAA: 'AA', AA: 'A', A: 'A' }, effectiveFrom: fromDay(2) },
    { scheme: { id: 'scheme-c' } },
  ],
  offers: [
    { id: 'spot-aa', partner: 'spot', agreement: 'all', ...WEEK },
    { id: 'spot-a', partner: 'spot', agreement: 'all', band: 'A', ...WEEK },
    { id: 'shop-aaa', partner: 'shop', agreement: 'all', band: 'AAA', ...WEEK },
    { id: 'shop-a', partner: 'shop', agreement: 'some', band: 'A', ...WEEK },
  ],
};

/** One resident of the population, coming to one partner for one offer on one day. */
interface Coming {
  readonly scheme: string;
  readonly grade: (typeof GRADES)[number];
  readonly offer: string;
  readonly partner: string;
  readonly at: number;
  readonly text: string;
}

let world: VisitWorld;
let population: readonly Coming[];
let digests: readonly string[];
beforeAll(async () => {
  world = await buildVisitWorld(NOW, PLAN);
  digests = [...world.trust.documents.keys()];
  const coming: Coming[] = [];
  for (const { id: scheme } of world.alliance.plan.schemes)
    for (const { id: partner } of world.alliance.plan.partners)
      for (const grade of GRADES) {
        const proof = await world.issue({ scheme, partner, grade });
        for (const { id: offer } of world.alliance.plan.offers.filter((each) => each.partner === partner))
          for (const at of [NOW, NOW + DAY, NOW + 2 * DAY]) {
            const bound = { offer, audience: `${partner}-east`, iat: at - 2 };
            const text = await world.present({ proof, threshold: grade, ...bound });
            coming.push({ scheme, grade, offer, partner, at, text });
          }
      }
  population = coming;
});

/** Who of the population is granted under a trust. */
async function grantedUnder(trust: AllianceTrust): Promise<readonly Coming[]> {
  const granted: Coming[] = [];
  for (const coming of population) {
    const { partner, at, text } = coming;
    const site = `${partner}-east`;
    const facts = { now: at, place: { partner, site, lane: 'lane-1', isAttended: true } };
    const { code } = await world.verdictOf(text, { trust, expectation: { audience: site }, facts });
    if (code === 'granted') granted.push(coming);
  }
  return granted;
}

/** Whether the version that has started last on the day stands, and gives the band: no other counts. */
function isByTheNewest(trust: AllianceTrust, { scheme, grade, offer, at }: Coming): boolean {
  const tables = [...trust.documents.values()].filter((document) => document.type === 'table');
  const started = tables
    .filter(({ payload }) => payload.scheme.id === scheme && payload.effectiveFrom <= shanghaiDay(at))
    .toSorted((one, other) => other.payload.version - one.payload.version);
  const [newest] = started;
  const band = trust.offer(offer)?.payload.band;
  if (newest === undefined || newest.suspended || band === undefined) return false;
  const reached = newest.payload.map[grade];
  return reached !== undefined && BANDS.indexOf(reached) <= BANDS.indexOf(band);
}

/** Digests of every document without which this visit has no grant. */
async function groundOf({ scheme, offer, partner, at }: Coming): Promise<readonly string[]> {
  const { alliance } = world;
  const { plan } = alliance;
  const hostCounty = plan.partners.find(({ id }) => id === partner)?.hostCounty ?? '';
  const agreement = plan.offers.find(({ id }) => id === offer)?.agreement ?? '';
  const tables = plan.tables.filter((table) => table.scheme.id === scheme && table.effectiveFrom <= shanghaiDay(at));
  return Promise.all([
    alliance.digestOf('member', `https://${scheme.slice(-1)}.example`),
    alliance.digestOf('member', hostCounty),
    alliance.digestOf('partner', partner),
    alliance.digestOf('scheme', scheme),
    alliance.digestOf('agreement', agreement),
    alliance.digestOf('table', tables.at(-1)?.id ?? ''),
    alliance.digestOf('offer', offer),
  ]);
}

async function accept(bundle: Bundle, held: AllianceTrust): Promise<AllianceTrust> {
  const outcome = await acceptBundle({ anchor: world.alliance.anchor, bundle, held }, nodeCrypto);
  if (!outcome.ok) throw new Error(`${outcome.fault} at ${outcome.at}`);
  return outcome.value;
}

/** The head that the online key signs next under the same round, with these suspensions. */
function headAfter(held: AllianceTrust, suspended: readonly string[]): Promise<Bundle> {
  const head = { seq: held.seq + 1, prev: held.headDigest, suspended: [...new Set(suspended)].toSorted() };
  return world.alliance.headAt(NOW + held.seq, { head });
}

const someDigests = (): fc.Arbitrary<readonly string[]> => fc.subarray([...digests], { maxLength: 4 });

describe('what one officer or the online key can do alone: suspend (design §1.4, §4.4, §4.5)', () => {
  it('leaves a set of grants that is a subset of the one before, none of them by a predecessor table', async () => {
    const before = await grantedUnder(world.trust);
    expect(before.length).toBeGreaterThan(population.length / 4);
    expect(before.length).toBeLessThan(population.length);
    expect(before.every((coming) => isByTheNewest(world.trust, coming))).toBe(true);
    let lost = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(someDigests(), { minLength: 1, maxLength: 3 }), async (actions) => {
        let held = world.trust;
        let granted = before;
        for (const suspend of actions) {
          held = await accept(await headAfter(held, [...held.suspended, ...suspend]), held);
          const still = await grantedUnder(held);
          expect(still.filter((coming) => !granted.includes(coming))).toEqual([]);
          const trust = held;
          expect(still.filter((coming) => !isByTheNewest(trust, coming))).toEqual([]);
          lost += granted.length - still.length;
          granted = still;
        }
      }),
      { numRuns: 15 },
    );
    expect(lost).toBeGreaterThan(0);
  });

  it('ends, whatever is suspended, exactly the grants that rest on it', async () => {
    const before = await grantedUnder(world.trust);
    const grounds = new Map(await Promise.all(before.map(async (each) => [each, await groundOf(each)] as const)));
    for (const digest of digests) {
      const suspended = await accept(await headAfter(world.trust, [digest]), world.trust);
      const untouched = before.filter((coming) => grounds.get(coming)?.includes(digest) === false);
      expect(await grantedUnder(suspended)).toEqual(untouched);
    }
  });

  it('ends in no grant, never in the predecessor, when the newest version of a table is withdrawn', async () => {
    for (const [id, after] of [
      ['scheme-a-table-2', NOW + DAY],
      ['scheme-b-table-3', NOW + 2 * DAY],
    ] as const) {
      const withdrawn = await accept(
        await headAfter(world.trust, [await world.alliance.digestOf('table', id)]),
        world.trust,
      );
      const granted = await grantedUnder(withdrawn);
      const scheme = id.slice(0, 'scheme-a'.length);
      expect(granted.filter((coming) => coming.scheme === scheme && coming.at >= after)).toEqual([]);
      expect(granted.some((coming) => coming.scheme === scheme && coming.at < after)).toBe(true);
    }
  });

  it('is undone by two officers in a new round, and by nobody else', async () => {
    const suspended = await accept(await headAfter(world.trust, digests.slice(0, 5)), world.trust);
    const head = { seq: suspended.seq + 1, prev: suspended.headDigest };
    const lifted = await accept(await world.alliance.headAt(NOW + 9, { head, round: { round: 2 } }), suspended);
    expect(await grantedUnder(lifted)).toEqual(await grantedUnder(world.trust));
  });
});

describe('a head after another under the same round (docs/wire.md, Head)', () => {
  it('is accepted when it suspends all that the last one did, and refused when it drops any', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(someDigests(), someDigests(), fc.boolean(), async (first, then, isAdding) => {
        const held = await accept(await headAfter(world.trust, first), world.trust);
        const suspended = isAdding ? [...first, ...then] : then;
        const bundle = await headAfter(held, suspended);
        const outcome = await acceptBundle({ anchor: world.alliance.anchor, bundle, held }, nodeCrypto);
        const keepsAll = first.every((digest) => suspended.includes(digest));
        expect(outcome).toMatchObject(keepsAll ? { ok: true } : { ok: false, fault: 'SUSPENSION_DROPPED' });
        seen.add(outcome.ok ? 'accepted' : outcome.fault);
      }),
      { numRuns: 120 },
    );
    expect(seen).toEqual(new Set(['accepted', 'SUSPENSION_DROPPED']));
  });
});
