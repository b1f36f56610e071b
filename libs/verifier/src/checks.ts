import { bandAtLeast, bandOf, tableInEffect } from '#libs/equivalence';
import { isListed, offerAvailability, quotaAllows, quotaPeriod, type Offer, type QuotaAnswer } from '#libs/offers';
import type { AttestationFacts, DecisionFacts, Ruled, Rules } from './facts.js';
import type { FaultCode } from './verdict.js';
import { WAYS } from './ways.js';

/** How far a gate's clock and a phone's may differ (design §4.2), in seconds. */
export const CLOCK_SKEW_SECONDS = 30;

/** One rule of the verdict. All checks always run; `holds` is total, pure and small. */
export interface Check {
  readonly name: string;
  /** The sentence of the design or of a standard that this check enforces. */
  readonly clause: string;
  readonly fault: FaultCode;
  holds(facts: DecisionFacts, rules: Rules): boolean;
}

/** A statement about the attestation; false when there is none to make it about. */
function attested(
  test: (attestation: AttestationFacts, facts: DecisionFacts, rules: Rules) => boolean,
): Check['holds'] {
  return (facts, rules) => facts.attestation !== undefined && test(facts.attestation, facts, rules);
}

/** An objection to the attestation; nothing to object to when there is none (another check says so). */
function unobjected(
  test: (attestation: AttestationFacts, facts: DecisionFacts, rules: Rules) => boolean,
): Check['holds'] {
  return (facts, rules) => facts.attestation === undefined || test(facts.attestation, facts, rules);
}

/** Said outright: a record that lost the word does not say no (design §1.2), so it must not read as "not suspended". */
function isFalse(claim: unknown): boolean {
  return claim === false;
}

function stands({ isSuspended }: Ruled<unknown>): boolean {
  return isFalse(isSuspended);
}

/** An objection that only a listed key can be blamed for; any other is unknown, and says nothing. */
function ofAListedKey(test: (attestation: AttestationFacts) => boolean): Check['holds'] {
  return unobjected((attestation) => !attestation.isIssuerKeyTrusted || test(attestation));
}

/**
 * Whether the holder may use the offer now, and whether that counts. Going out and coming back is for people at a lane: a
 * sale in a session is never a re-entry, however soon it follows another.
 */
export function allowedUse(
  { way, memory, now }: Pick<DecisionFacts, 'way' | 'memory' | 'now'>,
  { uses }: Offer,
): QuotaAnswer {
  const lastUsedAt = way === 'session' ? undefined : memory.lastUsedAt;
  return quotaAllows(uses, { used: memory.used, lastUsedAt, now });
}

/** The offer itself, decided before any presentation. */
export const OFFER_CHECKS: readonly Check[] = [
  {
    name: 'offer-not-suspended',
    clause: 'design §4.5: a suspended document counts as withdrawn',
    fault: 'not_available',
    holds: (_, { offer, agreement }) =>
      (offer === undefined || stands(offer)) && (agreement === undefined || stands(agreement)),
  },
  {
    name: 'offer-available-on-the-day',
    clause: 'design §4.6: not in effect, blackout, sold out; §2: nothing is recognised outside an agreement',
    fault: 'not_available',
    holds: (facts, { offer, agreement }) => {
      if (offer === undefined) return true;
      // Who comes back was counted when the place was taken.
      const takenToday = allowedUse(facts, offer.payload) === 'reentry' ? 0 : facts.memory.takenToday;
      return offerAvailability(offer.payload, agreement?.payload, { day: facts.day, takenToday }) === 'available';
    },
  },
  {
    name: 'use-can-be-counted',
    clause: 'design §4.2: an offer per order is had with an order reference only',
    fault: 'not_available',
    holds: ({ day, orderRef }, { offer }) =>
      offer === undefined || quotaPeriod(offer.payload.uses, { day, orderRef }) !== undefined,
  },
  {
    name: 'card-at-an-attended-lane',
    clause: 'design §4.2: a card is never taken on an unattended lane',
    fault: 'not_available',
    holds: ({ way, place }) => way !== 'card' || place.isAttended,
  },
];

/** What this gate holds: decided again with the presentation's own status list. */
export const FRESHNESS_CHECKS: readonly Check[] = [
  {
    name: 'clock-not-behind-signed-time',
    clause: 'design §4.5: a clock below the time floor is stale',
    fault: 'stale',
    holds: ({ now, timeFloor }) => now + CLOCK_SKEW_SECONDS >= timeFloor,
  },
  {
    name: 'trust-not-expired',
    clause: 'design §1.2: expiry is hard; §4.5: head, round and delegation',
    fault: 'stale',
    holds: ({ now, head }) => now < head.expiresAt,
  },
  {
    name: 'status-list-held',
    clause: 'design §4.3: lists are fetched on a timer, never because of a presentation',
    fault: 'stale',
    holds: unobjected(({ status }, { now }) => (status.list === 'held' ? now < status.exp : status.list !== 'missing')),
  },
  {
    name: 'fresh-within-the-offers-budget',
    clause: 'design §4.5: age = clock − min(head.iat, list.iat)',
    fault: 'stale',
    holds: ({ now, head, attestation }, { offer }) => {
      const listIat = attestation?.status.list === 'held' ? attestation.status.iat : head.iat;
      return offer === undefined || now - Math.min(head.iat, listIat) <= offer.payload.freshnessSeconds;
    },
  },
];

const GENUINENESS_CHECKS: readonly Check[] = [
  {
    name: 'issuer-signature-holds',
    clause: 'RFC 9901 §7.1 step 2.b; design §4.6: bad signature of a listed key',
    fault: 'refused',
    holds: ofAListedKey(({ isIssuerSigned }) => isIssuerSigned),
  },
  {
    name: 'disclosures-match-digests',
    clause: 'RFC 9901 §7.1 steps 3 to 5; docs/wire.md: only what the profile lets travel this way',
    fault: 'refused',
    holds: ofAListedKey(({ areDisclosuresSound }) => areDisclosuresSound),
  },
  {
    name: 'holder-signature-holds',
    clause: 'RFC 9901 §7.3 step 5.c: signed with the key in cnf',
    fault: 'refused',
    holds: ofAListedKey(({ binding }) => binding === undefined || binding.isHolderSigned),
  },
  {
    name: 'binding-covers-what-is-shown',
    clause: 'RFC 9901 §7.3 step 5.g: sd_hash',
    fault: 'refused',
    holds: ofAListedKey(({ binding }) => binding === undefined || binding.coversWhatIsShown),
  },
  {
    name: 'not-replayed',
    clause: 'design §4.2: (cnf, nonce) is remembered; another lane is refused',
    fault: 'refused',
    holds: ({ memory }) => isFalse(memory.isReplayed),
  },
];

const CODE_CHECKS: readonly Check[] = [
  {
    name: 'code-is-for-this-verifier',
    clause: 'RFC 9901 §7.3 step 5 (aud); design §4.2',
    fault: 'retry',
    holds: unobjected(({ binding }) => binding === undefined || binding.isForThisVerifier),
  },
  {
    name: 'code-answers-this-session',
    clause: 'RFC 9901 §7.3 step 5 (nonce); OpenID4VP 1.0 §14.1',
    fault: 'retry',
    holds: unobjected(({ binding }) => binding === undefined || binding.isNonceExpected),
  },
  {
    name: 'code-is-recent',
    clause: 'design §4.2: iat in [now − 60 s, now + 30 s]; a session 300 s, a voucher 120 s',
    fault: 'retry',
    holds: unobjected(({ binding }, { now, way }) => {
      const life = WAYS[way].proofLifeSeconds;
      if (binding === undefined || life === undefined) return true;
      return binding.iat >= now - life && binding.iat <= now + CLOCK_SKEW_SECONDS;
    }),
  },
];

const PROOF_CHECKS: readonly Check[] = [
  {
    name: 'presentation-is-readable',
    clause: 'RFC 9901 §7.3 step 2: no presentation without a proof of presence; only paper has none',
    fault: 'no_proof',
    holds: attested(({ binding }, { way }) => (binding === undefined) === (way === 'card')),
  },
  {
    // With the four checks above that speak for listed keys only, this leaves no way to be granted but genuine.
    name: 'issuer-key-is-listed',
    clause: 'design §1.2: unknown key is never a yes; §4.5: a compromised key verifies nothing',
    fault: 'no_proof',
    holds: attested(({ isIssuerKeyTrusted }) => isIssuerKeyTrusted),
  },
  {
    name: 'key-belongs-to-the-issuer',
    clause: 'design §4: every key has one purpose and one member',
    fault: 'no_proof',
    holds: attested(({ keyOwner, issuer }) => keyOwner === issuer),
  },
  {
    name: 'issuer-is-a-member',
    clause: 'design §1.2; a suspended member is none',
    fault: 'no_proof',
    holds: attested(({ issuer }, _, { member }) => member?.payload.id === issuer && stands(member)),
  },
  {
    name: 'type-is-the-one-of-the-way',
    clause: 'SD-JWT VC §3.2.2.1.1 (vct); design §4.2: types never substitute for one another',
    fault: 'no_proof',
    holds: attested(({ vct }, { way, federation }) => vct === WAYS[way].vct(federation)),
  },
  {
    name: 'attestation-in-force',
    clause: 'RFC 7519 §4.1.4, §4.1.6; design §4.1, §4.2: life ≤ 14 d, a card 90 d, a voucher 120 s',
    fault: 'no_proof',
    holds: attested(
      ({ iat, exp }, { now, way }) =>
        iat <= now + CLOCK_SKEW_SECONDS && now < exp && exp - iat <= WAYS[way].maxLifeSeconds,
    ),
  },
  {
    name: 'attestation-for-this-partner',
    clause: 'design §4.1: partner, the only one it may be shown to',
    fault: 'no_proof',
    holds: attested(({ partner }, { place, way }) => way === 'card' || partner === place.partner),
  },
  {
    name: 'card-under-the-offers-agreement',
    clause: 'design §4.2: a card is for one agreement',
    fault: 'no_proof',
    holds: attested(({ agreement: named }, { way }, { agreement }) =>
      way === 'card' ? named !== undefined && named === agreement?.payload.id : named === undefined,
    ),
  },
  {
    name: 'not-revoked',
    clause: 'Token Status List §8.3; an index outside the list counts as revoked',
    fault: 'no_proof',
    holds: attested(({ status }, { way }) =>
      way === 'voucher' ? status.list === 'none' : status.list === 'held' && isFalse(status.isRevoked),
    ),
  },
  {
    name: 'offer-is-the-one-asked-for',
    clause: 'design §1.2: what was asked for is decided, and nothing in its place',
    fault: 'no_proof',
    holds: (facts, { offer }) => facts.offer !== undefined && offer?.payload.id === facts.offer,
  },
  {
    name: 'offer-is-this-partners',
    clause: 'design §4.2: a lane accepts any offer of its own partner',
    fault: 'no_proof',
    holds: ({ place }, { offer }) => offer !== undefined && offer.payload.partner === place.partner,
  },
  {
    name: 'partner-in-good-standing',
    clause: 'design §4.5: a suspended document counts as withdrawn',
    fault: 'no_proof',
    holds: ({ place }, { partner }) => partner?.payload.id === place.partner && stands(partner),
  },
  {
    name: 'site-belongs-to-the-partner',
    clause: 'docs/wire.md: partner.sites',
    fault: 'no_proof',
    holds: ({ place }, { partner }) =>
      place.site !== undefined && partner?.payload.sites.some((site) => site.id === place.site) === true,
  },
  {
    name: 'county-in-the-agreement',
    clause: 'design §2: which counties recognise which schemes',
    fault: 'no_proof',
    holds: attested(
      ({ issuer }, _, { agreement }) => agreement !== undefined && isListed(agreement.payload.counties, issuer),
    ),
  },
  {
    name: 'scheme-in-the-agreement',
    clause: 'domain §3.3 (4): no agreement naming that scheme',
    fault: 'no_proof',
    holds: attested(
      ({ scheme }, _, { agreement }) => agreement !== undefined && isListed(agreement.payload.schemes, scheme.id),
    ),
  },
  {
    name: 'scheme-declared-by-the-issuer',
    clause: 'design §4.1: scheme.id must belong to iss, look-up by exact (id, fingerprint)',
    fault: 'no_proof',
    holds: attested(
      ({ issuer, scheme }, _, { scheme: declared }) =>
        declared !== undefined &&
        stands(declared) &&
        declared.payload.member === issuer &&
        declared.payload.id === scheme.id &&
        declared.payload.fingerprint === scheme.fingerprint,
    ),
  },
  {
    name: 'one-threshold-disclosed',
    clause: 'design §4.1: one band per request',
    fault: 'no_proof',
    holds: attested(({ thresholds }) => thresholds.length === 1),
  },
  {
    name: 'band-reached',
    clause: 'design §4.1, §4.4: map(threshold) ≥ band under the version in effect; unmapped is never a yes',
    fault: 'no_proof',
    holds: attested(({ thresholds, scheme }, { now }, { offer, tables }) => {
      const versions = tables
        .filter(({ payload }) => payload.scheme.id === scheme.id && payload.scheme.fingerprint === scheme.fingerprint)
        .map((version) => ({ table: version.payload, suspended: !stands(version) }));
      const current = tableInEffect(versions, now);
      const [threshold] = thresholds;
      const band =
        current.kind === 'in_effect' && threshold !== undefined ? bandOf(current.table, threshold) : undefined;
      return offer !== undefined && band !== undefined && bandAtLeast(band, offer.payload.band);
    }),
  },
  {
    name: 'person-shown-where-a-document-is-checked',
    clause:
      'design §4.1: for holderCheck "document" the wallet also discloses person; §4.2: a card always, for a voucher the gate has read the document',
    fault: 'no_proof',
    holds: attested(({ hasPerson }, { way }, { offer }) => {
      if (offer === undefined || way === 'voucher') return offer !== undefined;
      return hasPerson || (way !== 'card' && offer.payload.holderCheck === 'device');
    }),
  },
];

const USE_CHECKS: readonly Check[] = [
  {
    name: 'uses-left',
    clause: 'design §4.2: uses {n, per, reentryMinutes} per holder key and offer',
    fault: 'already_used',
    holds: (facts, { offer }) => offer !== undefined && allowedUse(facts, offer.payload) !== 'used_up',
  },
  {
    name: 'no-document-to-compare',
    clause: 'design §4.2, §4.6: check_by_hand, the clerk compares; with a card always, with a voucher the gate has',
    fault: 'check_by_hand',
    holds: ({ way }, { offer }) =>
      way === 'voucher' || (way !== 'card' && offer !== undefined && offer.payload.holderCheck === 'device'),
  },
];

/** The whole pipeline, in the order of the verdicts it can give. */
export const CHECKS: readonly Check[] = [
  ...OFFER_CHECKS,
  ...FRESHNESS_CHECKS,
  ...GENUINENESS_CHECKS,
  ...CODE_CHECKS,
  ...PROOF_CHECKS,
  ...USE_CHECKS,
];
