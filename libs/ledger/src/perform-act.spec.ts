import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EntryState, RuleWorkflow } from '#libs/scheme';
import {
  type ActFault,
  type Actor,
  ENTRY_MOVES,
  type EntryAct,
  type EntryCase,
  type EntryStep,
  nextState,
  performAct,
} from './index.js';

const workflow = (changes: Partial<RuleWorkflow> = {}): RuleWorkflow => ({
  declare_by: ['collector'],
  publicise_days: 0,
  source: 'ASSUMED',
  ...changes,
});

const person = (account: string, ...roles: readonly string[]): Actor => ({
  account,
  subject: `subject of ${account}`,
  household: [`household of ${account}`],
  roles,
});

const lin = person('lin', 'collector');
const wu = person('wu', 'verifier', 'approver');
const zhao = person('zhao', 'approver');
const head = person('head', 'manager');

const fresh: EntryCase = {
  state: null,
  subjects: ['a villager'],
  workflow: workflow(),
  points: 5,
  isReversal: false,
  steps: [],
};

type Done = readonly [act: EntryAct, actor: Actor | null, today?: string];

/** The entry after these acts, the first fault if one was refused. */
function after(entry: EntryCase, ...acts: readonly Done[]): EntryCase | ActFault {
  let now = entry;
  for (const [at, [act, actor, today = '2026-09-01']] of acts.entries()) {
    const done = performAct(now, { key: `${act} ${actor?.account ?? 'calendar'} ${at}`, act, actor, today });
    if (!done.ok) return done.fault;
    const steps = done.value.step === undefined ? now.steps : [...now.steps, done.value.step];
    now = { ...now, state: done.value.state, steps };
  }
  return now;
}

const stateAfter = (entry: EntryCase, ...acts: readonly Done[]): EntryState | null | ActFault => {
  const end = after(entry, ...acts);
  return typeof end === 'string' ? end : end.state;
};

describe('the way of an entry', () => {
  const declared: Done = ['declare', lin];
  const verified: readonly Done[] = [declared, ['verify', wu]];
  const approved: readonly Done[] = [...verified, ['approve', wu]];

  it('leads over a declarer and one other person with both roles to its effect', () => {
    expect(stateAfter(fresh, ...approved, ['take_effect', null])).toBe('effective');
  });

  it.each<readonly [ActFault, readonly Done[], Partial<EntryCase>?]>([
    ['ENTRY_ROLE_MISSING', [['declare', zhao]]],
    ['ENTRY_ROLE_MISSING', [declared, ['verify', zhao]]],
    ['ENTRY_ROLE_MISSING', [declared, ['reject', head]]],
    ['ENTRY_ROLE_MISSING', [...approved, ['take_effect', null], ['contest', person('nobody')]]],
    ['ENTRY_ROLE_MISSING', [declared, ['verify', null]]],
    ['ENTRY_ROLE_MISSING', [['declare', null]]],
    ['DECLARER_APPROVAL', [declared, ['verify', { ...lin, roles: ['verifier'] }]]],
    ['DECLARER_APPROVAL', [...verified, ['approve', { ...lin, roles: ['approver'] }]]],
    ['DECLARER_APPROVAL', [...verified, ['approve', { ...zhao, subject: lin.subject }]]],
    ['SELF_APPROVAL', [declared, ['verify', wu]], { subjects: ['somebody', 'subject of wu'] }],
    ['SELF_APPROVAL', [declared, ['reject', wu]], { subjects: ['subject of wu'], points: -5 }],
    ['HOUSEHOLD_APPROVAL', [...verified, ['approve', zhao]], { subjects: ['household of zhao'] }],
    ['APPROVER_MISSING', [...verified, ['take_effect', null]]],
    ['APPROVER_MISSING', [...verified, ['publicise', null]]],
  ])('ends with %s at the last of %j', (fault, acts, changes = {}) => {
    const entry = { ...fresh, ...changes };
    expect(after(entry, ...acts.slice(0, -1))).toBeInstanceOf(Object);
    expect(stateAfter(entry, ...acts)).toBe(fault);
  });

  it('needs two persons above the limit, in size, and for a direct grading (G11)', () => {
    const limited = { ...fresh, workflow: workflow({ two_people_above: 5 }) };
    expect(stateAfter(limited, ...approved, ['take_effect', null])).toBe('effective');
    for (const points of [6, -6, null]) {
      const large = { ...limited, points };
      expect(stateAfter(large, ...approved, ['take_effect', null])).toBe('SECOND_APPROVER_MISSING');
      expect(stateAfter(large, ...approved, ['approve', wu])).toBe('SAME_APPROVER');
      const secondAccount = { ...zhao, subject: wu.subject };
      expect(stateAfter(large, ...approved, ['approve', secondAccount])).toBe('SAME_APPROVER');
      expect(stateAfter(large, ...approved, ['approve', zhao], ['take_effect', null])).toBe('effective');
    }
  });

  it('takes two accounts that belong to no subject for two people', () => {
    const [declarer, other] = [lin, wu].map((actor) => ({ ...actor, subject: null })) as [Actor, Actor];
    expect(stateAfter(fresh, ['declare', declarer], ['verify', other])).toBe('verified');
  });

  it('stands on the board for as many days after the one it went up', () => {
    const shown = { ...fresh, workflow: workflow({ publicise_days: 7 }) };
    expect(stateAfter(shown, ...approved, ['take_effect', null, '2026-12-31'])).toBe('PUBLICITY_RUNNING');
    const up: readonly Done[] = [...approved, ['publicise', null, '2026-09-01']];
    expect(stateAfter(shown, ...up, ['take_effect', null, '2026-09-08'])).toBe('PUBLICITY_RUNNING');
    expect(stateAfter(shown, ...up, ['take_effect', null, '2026-09-09'])).toBe('effective');
    const contested: readonly Done[] = [...up, ['contest', person('guo', 'resident')]];
    expect(stateAfter(shown, ...contested, ['uphold', head, '2026-09-08'])).toBe('PUBLICITY_RUNNING');
    expect(stateAfter(shown, ...contested, ['uphold', head, '2026-09-09'])).toBe('upheld');
    expect(stateAfter(shown, ...contested, ['reverse', head, '2026-09-02'])).toBe('reversed');
  });

  it('lets residents declare for themselves and their household only', () => {
    const open = { ...fresh, workflow: workflow({ declare_by: ['resident', 'collector'] }) };
    const resident = person('guo', 'resident');
    expect(stateAfter(open, ['declare', resident])).toBe('ENTRY_OF_ANOTHER');
    expect(stateAfter({ ...open, subjects: ['subject of guo'] }, ['declare', resident])).toBe('declared');
    expect(stateAfter({ ...open, subjects: ['household of guo'] }, ['declare', resident])).toBe('declared');
    expect(stateAfter(open, ['declare', { ...resident, roles: ['resident', 'collector'] }])).toBe('declared');
  });

  it('has objections decided by somebody who had no part in it (G6)', () => {
    const objector = person('qian', 'approver');
    const contested: readonly Done[] = [...approved, ['take_effect', null], ['contest', objector]];
    for (const involved of [wu, objector, { ...lin, roles: ['manager'] }])
      for (const act of ['uphold', 'reverse'] as const)
        expect(stateAfter(fresh, ...contested, [act, involved])).toBe('REVIEWER_INVOLVED');
    expect(stateAfter(fresh, ...contested, ['uphold', zhao])).toBe('upheld');
    expect(stateAfter({ ...fresh, subjects: ['subject of head'] }, ...contested, ['uphold', head])).toBe(
      'SELF_APPROVAL',
    );
  });

  it('ends for a reversal with its effect, and for an entry with validity on its day', () => {
    const effective: readonly Done[] = [...approved, ['take_effect', null]];
    const reversal = { ...fresh, isReversal: true };
    expect(stateAfter(reversal, ...effective, ['contest', head])).toBe('REVERSAL_FINAL');
    expect(stateAfter(reversal, ...approved, ['publicise', null], ['contest', head])).toBe('contested');
    expect(stateAfter(fresh, ...effective, ['expire', null])).toBe('VALIDITY_RUNNING');
    const expiring = { ...fresh, expiresOn: '2027-09-01' };
    expect(stateAfter(expiring, ...effective, ['expire', null, '2027-08-31'])).toBe('VALIDITY_RUNNING');
    expect(stateAfter(expiring, ...effective, ['expire', null, '2027-09-01'])).toBe('expired');
  });

  it('takes a repeated act as done, and a key for one act only', () => {
    const verifiedCase = after(fresh, ['declare', lin], ['verify', wu]) as EntryCase;
    const again = performAct(verifiedCase, { key: 'declare lin 0', act: 'declare', actor: lin, today: '2026-09-02' });
    expect(again).toEqual({ ok: true, value: { state: 'verified', step: undefined } });
    for (const [act, actor] of [
      ['verify', lin],
      ['declare', wu],
    ] as const)
      expect(performAct(verifiedCase, { key: 'declare lin 0', act, actor, today: '2026-09-02' })).toEqual({
        ok: false,
        fault: 'ENTRY_STEP_DIFFERS',
      });
  });
});

const ACTS = Object.keys(ENTRY_MOVES) as EntryAct[];
const ONWARD = ACTS.filter((act) => !['rejected', 'reversed', 'expired'].includes(ENTRY_MOVES[act].to));

describe('an entry, whatever is done to it in whatever order (property),', () => {
  const people = ['a', 'b', 'c', 'd'];
  const roles = ['resident', 'collector', 'verifier', 'approver', 'manager'];
  const actors = fc.record({
    account: fc.constantFrom(...people),
    subject: fc.constantFrom(null, ...people),
    household: fc.subarray(people, { maxLength: 1 }),
    roles: fc.subarray(roles, { minLength: 4 }),
  });
  const asked = fc.record({
    pick: fc.nat(),
    isAny: fc.nat(5).map((n) => n === 0),
    actor: fc.option(actors, { freq: 8 }),
    today: fc.constantFrom('2026-09-01', '2026-09-03', '2026-09-09'),
    key: fc.constantFrom(...Array.from({ length: 200 }, (_, n) => `k${n}`)),
  });
  const entries = fc.record({
    points: fc.constantFrom(1, 9, -9, null),
    limit: fc.constantFrom(undefined, 5),
    days: fc.constantFrom(0, 2),
    subjects: fc.subarray([...people, 'x'], { minLength: 1, maxLength: 2 }),
  });

  it('counts only once verified, approved by enough other people, and shown long enough; a repetition changes nothing', () => {
    let reached = 0;
    fc.assert(
      fc.property(
        entries,
        fc.array(asked, { minLength: 20, maxLength: 60 }),
        ({ points, limit, days, subjects }, all) => {
          const rule = workflow({
            declare_by: ['resident', 'collector'],
            publicise_days: days,
            ...(limit === undefined ? {} : { two_people_above: limit }),
          });
          let entry: EntryCase = { ...fresh, subjects, points, workflow: rule };
          const actorOf = new Map<string, Actor | null>();
          for (const { pick, isAny, ...rest } of all) {
            // Mostly an act that leads on from where the entry stands, else any.
            const open = isAny ? ACTS : ONWARD.filter((act) => nextState(entry.state, act).ok);
            const ask = { ...rest, act: open[pick % open.length] ?? 'declare' };
            const done = performAct(entry, ask);
            if (!done.ok || done.value.step === undefined) continue;
            entry = { ...entry, state: done.value.state, steps: [...entry.steps, done.value.step] };
            actorOf.set(ask.key, ask.actor);
            expect(performAct(entry, ask)).toEqual({ ok: true, value: { state: entry.state, step: undefined } });
            if (entry.state !== 'effective' && entry.state !== 'upheld') continue;
            reached += 1;
            const by = (act: EntryAct): Actor[] =>
              entry.steps.filter((step) => step.act === act).map(({ key }) => actorOf.get(key)!);
            const [declarer] = by('declare');
            const deciders = [...by('verify'), ...by('approve')];
            expect(by('verify')).toHaveLength(1);
            expect(new Set(by('approve').map(({ account }) => account)).size).toBeGreaterThanOrEqual(
              limit !== undefined && points !== 1 ? 2 : 1,
            );
            for (const decider of deciders) {
              expect(subjects).not.toContain(decider.subject);
              expect(decider.household.filter((one) => subjects.includes(one))).toEqual([]);
              expect(decider.account).not.toBe(declarer!.account);
            }
            const up = entry.steps.find(({ act }) => act === 'publicise');
            const date = (step: EntryStep | undefined): number => Number(step?.day.slice(-2));
            expect(days === 0 || date(entry.steps.at(-1)) - date(up) > days).toBe(true);
          }
        },
      ),
      { numRuns: 400 },
    );
    // Not vacuous: some of these sequences do reach an effect.
    expect(reached).toBeGreaterThan(50);
  });
});
