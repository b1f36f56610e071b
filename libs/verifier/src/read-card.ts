import { parseCard } from '#libs/attestation';
import { isGenuine, NO_EVIDENCE, type EvidenceReader } from './evidence.js';
import type { AttestationFacts } from './facts.js';
import { readPlain } from './read-plain.js';
import { readStatus } from './read-status.js';

/** Paper has no nonce of its own: the same card is the same visit for as long as a code is (design §4.2). */
const CARD_NONCE = 'card';

/** Reads a printed card (design §4.2). It is bound to no key, so it proves what the county printed and not who holds it. */
export const readCard: EvidenceReader = async (text, expectation, trust, lists, port) => {
  const card = await readPlain(text, parseCard, 'card', trust, port);
  if (card === undefined) return NO_EVIDENCE;
  const { claims, facts, proof } = card;
  const attestation: AttestationFacts = {
    ...facts,
    partner: undefined,
    agreement: claims.agreement,
    hasPerson: true,
    status: readStatus(claims.iss, claims.status, trust, lists),
    binding: undefined,
  };
  return {
    attestation,
    offer: expectation.offer,
    memory: isGenuine(attestation) ? { holder: proof, nonce: CARD_NONCE, proof } : undefined,
    person: claims.person,
  };
};
