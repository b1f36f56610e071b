import { attested, type Check, isFalse, isSame, stands } from './check.js';
import { CLOCK_SKEW_SECONDS, WAYS } from './ways.js';

/** That the attestation is one of its issuer's, of its type, in force, for this partner and not revoked. */
export const ATTESTATION_CHECKS: readonly Check[] = [
  {
    name: 'presentation-is-readable',
    clause: 'RFC 9901 §7.3 step 2: no presentation without a proof of presence; only paper has none',
    fault: 'no_proof',
    holds: attested(({ binding }, { way }) => (binding === undefined) === (way === 'card')),
  },
  {
    // With the four presentation checks that speak for listed keys only, this leaves no way to be granted but genuine.
    name: 'issuer-key-is-listed',
    clause: 'design §1.2: unknown key is never a yes; §4.5: a compromised key verifies nothing',
    fault: 'no_proof',
    holds: attested(({ isIssuerKeyTrusted }) => isIssuerKeyTrusted),
  },
  {
    name: 'key-belongs-to-the-issuer',
    clause: 'design §4: every key has one purpose and one member',
    fault: 'no_proof',
    holds: attested(({ keyOwner, issuer }) => isSame(keyOwner, issuer)),
  },
  {
    name: 'issuer-is-a-member',
    clause: 'design §1.2; a suspended member is none',
    fault: 'no_proof',
    holds: attested(
      ({ issuer }, _, { member }) => member !== undefined && isSame(member.payload.id, issuer) && stands(member),
    ),
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
];
