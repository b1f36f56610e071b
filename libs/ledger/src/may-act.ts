import { addDays } from '#libs/calendar';
import type { EntryState, RuleWorkflow } from '#libs/scheme';
import type { EntryAct } from './entry-states.js';

export type EntryRole = 'resident' | 'collector' | 'verifier' | 'approver' | 'manager';

export type MayActFault =
  | 'ENTRY_ROLE_MISSING'
  | 'ENTRY_OF_ANOTHER'
  | 'SELF_APPROVAL'
  | 'HOUSEHOLD_APPROVAL'
  | 'DECLARER_APPROVAL'
  | 'SAME_APPROVER'
  | 'REVIEWER_INVOLVED'
  | 'REVERSAL_FINAL'
  | 'APPROVER_MISSING'
  | 'SECOND_APPROVER_MISSING'
  | 'PUBLICITY_RUNNING'
  | 'VALIDITY_RUNNING';

/** Somebody whom the entry's steps name. Two accounts of one subject are one person. */
export interface Person {
  /** User name of the account, or the resident's handle. */
  readonly account: string;
  /** Id of the subject the account belongs to; `null` for an account that belongs to no subject of this county. */
  readonly subject: string | null;
}

export interface Actor extends Person {
  /** Ids of the actor's households and of their members, on the day the entry happened or today: leaving does not help. */
  readonly household: readonly string[];
  /** The roles that the actor holds at the place of the entry's subject; an account of another place holds none there. */
  readonly roles: readonly string[];
}

/** One act that was done to an entry. */
export interface EntryStep {
  /** Idempotency key of the act. */
  readonly key: string;
  readonly act: EntryAct;
  /** `null` for acts of the calendar and the rules. */
  readonly by: Person | null;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly day: string;
}

/** What is known of an entry when somebody wants to act on it. */
export interface EntryCase {
  /** `null` before the declaration. */
  readonly state: EntryState | null;
  /** Ids of all whom it credits: its subject and, where the rule says so, household or parents. */
  readonly subjects: readonly string[];
  readonly workflow: RuleWorkflow;
  /** What it changes in the total of its rule, in points; `null` for a direct grading, which no number measures. */
  readonly points: number | null;
  /** Whether it takes back another entry. */
  readonly isReversal: boolean;
  /** The day from which it counts no more; absent for an entry without validity. */
  readonly expiresOn?: string;
  /** In the order in which they were done. */
  readonly steps: readonly EntryStep[];
}

/** Who decides about an entry, by role. Declaring is the rule's affair; objecting is open to everyone with a role here. */
const DECIDERS: Partial<Record<EntryAct, readonly EntryRole[]>> = {
  verify: ['verifier'],
  approve: ['approver'],
  reject: ['verifier', 'approver'],
  uphold: ['approver', 'manager'],
  reverse: ['approver', 'manager'],
};

/**
 * Why an act may not be done, or `undefined` when it may; the state is `nextState`'s affair. The rules (domain 3.1, G6, G11):
 * - nobody decides about an entry that credits themselves or their household, whichever way they decide
 * - whoever declared an entry decides nothing about it. Verifying and approving may be one person with both roles: a
 *   village office of two must be able to work
 * - above the rule's limit two persons approve; a direct grading under a rule with a limit always needs two
 * - an objection is decided by somebody who neither raised it nor declared, verified or approved the entry
 * - a reversing entry that has taken effect is final: what it took back is recorded anew
 * @param today `YYYY-MM-DD`, Asia/Shanghai
 */
export function mayAct(act: EntryAct, actor: Actor | null, entry: EntryCase, today: string): MayActFault | undefined {
  switch (act) {
    case 'publicise':
      return approvalFault(entry);
    case 'take_effect':
      return approvalFault(entry) ?? publicityFault(entry, today);
    case 'correct':
      return undefined;
    case 'expire':
      return entry.expiresOn !== undefined && today >= entry.expiresOn ? undefined : 'VALIDITY_RUNNING';
    case 'declare':
      return actor === null ? 'ENTRY_ROLE_MISSING' : declarationFault(actor, entry);
    case 'contest':
      return actor === null ? 'ENTRY_ROLE_MISSING' : objectionFault(actor, entry);
    case 'verify':
    case 'approve':
    case 'reject':
    case 'uphold':
    case 'reverse':
      return actor === null ? 'ENTRY_ROLE_MISSING' : decisionFault(act, actor, entry, today);
  }
}

/** How many persons must approve before the entry goes on. */
export function approvalsNeeded({ workflow, points }: Pick<EntryCase, 'workflow' | 'points'>): 1 | 2 {
  const { two_people_above: limit } = workflow;
  return limit !== undefined && (points === null || Math.abs(points) > limit) ? 2 : 1;
}

function declarationFault(actor: Actor, { workflow, subjects }: EntryCase): MayActFault | undefined {
  const may = workflow.declare_by.filter((role) => actor.roles.includes(role));
  if (may.length === 0) return 'ENTRY_ROLE_MISSING';
  const speaksForOthers = may.some((role) => role !== 'resident');
  return speaksForOthers || concerns(actor, subjects) !== undefined ? undefined : 'ENTRY_OF_ANOTHER';
}

function objectionFault(actor: Actor, { state, isReversal }: EntryCase): MayActFault | undefined {
  if (actor.roles.length === 0) return 'ENTRY_ROLE_MISSING';
  return isReversal && state !== 'publicised' ? 'REVERSAL_FINAL' : undefined;
}

function decisionFault(act: EntryAct, actor: Actor, entry: EntryCase, today: string): MayActFault | undefined {
  if (!(DECIDERS[act] ?? []).some((role) => actor.roles.includes(role))) return 'ENTRY_ROLE_MISSING';
  const own = concerns(actor, entry.subjects);
  if (own !== undefined) return own;
  const did = (acts: readonly EntryAct[]): boolean =>
    entry.steps.some((step) => acts.includes(step.act) && step.by !== null && isSamePerson(step.by, actor));
  if (did(['declare'])) return act === 'uphold' || act === 'reverse' ? 'REVIEWER_INVOLVED' : 'DECLARER_APPROVAL';
  if (act === 'approve' && did(['approve'])) return 'SAME_APPROVER';
  if (act !== 'uphold' && act !== 'reverse') return undefined;
  if (did(['verify', 'approve', 'contest'])) return 'REVIEWER_INVOLVED';
  // An upheld entry counts: it too has stood on the board for its days.
  return act === 'uphold' ? publicityFault(entry, today) : undefined;
}

function concerns(actor: Actor, subjects: readonly string[]): 'SELF_APPROVAL' | 'HOUSEHOLD_APPROVAL' | undefined {
  if (actor.subject !== null && subjects.includes(actor.subject)) return 'SELF_APPROVAL';
  return subjects.some((subject) => actor.household.includes(subject)) ? 'HOUSEHOLD_APPROVAL' : undefined;
}

function isSamePerson(one: Person, other: Person): boolean {
  return one.account === other.account || (one.subject !== null && one.subject === other.subject);
}

function approvalFault(entry: EntryCase): MayActFault | undefined {
  const given = entry.steps.filter(({ act }) => act === 'approve').length;
  if (given >= approvalsNeeded(entry)) return undefined;
  return given === 0 ? 'APPROVER_MISSING' : 'SECOND_APPROVER_MISSING';
}

/** The day of going up is not counted, and the last day runs to its end (民法典 art. 201, 203): 7 days from the 1st end with the 8th. */
function publicityFault({ workflow, steps }: EntryCase, today: string): MayActFault | undefined {
  if (workflow.publicise_days === 0) return undefined;
  const up = steps.find(({ act }) => act === 'publicise');
  return up !== undefined && today > addDays(up.day, workflow.publicise_days) ? undefined : 'PUBLICITY_RUNNING';
}
