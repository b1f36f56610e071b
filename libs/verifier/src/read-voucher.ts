import { parseVoucher } from '#libs/attestation';
import { encodeBase64url } from '#libs/jose-profile';
import { checkIssuerSignature } from './check-signed.js';
import { isGenuine, NO_EVIDENCE, type EvidenceReader } from './evidence.js';
import type { AttestationFacts } from './facts.js';
import { standIns } from './stand-in.js';

/** Reads a voucher, the county's live answer to this gate's own request (design §4.2). It needs no status list: it is as fresh as itself. */
export const readVoucher: EvidenceReader = async (text, expectation, trust, _lists, port) => {
  const read = parseVoucher(text);
  const voucher = read.ok ? read : parseVoucher((await standIns(port)).voucher);
  if (!voucher.ok) throw new TypeError('the stand-in is a voucher');
  const { jws, claims } = voucher.value;
  const signature = await checkIssuerSignature(jws, trust, port);
  const proof = encodeBase64url(await port.sha256(jws.signingInput));
  if (!read.ok) return NO_EVIDENCE;
  const attestation: AttestationFacts = {
    ...signature,
    areDisclosuresSound: true,
    issuer: claims.iss,
    vct: claims.vct,
    partner: claims.partner,
    agreement: undefined,
    iat: claims.iat,
    exp: claims.exp,
    scheme: claims.scheme,
    thresholds: [claims.atLeast],
    hasPerson: false,
    status: { list: 'none' },
    // The county's own signature binds it to the request.
    binding: {
      iat: claims.iat,
      isForThisVerifier: claims.aud === expectation.audience && claims.offer === expectation.offer,
      isNonceExpected: claims.nonce === expectation.nonce,
      isHolderSigned: signature.isIssuerSigned,
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
