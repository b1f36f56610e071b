import {
  encodeBase64url,
  isSuiteName,
  parsePublicJwk,
  publicJwkOf,
  signBoundJws,
  signPossessionJws,
  type JsonObject,
  type PrivateJwk,
  type SigningKey,
} from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto } from '#libs/jose-profile/node';
import { holdAttestation, isIssuedBy, presentAttestation, type HeldAttestation } from '#libs/wallet';
import { apiAt, type Api } from '../api.js';

const DEVICE_PROOF_TYP = 'xinqiao-device-proof+jwt';
const POSSESSION_TYP = 'openid4vci-proof+jwt';

interface IssuerMetadata {
  readonly jwks: { readonly keys: readonly (JsonObject & { readonly kid: string; readonly alg: string })[] };
}

interface Key {
  readonly jwk: PrivateJwk;
  readonly signing: SigningKey;
}

export interface HeldProof {
  readonly held: HeldAttestation;
  readonly key: SigningKey;
}

export interface Showing {
  readonly threshold: string;
  readonly audience: string;
  readonly offer: string;
  readonly nonce: string;
}

/** A resident's phone, as a person would use it: it talks to the county's public interface and nothing else. */
export class Phone {
  private constructor(
    private readonly county: Api,
    private readonly countyId: string,
    private readonly device: Key,
    private readonly enrolment: string,
  ) {}

  /** Enrols with the one-time code of the county's desk; what was on an earlier phone of this resident ends. */
  static async enrol(countyUrl: string, countyId: string, code: string): Promise<Phone> {
    const county = apiAt(countyUrl);
    const device = await makeKey();
    const { enrolment } = await county.post<{ enrolment: string }>('/v1/enrolments', {
      code,
      deviceJwk: publicJwkOf(device.jwk),
    });
    return new Phone(county, countyId, device, enrolment);
  }

  /** Consents to one partner and has the attestation for it issued to a fresh key. */
  async obtain(partner: string): Promise<HeldProof> {
    await this.send('/v1/consents', { partner, purpose: 'sample visit' });
    const holder = await makeKey();
    const publicJwk = publicJwkOf(holder.jwk);
    const claims = { aud: this.countyId, iat: now(), nonce: await this.nonce() };
    const proof = await signPossessionJws(POSSESSION_TYP, claims, holder.signing, publicJwk, nodeCrypto);
    const { attestation } = await this.send<{ attestation: string }>('/v1/attestations', { partner, proof });
    const held = await holdAttestation(attestation, publicJwk, nodeCrypto);
    if (!held.ok) throw new Error(`the county sent an attestation the wallet refuses: ${held.fault}`);
    if (!(await this.isTheCountys(held.value))) throw new Error('the attestation is not signed by the county');
    return { held: held.value, key: holder.signing };
  }

  /** As the county publishes its keys itself; the gate takes them from the alliance. */
  private async isTheCountys(held: HeldAttestation): Promise<boolean> {
    const { jwks } = await this.county.get<IssuerMetadata>('/.well-known/jwt-vc-issuer');
    const key = jwks.keys.find(({ kid }) => kid === held.kid);
    if (key === undefined || !isSuiteName(key.alg)) return false;
    const jwk = parsePublicJwk(key, key.alg);
    if (!jwk.ok) return false;
    const imported = await nodeCrypto.importPublicKey(key.alg, jwk.value);
    return isIssuedBy(held, { ...imported, kid: key.kid }, nodeCrypto);
  }

  private async send<Answer>(path: string, body: unknown): Promise<Answer> {
    const claims = {
      iss: this.enrolment,
      aud: this.countyId,
      iat: now(),
      nonce: await this.nonce(),
      htm: 'POST',
      htu: path,
    };
    const proof = await signBoundJws(DEVICE_PROOF_TYP, claims, this.device.signing, nodeCrypto);
    return this.county.post<Answer>(path, body, { authorization: `DeviceProof ${proof}` });
  }

  private async nonce(): Promise<string> {
    return (await this.county.post<{ nonce: string }>('/v1/nonces', {})).nonce;
  }
}

/** Answers a session with one threshold of a proof. */
export function show({ held, key }: HeldProof, showing: Showing): Promise<string> {
  return presentAttestation(held, { ...showing, withPerson: false, iat: now() }, key, nodeCrypto);
}

/** Unix seconds. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** A random suffix, so that order numbers of two starts never meet. */
export function freshReference(prefix: string): string {
  return `${prefix}-${encodeBase64url(nodeCrypto.randomBytes(9))}`;
}

async function makeKey(): Promise<Key> {
  const jwk = await generatePrivateJwk('ES256');
  return { jwk, signing: await nodeCrypto.importPrivateKey('ES256', jwk) };
}
