import { decodeBase64url, type CryptoPort, type JsonValue, type Result, type Signer } from '#libs/jose-profile';
import { isText } from './claim-forms.js';
import {
  parsePlainAttestation,
  signPlainAttestation,
  type PlainAttestation,
  type PlainAttestationFault,
  type PlainClaims,
  type PlainForm,
} from './plain-attestation.js';

/** A type of its own in `typ` and `vct`: a voucher is never read as an attestation, nor the other way round (design §4.2). */
export const VOUCHER_TYP = 'xinqiao-voucher+jwt';

export const MAX_VOUCHER_LIFE_SECONDS = 120;

/** The `vct` of vouchers of a federation. */
export function voucherVct(federation: string): string {
  return `${federation}/vct/voucher/1`;
}

interface OwnClaims {
  /** The site that asked. */
  readonly aud: string;
  /** Of the gate's request. */
  readonly nonce: string;
  readonly partner: string;
  readonly offer: string;
  /** 256 bits, base64url: stands for the resident towards this partner only and stays, so that quotas can be kept. */
  readonly holder: string;
}

/**
 * A county's live answer to one gate about the person whose document that gate has read (design §4.2). It answers one signed
 * request (`aud`, `nonce`) and one offer, and lives two minutes; the ID number is not in it.
 */
export type VoucherClaims = PlainClaims & OwnClaims;

const FORM: PlainForm<OwnClaims> = {
  typ: VOUCHER_TYP,
  maxLifeSeconds: MAX_VOUCHER_LIFE_SECONDS,
  ownMembers: ['aud', 'nonce', 'partner', 'offer', 'holder'],
  readOwn: (payload) => {
    const { aud, nonce, partner, offer } = payload;
    const holder = readHolder(payload['holder']);
    if (!isText(aud) || !isText(nonce) || !isText(partner) || !isText(offer) || holder === undefined) return undefined;
    return { aud, nonce, partner, offer, holder };
  },
};
const HOLDER_BYTES = 32;

/**
 * Issues a voucher as compact JWS. It travels encrypted to the gate that asked.
 * @throws RangeError for a life of no time or over two minutes, or claims that no gate would read
 */
export async function issueVoucher(claims: VoucherClaims, signer: Signer, port: CryptoPort): Promise<string> {
  const { aud, nonce, partner, offer, holder } = claims;
  return signPlainAttestation(claims, { aud, nonce, partner, offer, holder }, FORM, signer, port);
}

/** Parses a voucher strictly. Nothing in it is trusted yet. */
export function parseVoucher(text: string): Result<PlainAttestation<OwnClaims>, PlainAttestationFault> {
  return parsePlainAttestation(text, FORM);
}

function readHolder(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.length < 64 && decodeBase64url(value)?.length === HOLDER_BYTES
    ? value
    : undefined;
}
