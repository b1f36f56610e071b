import { badgeVct, cardVct, issueBadge, issueCard, issueVoucher, signKeyBinding, voucherVct } from '#libs/attestation';
import { nodeCrypto } from '#libs/jose-profile/node';
import { generateTestKey, VISIT_FEDERATION, type Visiting, type VisitWorld } from '#libs/testing';

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

/** A badge as its holder shows it to whoever asks (design §4.1). */
export async function shownBadge(
  world: VisitWorld,
  asked: { readonly audience: string; readonly nonce: string },
): Promise<string> {
  const { claims, attest } = countyOf(world);
  const holder = await generateTestKey();
  const badge = {
    iss: claims.iss,
    iat: claims.iat,
    exp: world.now + 86_400,
    vct: badgeVct(VISIT_FEDERATION),
    cnf: holder.publicJwk,
    status: { idx: 9, uri: `${claims.iss}/s/1` },
    badge: { what: '文明家庭', place: '371082', period: '2026', basis: 'village points' },
  };
  const issued = await issueBadge(badge, attest, nodeCrypto);
  const bound = { iat: world.now - 2, aud: asked.audience, nonce: asked.nonce, offer: undefined };
  return issued + (await signKeyBinding(issued, bound, holder.key, nodeCrypto));
}
