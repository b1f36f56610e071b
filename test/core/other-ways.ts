import { cardVct, issueCard, issueVoucher, voucherVct } from '#libs/attestation';
import { nodeCrypto } from '#libs/jose-profile/node';
import { VISIT_FEDERATION, type Visiting, type VisitWorld } from '#libs/testing';

/** A text that is taken by a way without a key-binding JWT, and how a gate asks for it. */
export interface OtherWay {
  readonly text: string;
  readonly visiting: Visiting;
}

const NONCE = 'AAAAAAAAAAAAAAAAAAAAAA';
const OFFER = 'rugao-free-aa';

/** The county's parts of both, out of the small alliance. */
function countyOf({ alliance, now }: VisitWorld) {
  const [scheme] = alliance.plan.schemes;
  if (scheme === undefined) throw new RangeError('planned');
  const { id, fingerprint, member: iss } = scheme;
  const { attest } = alliance.keys.member(iss);
  return { claims: { iss, iat: now - 10, scheme: { id, fingerprint }, atLeast: 'AA' }, attest };
}

/** A printed card as a clerk scans it (design §4.2). */
export async function printedCard(world: VisitWorld): Promise<OtherWay> {
  const { claims, attest } = countyOf(world);
  const card = {
    ...claims,
    exp: world.now + 86_400,
    vct: cardVct(VISIT_FEDERATION),
    agreement: 'lv',
    status: { idx: 7, uri: `${claims.iss}/s/1` },
    person: { name: '王*', idLast4: '001X' },
  };
  const text = await issueCard(card, attest, nodeCrypto);
  return { text, visiting: { expectation: { way: 'card', offer: OFFER } } };
}

/** The voucher with which the county answers the gate's request of just now (design §4.2). */
export async function vouchedFor(world: VisitWorld): Promise<OtherWay> {
  const { claims, attest } = countyOf(world);
  const audience = 'rugao-spot-east';
  const voucher = {
    ...claims,
    exp: world.now + 60,
    vct: voucherVct(VISIT_FEDERATION),
    aud: audience,
    nonce: NONCE,
    partner: 'rugao-spot',
    offer: OFFER,
    holder: 'A'.repeat(43),
  };
  const text = await issueVoucher(voucher, attest, nodeCrypto);
  return { text, visiting: { expectation: { way: 'voucher', audience, nonce: NONCE, offer: OFFER } } };
}
