import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeBase64url } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import {
  buildVisitWorld,
  flipSignature,
  generateTestKey,
  printCard,
  VISIT_FEDERATION,
  vouch,
  type Visiting,
  type VisitWorld,
} from '#libs/testing';
import type { Expectation } from './evidence.js';

const NOW = 1_795_000_000;
const COUNTY = 'https://rongcheng.example';
const SITE = 'rugao-spot-east';
const OFFER = 'rugao-free-aa';
const PLAN = { scheme: 'rongcheng', grade: 'AA', idx: 7, now: NOW - 60, federation: VISIT_FEDERATION };
const AS_CARD: Visiting = { expectation: { way: 'card', offer: OFFER } };
const REQUEST = { partner: 'rugao-spot', offer: OFFER, audience: SITE, nonce: 'request-nonce' };
const AS_VOUCHER: Visiting = { expectation: { way: 'voucher', offer: OFFER, nonce: REQUEST.nonce } };

let world: VisitWorld;
beforeAll(async () => {
  world = await buildVisitWorld(NOW);
});

const codeOf = async (text: string, visiting: Visiting): Promise<string> =>
  (await world.verdictOf(text, visiting)).code;

describe('a card (design §4.2)', () => {
  const card = (change: Partial<Parameters<typeof printCard>[1]> = {}): Promise<string> =>
    printCard(world.alliance, { ...PLAN, agreement: 'lv', ...change });

  it('goes to a clerk, with whom to compare, and is known by what was signed', async () => {
    const { decision, evidence } = await world.visit(await card(), AS_CARD);
    expect(decision).toEqual({ code: 'check_by_hand', failed: ['no-document-to-compare'] });
    expect(evidence).toMatchObject({ offer: OFFER, person: { name: '王*', idLast4: '001X' } });
    const text = await card();
    const signingInput = text.slice(0, text.lastIndexOf('.'));
    const proof = encodeBase64url(await nodeCrypto.sha256(signingInput));
    for (const shown of [text, flipSignature(text)])
      expect((await world.visit(shown, AS_CARD)).evidence.memory).toEqual({ holder: proof, nonce: 'card', proof });
  });

  it('is never taken on an unattended lane', async () => {
    const place = { partner: 'rugao-spot', site: SITE, lane: 'turnstile', isAttended: false };
    expect(await codeOf(await card(), { ...AS_CARD, facts: { place } })).toBe('not_available');
  });

  it('serves one agreement, one threshold, ninety days, until it is revoked', async () => {
    expect(await codeOf(await card({ agreement: 'wen' }), AS_CARD)).toBe('no_proof');
    expect(await codeOf(await card({ grade: 'A' }), AS_CARD)).toBe('no_proof');
    const ninetyDaysAgo = NOW - 90 * 86_400;
    expect(await codeOf(await card({ now: ninetyDaysAgo }), AS_CARD)).toBe('no_proof');
    expect(await codeOf(await card({ now: ninetyDaysAgo + 1 }), AS_CARD)).toBe('check_by_hand');
    const lists = new Map([[`${COUNTY}/s/1`, await world.listOf(COUNTY, [7])]]);
    expect(await codeOf(await card(), { ...AS_CARD, lists })).toBe('no_proof');
  });

  it('is refused with a forged signature, and unknown under a key nobody lists', async () => {
    const { key } = await generateTestKey();
    const kid = world.alliance.keys.member(COUNTY).attest.kid;
    expect(await codeOf(await card({ signer: { key, kid } }), AS_CARD)).toBe('refused');
    expect(await codeOf(await card({ signer: await generateTestKey() }), AS_CARD)).toBe('no_proof');
  });
});

describe('a voucher (design §4.2)', () => {
  const voucher = (change: Partial<Parameters<typeof vouch>[1]> = {}): Promise<string> =>
    vouch(world.alliance, { ...PLAN, ...REQUEST, ...change });

  it('is granted at once: the gate has read the document itself', async () => {
    const { decision, evidence } = await world.visit(await voucher(), AS_VOUCHER);
    expect(decision).toEqual({ code: 'granted', failed: [] });
    expect(evidence.memory).toMatchObject({ nonce: REQUEST.nonce });
  });

  it.each<[string, Partial<Parameters<typeof vouch>[1]>, string]>([
    ['another site', { audience: 'rugao-spot-west' }, 'retry'],
    ['another request', { nonce: 'other' }, 'retry'],
    ['another offer', { offer: 'rugao-half-a' }, 'retry'],
    ['another partner', { partner: 'jiyuan-hotel' }, 'no_proof'],
    ['a lower grade', { grade: 'A' }, 'no_proof'],
    ['a request of three minutes ago', { now: NOW - 180 }, 'retry'],
  ])('answers this very request only, not %s', async (_what, change, code) => {
    expect(await codeOf(await voucher(change), AS_VOUCHER)).toBe(code);
  });

  it('never answers when the gate asked nothing', async () => {
    const asked: Partial<Expectation> = { way: 'voucher', offer: OFFER, nonce: undefined };
    expect(await codeOf(await voucher(), { expectation: asked })).toBe('retry');
  });
});

describe('types never substitute for one another (design §4.2)', () => {
  it('whatever is shown, only the way it was picked for reads it', async () => {
    const texts = {
      rotating_qr: await world.present(),
      card: await printCard(world.alliance, { ...PLAN, agreement: 'lv' }),
      voucher: await vouch(world.alliance, { ...PLAN, ...REQUEST }),
    };
    const ways: Readonly<Record<keyof typeof texts, Visiting>> = {
      rotating_qr: {},
      card: AS_CARD,
      voucher: AS_VOUCHER,
    };
    for (const [type, text] of Object.entries(texts))
      for (const [way, visiting] of Object.entries(ways)) {
        const { evidence, decision } = await world.visit(text, visiting);
        expect([type, way, evidence.attestation !== undefined]).toEqual([type, way, type === way]);
        expect([type, way, decision.code === 'no_proof']).toEqual([type, way, type !== way]);
      }
  });
});
