import { parseVoucher } from '#libs/attestation';
import { isGenuine, NO_EVIDENCE, type EvidenceReader } from './evidence.js';
import type { AttestationFacts } from './facts.js';
import { readPlain } from './read-plain.js';

/** Reads a voucher, the county's live answer to this gate's own request (design §4.2). It needs no status list: it is as fresh as itself. */
export const readVoucher: EvidenceReader = async (text, expectation, trust, _lists, port) => {
  const voucher = await readPlain(text, parseVoucher, 'voucher', trust, port);
  if (voucher === undefined) return NO_EVIDENCE;
  const { claims, facts, proof } = voucher;
  const attestation: AttestationFacts = {
    ...facts,
    partner: claims.partner,
    agreement: undefined,
    hasPerson: false,
    status: { list: 'none' },
    // The county's own signature binds it to the request.
    binding: {
      iat: claims.iat,
      isForThisVerifier: claims.aud === expectation.audience && claims.offer === expectation.offer,
      isNonceExpected: claims.nonce === expectation.nonce,
      isHolderSigned: facts.isIssuerSigned,
      coversWhatIsShown: true,
    },
  };
  return {
    attestation,
    offer: claims.offer,
    memory: isGenuine(attestation) ? { holder: claims.holder, nonce: claims.nonce, proof } : undefined,
    person: undefined,
  };
};
