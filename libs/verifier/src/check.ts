import type { AttestationFacts, DecisionFacts, Ruled, Rules } from './facts.js';
import type { FaultCode } from './verdict.js';

/** One rule of the verdict. All checks always run; `holds` is total, pure and small. */
export interface Check {
  readonly name: string;
  /** The sentence of the design or of a standard that this check enforces. */
  readonly clause: string;
  readonly fault: FaultCode;
  holds(facts: DecisionFacts, rules: Rules): boolean;
}

/** A statement about the attestation; false when there is none to make it about. */
export function attested(
  test: (attestation: AttestationFacts, facts: DecisionFacts, rules: Rules) => boolean,
): Check['holds'] {
  return (facts, rules) => facts.attestation !== undefined && test(facts.attestation, facts, rules);
}

/** An objection to the attestation; nothing to object to when there is none (another check says so). */
export function unobjected(
  test: (attestation: AttestationFacts, facts: DecisionFacts, rules: Rules) => boolean,
): Check['holds'] {
  return (facts, rules) => facts.attestation === undefined || test(facts.attestation, facts, rules);
}

/** Said outright: a record that lost the word does not say no (design §1.2), so it must not read as "not suspended". */
export function isFalse(claim: unknown): boolean {
  return claim === false;
}

/** Equal words. Two that are both missing say nothing, so they are not equal. */
export function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}

export function stands({ isSuspended }: Ruled<unknown>): boolean {
  return isFalse(isSuspended);
}
