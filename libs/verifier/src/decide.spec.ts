import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BANDS, type Band } from '#libs/equivalence';
import { CHECKS } from './checks.js';
import { decide, decideOffer, ENGINE, tellVerdict, weigh } from './decide.js';
import type { AttestationFacts, DecisionFacts, Ruled, Rules } from './facts.js';
import { VERDICT_CODES, type FaultCode } from './verdict.js';

const NOW = 1_795_000_000;
const DAY = '2026-11-18';
const COUNTY = 'https://rongcheng.example';
const SCHEME = { id: 'cn-371082', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' };

function ruled<Payload>(payload: Payload, digest: string): Ruled<Payload> {
  return { payload, digest, isSuspended: false };
}

const attestation: AttestationFacts = {
  isIssuerKeyTrusted: true,
  isIssuerSigned: true,
  areDisclosuresSound: true,
  keyOwner: COUNTY,
  issuer: COUNTY,
  vct: 'https://alliance.example/vct/tier/1',
  partner: 'rugao-spot',
  agreement: undefined,
  iat: NOW - 86_400,
  exp: NOW + 86_400,
  scheme: SCHEME,
  thresholds: ['AA'],
  hasPerson: false,
  status: { list: 'held', isRevoked: false, iat: NOW - 60, exp: NOW + 3_600, digest: 'list' },
  binding: {
    iat: NOW - 5,
    isForThisVerifier: true,
    isNonceExpected: true,
    isHolderSigned: true,
    coversWhatIsShown: true,
  },
};

const facts: DecisionFacts = {
  engine: ENGINE,
  way: 'rotating_qr',
  now: NOW,
  timeFloor: NOW - 60,
  place: { partner: 'rugao-spot', site: 'east', lane: 'lane-1', isAttended: false },
  federation: 'https://alliance.example',
  head: { digest: 'head', iat: NOW - 60, expiresAt: NOW + 86_400 },
  offer: 'free-aa',
  day: DAY,
  party: { adults: 1, children: 0, seniors: 0 },
  orderRef: undefined,
  attestation,
  memory: { isReplayed: false, used: 0, lastUsedAt: undefined, takenToday: 0 },
};

const offer = ruled<NonNullable<Rules['offer']>['payload']>(
  {
    id: 'free-aa',
    version: 1,
    partner: 'rugao-spot',
    agreement: 'lv',
    band: 'AA',
    title: { zh: '免票' },
    effect: { kind: 'free' },
    uses: { n: 1, per: 'day' },
    party: { adults: 1, children: 0, seniors: 0 },
    holderCheck: 'device',
    freshnessSeconds: 21_600,
    from: '2026-01-01',
    to: '2036-12-31',
    blackoutDays: ['2027-02-05'],
    dailyLimit: 10,
  },
  'offer',
);

const rules: Rules = {
  offer,
  agreement: ruled(
    {
      type: 'agreement',
      id: 'lv',
      version: 1,
      name: { zh: '旅' },
      counties: [COUNTY],
      schemes: [SCHEME.id],
      partners: ['rugao-spot'],
      legalBasis: 'invented for a test',
      from: '2026-01-01',
      to: '2036-12-31',
    },
    'agreement',
  ),
  partner: ruled(
    {
      type: 'partner',
      id: 'rugao-spot',
      version: 1,
      name: { zh: '景区' },
      place: '320682',
      hostCounty: 'https://rugao.example',
      sites: [{ id: 'east', name: { zh: '东门' } }],
      keys: [],
    },
    'partner',
  ),
  member: ruled(
    { type: 'member', id: COUNTY, version: 1, place: '371082', name: { zh: '荣成' }, keys: [], statusLists: [] },
    'member',
  ),
  scheme: ruled(
    {
      type: 'scheme',
      id: SCHEME.id,
      member: COUNTY,
      name: { zh: '荣成积分' },
      fingerprint: SCHEME.fingerprint,
      basis: 'graded',
      subject: 'person',
      grades: ['AAA', 'AA', 'A', 'B'],
      positiveFloor: 'A',
    },
    'scheme',
  ),
  tables: [
    ruled(
      {
        id: 't1',
        scheme: SCHEME,
        version: 1,
        map: { AAA: 'AAA', AA: 'AA', A: 'A' },
        excluded: ['B'],
        effectiveFrom: '2026-01-01',
      },
      'table',
    ),
  ],
};

interface Change {
  readonly facts?: Partial<DecisionFacts>;
  readonly attestation?: Partial<AttestationFacts>;
  readonly rules?: Partial<Rules>;
  readonly offer?: Partial<typeof offer.payload>;
}

function changed(change: Change): readonly [DecisionFacts, Rules] {
  return [
    { ...facts, attestation: { ...attestation, ...change.attestation }, ...change.facts },
    { ...rules, offer: { ...offer, payload: { ...offer.payload, ...change.offer } }, ...change.rules },
  ];
}

function suspended<Payload>(document: Ruled<Payload> | undefined): Ruled<Payload> | undefined {
  return document && { ...document, isSuspended: true };
}

const { binding } = attestation;

/** A card that a clerk at an attended lane is asked about. */
const CARD = {
  facts: { way: 'card', place: { ...facts.place, isAttended: true } },
  attestation: {
    vct: 'https://alliance.example/vct/card/1',
    partner: undefined,
    agreement: 'lv',
    hasPerson: true,
    binding: undefined,
  },
} as const;
const stale = { list: 'held', isRevoked: false, iat: NOW - 21_601, exp: NOW + 1, digest: 'list' } as const;

/** One visit per check in which nothing else is wrong. */
const CASES: Readonly<Record<string, readonly [FaultCode, Change]>> = {
  'offer-not-suspended': ['not_available', { rules: { offer: suspended(offer) } }],
  'offer-available-on-the-day': ['not_available', { facts: { day: '2027-02-05' } }],
  'use-can-be-counted': ['not_available', { offer: { uses: { n: 1, per: 'order' } } }],
  'clock-not-behind-signed-time': ['stale', { facts: { timeFloor: NOW + 31 } }],
  'trust-not-expired': ['stale', { facts: { head: { ...facts.head, expiresAt: NOW } } }],
  'status-list-held': ['stale', { attestation: { status: { ...stale, iat: NOW - 60, exp: NOW } } }],
  'fresh-within-the-offers-budget': ['stale', { attestation: { status: stale } }],
  'card-at-an-attended-lane': ['not_available', { ...CARD, facts: { ...CARD.facts, place: facts.place } }],
  'issuer-signature-holds': ['refused', { attestation: { isIssuerSigned: false } }],
  'disclosures-match-digests': ['refused', { attestation: { areDisclosuresSound: false } }],
  'holder-signature-holds': ['refused', { attestation: { binding: binding && { ...binding, isHolderSigned: false } } }],
  'binding-covers-what-is-shown': [
    'refused',
    { attestation: { binding: binding && { ...binding, coversWhatIsShown: false } } },
  ],
  'not-replayed': ['refused', { facts: { memory: { ...facts.memory, isReplayed: true } } }],
  'code-is-for-this-verifier': [
    'retry',
    { attestation: { binding: binding && { ...binding, isForThisVerifier: false } } },
  ],
  'code-answers-this-session': [
    'retry',
    { attestation: { binding: binding && { ...binding, isNonceExpected: false } } },
  ],
  'code-is-recent': ['retry', { attestation: { binding: binding && { ...binding, iat: NOW - 61 } } }],
  'presentation-is-readable': ['no_proof', { attestation: { binding: undefined } }],
  'issuer-key-is-listed': ['no_proof', { attestation: { isIssuerKeyTrusted: false } }],
  'key-belongs-to-the-issuer': ['no_proof', { attestation: { keyOwner: 'https://rushan.example' } }],
  'issuer-is-a-member': ['no_proof', { rules: { member: suspended(rules.member) } }],
  'type-is-the-one-of-the-way': ['no_proof', { attestation: { vct: 'https://alliance.example/vct/badge/1' } }],
  'attestation-in-force': ['no_proof', { attestation: { exp: NOW } }],
  'attestation-for-this-partner': ['no_proof', { attestation: { partner: 'jiyuan-hotel' } }],
  'card-under-the-offers-agreement': ['no_proof', { ...CARD, attestation: { ...CARD.attestation, agreement: 'wen' } }],
  'not-revoked': ['no_proof', { attestation: { status: { ...stale, iat: NOW - 60, isRevoked: true } } }],
  'offer-is-the-one-asked-for': ['no_proof', { facts: { offer: 'half-a' } }],
  'offer-is-this-partners': [
    'no_proof',
    {
      offer: { partner: 'jiyuan-hotel' },
      rules: {
        agreement: rules.agreement && {
          ...rules.agreement,
          payload: { ...rules.agreement.payload, partners: ['rugao-spot', 'jiyuan-hotel'] },
        },
      },
    },
  ],
  'partner-in-good-standing': ['no_proof', { rules: { partner: suspended(rules.partner) } }],
  'site-belongs-to-the-partner': ['no_proof', { facts: { place: { ...facts.place, site: 'west' } } }],
  'county-in-the-agreement': ['no_proof', { rules: { agreement: agreementWith({ counties: [] }) } }],
  'scheme-in-the-agreement': ['no_proof', { rules: { agreement: agreementWith({ schemes: [] }) } }],
  'scheme-declared-by-the-issuer': ['no_proof', { rules: { scheme: undefined } }],
  'one-threshold-disclosed': ['no_proof', { attestation: { thresholds: ['AA', 'A'] } }],
  'band-reached': ['no_proof', { attestation: { thresholds: ['A'] } }],
  'person-shown-where-a-document-is-checked': ['no_proof', { offer: { holderCheck: 'document' } }],
  'uses-left': ['already_used', { facts: { memory: { ...facts.memory, used: 1, lastUsedAt: NOW - 900 } } }],
  'no-document-to-compare': ['check_by_hand', { attestation: { hasPerson: true }, offer: { holderCheck: 'document' } }],
};

function agreementWith(change: Partial<NonNullable<Rules['agreement']>['payload']>): Rules['agreement'] {
  return rules.agreement && { ...rules.agreement, payload: { ...rules.agreement.payload, ...change } };
}

describe('the verdict (design §4.6)', () => {
  it('is granted when every check holds, and says what to whom', () => {
    expect(decide(facts, rules)).toEqual({ code: 'granted', failed: [] });
    const verdict = tellVerdict(decide(facts, rules), facts, rules, undefined);
    expect(verdict).toMatchObject({
      code: 'granted',
      grant: {
        offer: 'free-aa',
        band: 'AA',
        effect: { kind: 'free' },
        issuer: { id: COUNTY },
        attestedOn: '2026-11-17',
      },
    });
  });

  it('has a case for every check and no other', () => {
    expect(Object.keys(CASES).toSorted()).toEqual(CHECKS.map(({ name }) => name).toSorted());
  });

  it.each(CHECKS.map((check) => [check.clause, check] as const))('%s', (_clause, check) => {
    const [fault, change] = CASES[check.name] ?? ['granted' as never, {}];
    const visit = changed(change);
    // Where a document is compared, that it has to be is said too: a milder fault, so it decides nothing.
    const isForAClerk = check.name === 'person-shown-where-a-document-is-checked' || check.name.startsWith('card-');
    const failed = isForAClerk ? [check.name, 'no-document-to-compare'] : [check.name];
    expect(decide(...visit)).toEqual({ code: fault, failed });
    expect(tellVerdict(decide(...visit), ...visit, { name: '王*', idLast4: '001X' }).code).toBe(fault);
  });

  it.each(CHECKS.map(({ name }) => [name]))('would be wrong without %s', (name) => {
    const without = CHECKS.filter((check) => check.name !== name);
    const wrong = Object.values(CASES).filter(([fault, change]) => weigh(without, ...changed(change)).code !== fault);
    expect(wrong).toHaveLength(1);
  });

  it('names the worst of several faults, in the order of the codes', () => {
    const faulty = Object.values(CASES).map(([fault]) => fault);
    for (const code of VERDICT_CODES) expect(code === 'granted' || faulty.includes(code)).toBe(true);
    const visit = changed({
      attestation: { isIssuerSigned: false, partner: 'other' },
      facts: { memory: { ...facts.memory, used: 1 } },
    });
    expect(decide(...visit).code).toBe('refused');
  });

  it('takes no attestation dated ahead of the clock, nor one that lives over fourteen days (design §4.1)', () => {
    for (const times of [
      { iat: NOW + 31, exp: NOW + 3_600 },
      { iat: NOW - 60, exp: NOW - 60 + 14 * 86_400 + 1 },
    ])
      expect(decide(...changed({ attestation: times }))).toEqual({
        code: 'no_proof',
        failed: ['attestation-in-force'],
      });
  });

  it('lets a re-entry within the minutes of the offer pass (design §4.2)', () => {
    const memory = { ...facts.memory, used: 1, lastUsedAt: NOW - 900 };
    const uses = { n: 1, per: 'day', reentryMinutes: 30 } as const;
    expect(decide(...changed({ facts: { memory }, offer: { uses } })).code).toBe('granted');
    const soldOut = { ...memory, takenToday: 10 };
    expect(decide(...changed({ facts: { memory: soldOut }, offer: { uses } })).code).toBe('granted');
  });

  it('knows no re-entry in a session: a second sale is a second use', () => {
    const memory = { ...facts.memory, used: 1, lastUsedAt: NOW - 900 };
    const uses = { n: 1, per: 'day', reentryMinutes: 30 } as const;
    expect(decide(...changed({ facts: { memory, way: 'session' }, offer: { uses } })).code).toBe('already_used');
  });

  it('decides the offer and the freshness of the gate before anything is shown', () => {
    const before = { ...facts, attestation: undefined };
    expect(decideOffer(before, rules)).toBeUndefined();
    expect(decideOffer({ ...before, day: '2027-02-05' }, rules)).toBe('not_available');
    expect(decideOffer({ ...before, memory: { ...facts.memory, takenToday: 10 } }, rules)).toBe('not_available');
    expect(decideOffer({ ...before, head: { ...facts.head, expiresAt: NOW } }, rules)).toBe('stale');
  });

  it('asks for the person where a clerk compares, and never grants without', () => {
    const visit = changed({ attestation: { hasPerson: true }, offer: { holderCheck: 'document' } });
    expect(tellVerdict(decide(...visit), ...visit, undefined)).toEqual({ code: 'no_proof' });
  });
});

describe('absence of a rule is never a yes (design §1.2)', () => {
  it.each(['offer', 'member', 'scheme', 'attestation'] as const)(
    'tells no grant without %s, whatever was decided',
    (absent) => {
      const without = { [absent]: undefined };
      const verdict = tellVerdict(decide(facts, rules), { ...facts, ...without }, { ...rules, ...without }, undefined);
      expect(verdict).toEqual({ code: 'no_proof' });
    },
  );

  const DROPS = ['offer', 'agreement', 'partner', 'member', 'scheme', 'tables', 'attestation', 'binding', 'status'];

  it('never grants with any set of missing inputs', () => {
    fc.assert(
      fc.property(fc.subarray(DROPS, { minLength: 1 }), (drops) => {
        const status: AttestationFacts['status'] = drops.includes('status') ? { list: 'missing' } : attestation.status;
        const left = { ...attestation, status, binding: drops.includes('binding') ? undefined : binding };
        const poorer: Rules = {
          offer: drops.includes('offer') ? undefined : rules.offer,
          agreement: drops.includes('agreement') ? undefined : rules.agreement,
          partner: drops.includes('partner') ? undefined : rules.partner,
          member: drops.includes('member') ? undefined : rules.member,
          scheme: drops.includes('scheme') ? undefined : rules.scheme,
          tables: drops.includes('tables') ? [] : rules.tables,
        };
        const known = { ...facts, attestation: drops.includes('attestation') ? undefined : left };
        expect(['granted', 'check_by_hand']).not.toContain(decide(known, poorer).code);
      }),
    );
  });

  it('under a monotone table, a stronger threshold never loses and a weaker demand never refuses (design §4.1)', () => {
    const grades = ['AAA', 'AA', 'A', 'B'] as const;
    const index = fc.nat({ max: BANDS.length });
    fc.assert(
      fc.property(
        fc.array(index, { minLength: 4, maxLength: 4 }),
        fc.nat({ max: 3 }),
        fc.nat({ max: 3 }),
        fc.constantFrom<Band>(...BANDS),
        (cuts, one, other, band) => {
          const sorted = cuts.toSorted((first, second) => first - second);
          const map = Object.fromEntries(
            grades.flatMap((grade, at) => {
              const mapped = BANDS[sorted[at] ?? BANDS.length];
              return mapped === undefined ? [] : [[grade, mapped] as const];
            }),
          );
          const table = rules.tables.map((held) => ({ ...held, payload: { ...held.payload, map } }));
          const grant = (grade: number, asked: Band): boolean => {
            const shown = { thresholds: [grades[grade] ?? 'B'] };
            return (
              decide(
                ...changed({
                  attestation: shown,
                  offer: { band: asked },
                  rules: { tables: table, offer: { ...offer, payload: { ...offer.payload, band: asked } } },
                }),
              ).code === 'granted'
            );
          };
          const [stronger, weaker] = [Math.min(one, other), Math.max(one, other)];
          // A weaker grade that suffices means that a stronger one and a lower demand do; one that fails fails for more too.
          return grant(weaker, band) ? grant(stronger, band) && grant(weaker, 'A') : !grant(weaker, 'AAA');
        },
      ),
    );
  });

  it('ends in unmapped, never in the predecessor, when the version in effect is suspended (design §4.4)', () => {
    const [first] = rules.tables;
    const second = first && {
      ...first,
      isSuspended: true,
      payload: { ...first.payload, version: 2, effectiveFrom: '2026-06-01' },
    };
    const tables = [first, second].filter((table) => table !== undefined);
    expect(decide(facts, { ...rules, tables }).code).toBe('no_proof');
  });
});
