import {
  publicJwkOf,
  signBoundJws,
  signPossessionJws,
  type JsonObject,
  type PrivateJwk,
  type SigningKey,
} from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto } from '#libs/jose-profile/node';
import type { Answer, Ask } from './ask.js';
import type { RunningCounty } from './running-county.js';

/** What a phone needs to know of a county. */
export type PhonedCounty = Pick<RunningCounty, 'ask' | 'as'> & {
  readonly clock: { now(): number };
  readonly config: { readonly id: string };
};

export interface PhoneKey {
  readonly jwk: PrivateJwk;
  readonly signing: SigningKey;
}

/** What a device proof says, for tests that change it. */
export interface ProofChanges {
  readonly claims?: JsonObject;
  readonly typ?: string;
  readonly key?: PhoneKey;
  /** Another `Authorization` header altogether. */
  readonly header?: string;
}

export async function makeKey(): Promise<PhoneKey> {
  const jwk = await generatePrivateJwk('ES256');
  return { jwk, signing: await nodeCrypto.importPrivateKey('ES256', jwk) };
}

/** A resident's phone that speaks the county's public interface. */
export class TestPhone {
  private constructor(
    private readonly county: PhonedCounty,
    readonly device: PhoneKey,
    readonly enrolment: string,
    readonly person: string,
  ) {}

  /** Enrols with a fresh code of the desk. */
  static async enrol(county: PhonedCounty, handle: string, device?: PhoneKey): Promise<TestPhone> {
    const desk = await county.as('issuing_officer');
    const { body } = await desk('POST', `/v1/admin/residents/${handle}/enrolment-codes`);
    const key = device ?? (await makeKey());
    const answer = await county.ask('POST', '/v1/enrolments', { code: body['code'], deviceJwk: publicJwkOf(key.jwk) });
    return new TestPhone(county, key, String(answer.body['enrolment']), String(answer.body['person']));
  }

  /** The same phone, speaking to another process of the county. */
  through(ask: Ask): TestPhone {
    return new TestPhone({ ...this.county, ask }, this.device, this.enrolment, this.person);
  }

  async send(method: string, path: string, body?: unknown, changes: ProofChanges = {}): Promise<Answer> {
    const authorization = changes.header ?? `DeviceProof ${await this.proof(method, path, changes)}`;
    return this.county.ask(method, path, body, { authorization });
  }

  async proof(method: string, path: string, { claims = {}, typ, key }: ProofChanges = {}): Promise<string> {
    const own = {
      iss: this.enrolment,
      aud: this.county.config.id,
      iat: this.county.clock.now(),
      htm: method,
      htu: path,
    };
    const payload = { ...own, nonce: await this.nonce(), ...claims };
    return signBoundJws(typ ?? 'xinqiao-device-proof+jwt', payload, (key ?? this.device).signing, nodeCrypto);
  }

  async nonce(): Promise<string> {
    return String((await this.county.ask('POST', '/v1/nonces', {})).body['nonce']);
  }

  consent(partner: string, purpose = '景区门票优惠'): Promise<Answer> {
    return this.send('POST', '/v1/consents', { partner, purpose });
  }

  /** A proof of possession of a holder key (OpenID4VCI 1.0 appendix F.1). */
  async holderProof(holder: PhoneKey, claims: JsonObject = {}, typ = 'openid4vci-proof+jwt'): Promise<string> {
    const payload = { aud: this.county.config.id, iat: this.county.clock.now(), nonce: await this.nonce(), ...claims };
    return signPossessionJws(typ, payload, holder.signing, publicJwkOf(holder.jwk), nodeCrypto);
  }

  async obtain(partner: string, holder: PhoneKey): Promise<Answer> {
    return this.send('POST', '/v1/attestations', { partner, proof: await this.holderProof(holder) });
  }

  renew(): Promise<Answer> {
    return this.send('POST', '/v1/attestations/renewals', {});
  }
}
