import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cardVct, voucherVct } from '#libs/attestation';
import { buildVisitWorld, SMALL_ALLIANCE, VISIT_FEDERATION } from '#libs/testing';
import { decide, type AttestationFacts, type DecisionFacts, type Rules } from '#libs/verifier';

const NOW = 1_795_000_000;

/** What one decision is made from. */
interface Inputs {
  readonly facts: DecisionFacts;
  readonly rules: Rules;
}

type Path = readonly string[];

/**
 * What a decision does not rest on, so that its absence cannot change one: what a receipt or a screen tells, what was settled
 * when the document was signed or the presentation read, and what the documents themselves may leave out.
 */
const NOT_RESTED_ON = [
  // Told, recorded or priced, not decided on.
  /^facts\.engine$/,
  /^facts\.place\.lane$/,
  /^facts\.party(\.|$)/,
  /(\.|^)digest$/,
  /^rules\..*\.payload\.(type|version|name|title|place|legalBasis|effect|party)(\.|$)/,
  /^rules\.partner\.payload\.(hostCounty|keys|sites\.\d+\.name)(\.|$)/,
  // Settled before: keys and lists when the presentation was read, the table when it was signed.
  /^rules\.member\.payload\.(keys|statusLists)(\.|$)/,
  /^rules\.scheme\.payload\.(basis|subject|grades|positiveFloor)$/,
  /^rules\.tables\.\d+\.payload\.(id|excluded|map\.(AAA|A))$/,
  // Absent is a meaning of its own: never used before, no limit, no coming back.
  /^facts\.memory\.lastUsedAt$/,
  /^rules\.offer\.payload\.(dailyLimit|uses\.reentryMinutes)$/,
];

/** A visit that is granted, or sent to the clerk, and the members that only visits of another kind rest on. */
interface Case {
  readonly name: string;
  readonly inputs: Inputs;
  readonly unneeded: readonly string[];
}

const OF_A_CARD = ['facts.place.isAttended', 'facts.attestation.agreement'];
const OF_THE_LIMITED_OFFER = ['facts.orderRef', 'facts.memory.takenToday'];
/** Absent, the answer is the strict one: a clerk compares. */
const HOLDER_CHECK = 'rules.offer.payload.holderCheck';
const PERSON = 'facts.attestation.hasPerson';

let cases: readonly Case[];
beforeAll(async () => {
  const world = await buildVisitWorld(NOW, {
    ...SMALL_ALLIANCE,
    offers: [
      {
        id: 'rugao-free-aa',
        partner: 'rugao-spot',
        agreement: 'lv',
        uses: { n: 2, per: 'order', reentryMinutes: 5 },
        dailyLimit: 10,
        blackoutDays: ['2027-02-05'],
      },
      { id: 'rugao-document', partner: 'rugao-spot', agreement: 'lv', holderCheck: 'document' },
    ],
  });
  const memory = { isReplayed: false, used: 1, lastUsedAt: NOW - 3_600, takenToday: 1 };
  const limited = await world.visit(await world.present(), { facts: { orderRef: 'order-1', memory } });
  const compared = await world.visit(await world.present({ offer: 'rugao-document', withPerson: true }));
  const voucher = shown(limited, 'voucher', { vct: voucherVct(VISIT_FEDERATION), status: { list: 'none' } });
  const card = shown(compared, 'card', { vct: cardVct(VISIT_FEDERATION), agreement: 'lv', binding: undefined });
  cases = [
    { name: 'code', inputs: limited, unneeded: [...OF_A_CARD, PERSON] },
    { name: 'voucher', inputs: voucher, unneeded: [...OF_A_CARD, PERSON, HOLDER_CHECK] },
    { name: 'document', inputs: compared, unneeded: [...OF_A_CARD, ...OF_THE_LIMITED_OFFER, HOLDER_CHECK] },
    {
      name: 'card',
      inputs: card,
      unneeded: [...OF_THE_LIMITED_OFFER, HOLDER_CHECK, 'facts.attestation.partner', 'facts.attestation.binding'],
    },
  ];
});

/** The same visit by another way. */
function shown({ facts, rules }: Inputs, way: DecisionFacts['way'], change: Partial<AttestationFacts>): Inputs {
  const { attestation } = facts;
  if (attestation === undefined) throw new Error('a granted visit has an attestation');
  const life = { iat: NOW - 10, exp: NOW + 60 };
  return { facts: { ...facts, way, attestation: { ...attestation, ...life, ...change } }, rules };
}

/** Every member of the inputs, deep. An entry left out of a list of words is another document, not a missing input. */
function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && value.every((entry) => typeof entry !== 'object')) return [];
  return Object.entries(value).flatMap(([name, member]) => [[...path, name], ...pathsOf(member, [...path, name])]);
}

function isRestedOn(path: Path): boolean {
  return !NOT_RESTED_ON.some((pattern) => pattern.test(path.join('.')));
}

function neededBy({ inputs, unneeded }: Case): readonly Path[] {
  const paths = pathsOf({ facts: inputs.facts, rules: inputs.rules }).filter(isRestedOn);
  return paths.filter((path) => !unneeded.includes(path.join('.')));
}

/** The inputs without these members: taken out, or there and `undefined`. */
function without({ facts, rules }: Inputs, paths: readonly Path[], how: 'deleted' | 'undefined'): Inputs {
  const inputs = structuredClone({ facts, rules });
  for (const path of paths) {
    let holder: unknown = inputs;
    for (const name of path.slice(0, -1)) holder = memberOf(holder, name);
    const name = path.at(-1);
    if (typeof holder !== 'object' || holder === null || name === undefined) continue;
    if (how === 'deleted') Reflect.deleteProperty(holder, name);
    else Reflect.set(holder, name, undefined);
  }
  return inputs;
}

function valueAt({ facts, rules }: Inputs, path: Path): unknown {
  return path.reduce<unknown>(memberOf, { facts, rules });
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** What breaks the promise of the types may also be thrown at: that grants nothing either. */
function verdictOf({ facts, rules }: Inputs): string {
  try {
    return decide(facts, rules).code;
  } catch {
    return 'thrown';
  }
}

const gives = (inputs: Inputs): boolean => ['granted', 'check_by_hand'].includes(verdictOf(inputs));

describe('no missing input grants (design §1.2, §4.6)', () => {
  it('where the whole does', () => {
    const verdicts = cases.map(({ name, inputs }) => [name, verdictOf(inputs)]);
    expect(verdicts).toEqual([
      ['code', 'granted'],
      ['voucher', 'granted'],
      ['document', 'check_by_hand'],
      ['card', 'check_by_hand'],
    ]);
  });

  it.each(['deleted', 'undefined'] as const)('when any one member is %s', (how) => {
    for (const each of cases) {
      const yes = neededBy(each).filter((path) => gives(without(each.inputs, [path], how)));
      expect([each.name, ...yes.map((path) => path.join('.'))]).toEqual([each.name]);
    }
  });

  it('when any two members are missing, so that neither equals the other', () => {
    for (const each of cases) {
      const needed = neededBy(each);
      const pairs = needed.flatMap((one, at) => needed.slice(at + 1).map((other) => [other, one] as const));
      const yes = pairs.filter((pair) => gives(without(each.inputs, pair, 'deleted')));
      expect([each.name, ...yes.map((pair) => pair.map((path) => path.join('.')).join(' + '))]).toEqual([each.name]);
    }
  });

  it('when all members with one value are missing, so that each equals the other', () => {
    for (const each of cases) {
      const groups = new Map<string, readonly Path[]>();
      for (const path of neededBy(each)) {
        const value = JSON.stringify(valueAt(each.inputs, path));
        groups.set(value, [path, ...(groups.get(value) ?? [])]);
      }
      const yes = [...groups.values()].filter((group) => gives(without(each.inputs, group, 'deleted')));
      expect([each.name, ...yes.map((group) => group.map((path) => path.join('.')).join(' + '))]).toEqual([each.name]);
    }
  });

  it('when any set of members is missing', () => {
    const how = fc.constantFrom('deleted' as const, 'undefined' as const);
    for (const each of cases) {
      const { facts, rules } = each.inputs;
      // A limit left out of an offer is another offer, and needs no count.
      const others = pathsOf({ facts, rules }).filter((path) => path.at(-1) !== 'dailyLimit');
      const [one, more] = [fc.constantFrom(...neededBy(each)), fc.array(fc.constantFrom(...others), { maxLength: 8 })];
      fc.assert(
        fc.property(one, more, how, (first, rest, way) => !gives(without(each.inputs, [...rest, first], way))),
        { numRuns: 500 },
      );
    }
  });

  it('and a decision rests on nothing else: without the rest it is the same', () => {
    for (const { inputs } of cases) {
      const rest = pathsOf({ facts: inputs.facts, rules: inputs.rules }).filter((path) => !isRestedOn(path));
      expect(rest.length).toBeGreaterThan(NOT_RESTED_ON.length);
      expect(verdictOf(without(inputs, rest, 'deleted'))).toBe(verdictOf(inputs));
    }
  });
});
