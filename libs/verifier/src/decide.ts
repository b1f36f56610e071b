import type { MaskedPerson } from '#libs/attestation';
import { shanghaiDay } from '#libs/calendar';
import { priceParty } from '#libs/offers';
import type { Check } from './check.js';
import { CHECKS, OFFER_AND_GATE_CHECKS } from './checks.js';
import type { DecisionFacts, Rules } from './facts.js';
import { VERDICT_CODES, type FaultCode, type Grant, type Verdict, type VerdictCode } from './verdict.js';

/** The engine that decides; recorded in every receipt. Raised with any change that can change a verdict. */
export const ENGINE = 'xinqiao-verifier/1';

export interface Decision {
  readonly code: VerdictCode;
  /** Names of the checks that failed: for tests and the replay of a receipt, never for a screen, log or answer. */
  readonly failed: readonly string[];
}

/**
 * Decides one visit. Pure: the same facts and documents give the same decision online, offline, in a replay and in a
 * wallet's preview. Every check runs; the worst fault is the verdict, and `granted` takes all of them to hold.
 */
export function decide(facts: DecisionFacts, rules: Rules): Decision {
  return weigh(CHECKS, facts, rules);
}

/**
 * Decides the offer alone, before anything is presented: why it cannot be had here now, or `undefined` when a presentation
 * may follow.
 */
export function decideOffer(facts: DecisionFacts, rules: Rules): 'not_available' | 'stale' | undefined {
  const { code } = weigh(OFFER_AND_GATE_CHECKS, facts, rules);
  return code === 'not_available' || code === 'stale' ? code : undefined;
}

/** Runs a list of checks; the worst fault is the verdict. */
export function weigh(checks: readonly Check[], facts: DecisionFacts, rules: Rules): Decision {
  const failed = checks.filter((check) => !check.holds(facts, rules));
  const faults = new Set<FaultCode>(failed.map((check) => check.fault));
  const worst = VERDICT_CODES.find((code) => code !== 'granted' && faults.has(code));
  return { code: worst ?? 'granted', failed: failed.map((check) => check.name) };
}

/** The verdict as the gate tells it: what is granted and to whom it applies, or one bare code. */
export function tellVerdict(
  decision: Decision,
  facts: DecisionFacts,
  rules: Rules,
  person: MaskedPerson | undefined,
): Verdict {
  const { code } = decision;
  if (code !== 'granted' && code !== 'check_by_hand') return { code };
  const grant = tellGrant(facts, rules);
  if (grant === undefined) return { code: 'no_proof' };
  if (code === 'granted') return { code, grant };
  return person === undefined ? { code: 'no_proof' } : { code, grant, person };
}

function tellGrant(facts: DecisionFacts, { offer, member, scheme }: Rules): Grant | undefined {
  const { attestation, party } = facts;
  if (!attestation || !offer || !member || !scheme) return undefined;
  const { id, band, effect } = offer.payload;
  return {
    offer: id,
    band,
    effect,
    price: priceParty(offer.payload, party),
    issuer: { id: member.payload.id, name: member.payload.name.zh },
    scheme: { id: scheme.payload.id, name: scheme.payload.name.zh },
    attestedOn: shanghaiDay(attestation.iat),
  };
}
