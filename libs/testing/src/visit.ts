import { acceptBundle, type AllianceTrust } from '#libs/alliance';
import { shanghaiDay } from '#libs/calendar';
import type { CryptoPort } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { decodeStatusList, type VerifiedStatusList } from '#libs/status-list';
import {
  decide,
  ENGINE,
  readEvidence,
  rulesFor,
  type Decision,
  type DecisionFacts,
  type Evidence,
  type Expectation,
  type Rules,
  type StatusLists,
} from '#libs/verifier';
import { holdAttestation, presentAttestation } from '#libs/wallet';
import { buildAlliance, type AlliancePlan, type BuiltAlliance } from './alliance-builder.js';
import { SMALL_ALLIANCE } from './small-alliance-plan.js';
import { issueProof, statusListOf, type IssuedProof, type ProofPlan } from './visit-builder.js';

/** What a resident shows, where it differs from a sufficient code for the first site of the partner. */
export interface Showing extends Partial<Omit<ProofPlan, 'now' | 'federation'>> {
  /** An attestation issued before, in place of a fresh one. */
  readonly proof?: IssuedProof;
  /** The grade held, unless said otherwise. */
  readonly threshold?: string;
  readonly withPerson?: boolean;
  readonly offer?: string;
  readonly audience?: string;
  readonly nonce?: string;
  /** Of the key-binding JWT (Unix seconds): two seconds ago, unless said otherwise. */
  readonly iat?: number;
  /** When the attestation was issued (Unix seconds): now, unless said otherwise. */
  readonly issuedAt?: number;
}

/** Where, when and knowing what a gate looks at a text, where it differs from the first site of the partner now. */
export interface Visiting {
  readonly trust?: AllianceTrust;
  readonly lists?: StatusLists;
  readonly port?: CryptoPort;
  readonly expectation?: Partial<Expectation>;
  /** Whatever else the decision is made from. */
  readonly facts?: Partial<DecisionFacts>;
}

/** One text read and decided, with all that it was decided from. */
export interface Visit {
  readonly evidence: Evidence;
  readonly facts: DecisionFacts;
  readonly rules: Rules;
  readonly decision: Decision;
}

/** Everything a visit takes, in one process: an alliance whose bundle is accepted, its counties' status lists, a gate. */
export interface VisitWorld {
  readonly now: number;
  readonly alliance: BuiltAlliance;
  readonly trust: AllianceTrust;
  /** By uri, one for each county, with nobody revoked. */
  readonly lists: ReadonlyMap<string, VerifiedStatusList>;
  /** Issues an attestation to a fresh key of a resident of the first scheme who holds AA, unless said otherwise. */
  issue(showing?: Showing): Promise<IssuedProof>;
  /** The text of a presentation that is granted, unless `showing` says otherwise. */
  present(showing?: Showing): Promise<string>;
  /** A county's first status list as a gate holds it. */
  listOf(county: string, revoked?: readonly number[], iat?: number): Promise<VerifiedStatusList>;
  /** Reads and decides a text as a gate does that remembers nobody. */
  visit(text: string, visiting?: Visiting): Promise<Visit>;
  /** The decision alone. */
  verdictOf(text: string, visiting?: Visiting): Promise<Decision>;
}

export const VISIT_FEDERATION = 'https://alliance.example';

/**
 * Builds the world of a visit. The first scheme, partner and offer of the plan are the ones that are meant unless a visit says
 * otherwise.
 * @param now Unix seconds
 * @param port what the gate checks with
 */
export async function buildVisitWorld(
  now: number,
  plan: AlliancePlan = SMALL_ALLIANCE,
  port: CryptoPort = nodeCrypto,
): Promise<VisitWorld> {
  const alliance = await buildAlliance(plan, now);
  const accepted = await acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle }, port);
  if (!accepted.ok) throw new Error(`the planned alliance is refused: ${accepted.fault} at ${accepted.at}`);
  const trust = accepted.value;
  const [scheme, partner, offer] = [alliance.plan.schemes[0], alliance.plan.partners[0], alliance.plan.offers[0]];
  const [site] = partner?.sites ?? [];
  if (!scheme || !partner || !offer || !site) throw new RangeError('a visit takes a scheme, a partner and an offer');

  const listOf: VisitWorld['listOf'] = async (county, revoked = [], iat = now - 60) => {
    const token = await statusListOf(alliance, county, { iat }, revoked);
    const key = await trust.key(alliance.keys.member(county).status.kid)?.verificationKey();
    if (key === undefined) throw new RangeError(`the plan lists no status key of ${county}`);
    const list = await decodeStatusList(token, { uri: `${county}/s/1`, issuer: county, key }, port);
    if (!list.ok) throw new Error(list.fault);
    return list.value;
  };
  const lists = new Map<string, VerifiedStatusList>();
  for (const { id, statusLists } of alliance.plan.members)
    for (const uri of statusLists.slice(0, 1)) lists.set(uri, await listOf(id));

  const issue: VisitWorld['issue'] = ({ issuedAt = now, ...showing } = {}) => {
    const meant = { partner: partner.id, scheme: scheme.id, grade: 'AA', idx: 7 };
    return issueProof(alliance, { ...meant, ...showing, now: issuedAt, federation: VISIT_FEDERATION });
  };

  const visit: VisitWorld['visit'] = async (text, visiting = {}) => {
    const { trust: trusted = trust, lists: held = lists } = visiting;
    const code = { way: 'rotating_qr', audience: site.id, nonce: undefined, offer: undefined } as const;
    const expectation: Expectation = { ...code, ...visiting.expectation };
    const evidence = await readEvidence(text, expectation, trusted, held, visiting.port ?? port);
    const facts: DecisionFacts = {
      engine: ENGINE,
      way: expectation.way,
      now,
      timeFloor: now,
      place: { partner: partner.id, site: site.id, lane: 'lane-1', isAttended: true },
      federation: VISIT_FEDERATION,
      head: { digest: trusted.headDigest, iat: trusted.headIat, expiresAt: trusted.expiresAt },
      offer: evidence.offer,
      day: shanghaiDay(visiting.facts?.now ?? now),
      party: { adults: 1, children: 0, seniors: 0 },
      orderRef: undefined,
      attestation: evidence.attestation,
      memory: { isReplayed: false, used: 0, lastUsedAt: undefined, takenToday: 0 },
      ...visiting.facts,
    };
    const rules = rulesFor(trusted, facts.offer, facts.place.partner, facts.attestation);
    return { evidence, facts, rules, decision: decide(facts, rules) };
  };

  return {
    now,
    alliance,
    trust,
    lists,
    issue,
    listOf,
    visit,
    present: async (showing = {}) => {
      const { issued, holderJwk, holderKey } = showing.proof ?? (await issue(showing));
      const held = await holdAttestation(issued, holderJwk, nodeCrypto);
      if (!held.ok) throw new Error(held.fault);
      const { threshold = showing.grade ?? 'AA', withPerson = false, iat = now - 2, nonce } = showing;
      const bound = { audience: showing.audience ?? site.id, offer: showing.offer ?? offer.id, iat };
      const answer = { threshold, withPerson, ...bound, ...(nonce === undefined ? {} : { nonce }) };
      return presentAttestation(held.value, answer, holderKey, nodeCrypto);
    },
    verdictOf: async (text, visiting) => (await visit(text, visiting)).decision,
  };
}
