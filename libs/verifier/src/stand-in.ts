import { issueBadge, issueCard, issueTierAttestation, issueVoucher, signKeyBinding } from '#libs/attestation';
import type { CryptoPort, PublicJwk, VerificationKey } from '#libs/jose-profile';

/** What takes the place of what is missing, so that it costs the same work. Nothing here is ever trusted, whatever it verifies. */
export interface StandIns {
  readonly key: VerificationKey;
  readonly presentation: string;
  readonly card: string;
  readonly voucher: string;
  readonly badge: string;
}

/** The base point of P-256: a key nobody holds in earnest. */
export const STAND_IN_JWK: PublicJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
  y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
};

const THUMBPRINT = 'A'.repeat(43);
const COMMON = { iss: 'https://county.example', iat: 1, exp: 2 };
const SCHEME = { id: 'cn-000000-scheme', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' };
const STATUS = { idx: 1, uri: 'https://county.example/s/1' };
const PERSON = { name: '某*', idLast4: '0000' };

/** In the range of a real signature, so that checking it takes as long. */
const scribble = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(64).fill(0x55));

const made = new WeakMap<CryptoPort, Promise<StandIns>>();

/** Made once per port, by the code that issues real ones, with a signature of no meaning. */
export function standIns(port: CryptoPort): Promise<StandIns> {
  let kept = made.get(port);
  if (kept === undefined) {
    kept = makeStandIns(port);
    made.set(port, kept);
  }
  return kept;
}

async function makeStandIns(port: CryptoPort): Promise<StandIns> {
  const key = await port.importPublicKey('ES256', STAND_IN_JWK);
  const pen = { suite: 'ES256' as const, handle: undefined };
  const signer = { key: pen, kid: THUMBPRINT };
  const writing = Object.create(port, { sign: { value: scribble } }) as CryptoPort;
  const issued = await issueTierAttestation(
    {
      ...COMMON,
      vct: 'https://alliance.example/vct/tier/1',
      cnf: STAND_IN_JWK,
      partner: 'partner',
      status: STATUS,
      scheme: SCHEME,
      positiveGrades: ['AAA', 'AA', 'A'],
      heldGrades: ['AA'],
      person: PERSON,
    },
    signer,
    writing,
  );
  const shown = `${issued.split('~').slice(0, 2).join('~')}~`;
  const claims = { iat: 1, aud: 'site', nonce: THUMBPRINT.slice(0, 22), offer: 'offer' };
  const vouched = { ...COMMON, vct: 'https://alliance.example/vct/voucher/1', aud: 'site', nonce: claims.nonce };
  const carded = { ...COMMON, vct: 'https://alliance.example/vct/card/1', agreement: 'agreement', status: STATUS };
  const badged = { ...COMMON, vct: 'https://alliance.example/vct/badge/1', cnf: STAND_IN_JWK, status: STATUS };
  const subject = { what: '文明家庭', place: '000000', period: '2026', basis: 'village points' };
  const badge = await issueBadge({ ...badged, badge: subject }, signer, writing);
  return {
    key,
    badge: badge + (await signKeyBinding(badge, { ...claims, offer: undefined }, pen, writing)),
    presentation: shown + (await signKeyBinding(shown, claims, pen, writing)),
    card: await issueCard({ ...carded, scheme: SCHEME, atLeast: 'AA', person: PERSON }, signer, writing),
    voucher: await issueVoucher(
      { ...vouched, partner: 'partner', offer: 'offer', scheme: SCHEME, atLeast: 'AA', holder: THUMBPRINT },
      signer,
      writing,
    ),
  };
}
