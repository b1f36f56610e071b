import { makeKey, type PhoneKey, TestPhone } from '../county/test-phone.js';
import type { Answer } from '../county/ask.js';
import { equal, granted, refused } from './expectations.js';
import type { Office } from './office.js';

const PARTNER = 'a-spot';

/** A resident's phone, enrolled by a code of the desk. */
export function phoneOf({ county }: Office, who: string): Promise<TestPhone> {
  const { ask, clock, config } = county;
  return TestPhone.enrol({ ask, clock, config, as: (role) => county.as({ role }) }, who);
}

export interface Obtained {
  readonly answer: Answer;
  readonly key: PhoneKey;
}

/** What leaves the county for a partner: refused without consent, then asked for with it. */
export async function obtain(phone: TestPhone, asked: { readonly badge?: string }): Promise<Obtained> {
  const key = await makeKey();
  const request = async (): Promise<Answer> => {
    const body = { partner: PARTNER, proof: await phone.holderProof(key) };
    if (asked.badge === undefined) return phone.send('POST', '/v1/attestations', body);
    return phone.send('POST', '/v1/badges', { ...body, scheme: asked.badge });
  };
  equal('without consent', refused('without consent', await request()), 'CONSENT_MISSING');
  const consent = { partner: PARTNER, purpose: '景区门票优惠', ...asked };
  granted('consenting', await phone.send('POST', '/v1/consents', consent));
  return { answer: await request(), key };
}

/** The code of a tier asked for under a scheme that makes none. */
export async function tierRefused(phone: TestPhone, scheme: string): Promise<string> {
  const body = { partner: PARTNER, scheme, proof: await phone.holderProof(await makeKey()) };
  return refused('a tier', await phone.send('POST', '/v1/attestations', body));
}
