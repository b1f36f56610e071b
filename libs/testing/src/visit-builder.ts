import { cardVct, issueCard, issueTierAttestation, issueVoucher, tierVct, voucherVct } from '#libs/attestation';
import { weeklyEpoch } from '#libs/calendar';
import { encodeBase64url, type PrivateJwk, type PublicJwk, type Signer, type SigningKey } from '#libs/jose-profile';
import { generatePrivateJwk, nodeSigner } from '#libs/jose-profile/node';
import { createStatusList, setStatus, signStatusList } from '#libs/status-list';
import type { BuiltAlliance } from './alliance-builder.js';
import { smCrypto } from './sm-crypto-port.js';

/** An attestation as a county sends it, and the holder's key. */
export interface IssuedProof {
  /** `<jws>~<disclosure>~…~` with every disclosure. */
  readonly issued: string;
  readonly holderKey: SigningKey;
  readonly holderJwk: PublicJwk;
  readonly privateJwk: PrivateJwk;
}

export interface ProofPlan {
  readonly partner: string;
  /** The scheme of the alliance's plan that the grade is in. */
  readonly scheme: string;
  /** The grade held; all weaker positive ones come with it. */
  readonly grade: string;
  /** Index in the county's first status list. */
  readonly idx: number;
  /** Unix seconds; dates the attestation in its week. */
  readonly now: number;
  readonly federation: string;
  /** In place of the county's attest key: a forger's. */
  readonly signer?: Signer;
  /** In place of the declared fingerprint: a scheme version nobody declared. */
  readonly fingerprint?: string;
}

/** Issues an attestation to a fresh holder key, as the county of the scheme would. */
export async function issueProof(alliance: BuiltAlliance, plan: ProofPlan): Promise<IssuedProof> {
  const scheme = alliance.plan.schemes.find(({ id }) => id === plan.scheme);
  if (scheme === undefined) throw new RangeError(`the plan has no scheme ${plan.scheme}`);
  const { member: iss, grades, positiveFloor } = scheme;
  const positive = grades.slice(0, grades.indexOf(positiveFloor) + 1);
  const privateJwk = await generatePrivateJwk('ES256');
  const { key: holderKey, publicJwk: holderJwk } = await nodeSigner('ES256', privateJwk);
  const issued = await issueTierAttestation(
    {
      iss,
      ...weeklyEpoch(plan.now),
      vct: tierVct(plan.federation),
      cnf: holderJwk,
      partner: plan.partner,
      status: { idx: plan.idx, uri: `${iss}/s/1` },
      scheme: { id: scheme.id, fingerprint: plan.fingerprint ?? scheme.fingerprint },
      positiveGrades: positive,
      heldGrades: positive.slice(positive.indexOf(plan.grade)),
      person: { name: '王*', idLast4: '001X' },
    },
    plan.signer ?? alliance.keys.member(iss).attest,
    smCrypto,
  );
  return { issued, holderKey, holderJwk, privateJwk };
}

/** What a county signs about a resident in another way than for a phone. */
export interface OtherPlan extends Pick<ProofPlan, 'scheme' | 'grade' | 'idx' | 'now' | 'federation' | 'signer'> {
  /** Unix seconds; the way's longest life unless told. */
  readonly lifeSeconds?: number;
}

/** Prints a card, as the county of the scheme would. */
export function printCard(alliance: BuiltAlliance, plan: OtherPlan & { readonly agreement: string }): Promise<string> {
  const { common, scheme, signer } = wordOf(alliance, plan);
  const exp = plan.now + (plan.lifeSeconds ?? 90 * 86_400);
  const status = { idx: plan.idx, uri: `${common.iss}/s/1` };
  const fixed = { agreement: plan.agreement, atLeast: plan.grade, person: { name: '王*', idLast4: '001X' } };
  return issueCard({ ...common, exp, vct: cardVct(plan.federation), status, scheme, ...fixed }, signer, smCrypto);
}

/** Vouches to a gate, as the county of the scheme would. */
export function vouch(
  alliance: BuiltAlliance,
  plan: Omit<OtherPlan, 'idx'> & {
    readonly partner: string;
    readonly offer: string;
    readonly audience: string;
    readonly nonce: string;
  },
): Promise<string> {
  const { common, scheme, signer } = wordOf(alliance, plan);
  const exp = plan.now + (plan.lifeSeconds ?? 120);
  const { partner, offer, audience: aud, nonce } = plan;
  const asked = {
    partner,
    offer,
    aud,
    nonce,
    atLeast: plan.grade,
    holder: encodeBase64url(new Uint8Array(32).fill(7)),
  };
  return issueVoucher({ ...common, exp, vct: voucherVct(plan.federation), scheme, ...asked }, signer, smCrypto);
}

function wordOf(alliance: BuiltAlliance, plan: Omit<OtherPlan, 'idx'>) {
  const scheme = alliance.plan.schemes.find(({ id }) => id === plan.scheme);
  if (scheme === undefined) throw new RangeError(`the plan has no scheme ${plan.scheme}`);
  const { id, fingerprint, member: iss } = scheme;
  const signer = plan.signer ?? alliance.keys.member(iss).attest;
  return { common: { iss, iat: plan.now }, scheme: { id, fingerprint }, signer };
}

/** A county's first status list, signed, with these indexes revoked. */
export async function statusListOf(
  alliance: BuiltAlliance,
  county: string,
  times: { readonly iat: number; readonly ttlSeconds?: number; readonly signer?: Signer },
  revoked: readonly number[] = [],
): Promise<string> {
  const bits = createStatusList();
  for (const index of revoked) setStatus(bits, index, 1);
  const claims = { iss: county, uri: `${county}/s/1`, bits, iat: times.iat, ttlSeconds: times.ttlSeconds ?? 300 };
  return signStatusList(claims, times.signer ?? alliance.keys.member(county).status, smCrypto);
}

/** The same statement under another valid ECDSA signature: `s` becomes `n − s`. */
export function flipSignature(token: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const cut = token.lastIndexOf('.') + 1;
  const signature = Buffer.from(token.slice(cut), 'base64url');
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const flipped = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
  return token.slice(0, cut) + encodeBase64url(Buffer.concat([signature.subarray(0, 32), flipped]));
}
