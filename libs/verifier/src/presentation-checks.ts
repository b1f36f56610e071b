import { isFalse, unobjected, type Check } from './check.js';
import type { AttestationFacts } from './facts.js';
import { CLOCK_SKEW_SECONDS, WAYS } from './ways.js';

/** An objection that only a listed key can be blamed for; any other is unknown, and says nothing. */
function ofAListedKey(test: (attestation: AttestationFacts) => boolean): Check['holds'] {
  return unobjected((attestation) => !attestation.isIssuerKeyTrusted || test(attestation));
}

/** That what is shown is genuine, shown for the first time, and to this verifier now. */
export const PRESENTATION_CHECKS: readonly Check[] = [
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
