import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeBase64url, encodeBase64url, signCompactJws, type JsonObject } from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { badgeVct, issueBadge, MAX_BADGE_LIFE_SECONDS, parseBadge, type BadgeClaims } from './badge.js';
import { CARD_TYP, cardVct, issueCard, MAX_CARD_LIFE_SECONDS, parseCard, type CardClaims } from './card.js';
import { issueTierAttestation } from './issue-tier-attestation.js';
import { signKeyBinding } from './key-binding.js';
import { parsePresentation } from './parse-presentation.js';
import { decodePresentationQr, encodePresentationQr } from './presentation-qr.js';
import { tierVct } from './tier-claims.js';
import {
  issueVoucher,
  MAX_VOUCHER_LIFE_SECONDS,
  parseVoucher,
  VOUCHER_TYP,
  voucherVct,
  type VoucherClaims,
} from './voucher.js';

const FEDERATION = 'https://alliance.example';
const IAT = 1_795_000_000;
const COMMON = {
  iss: 'https://rongcheng.example',
  iat: IAT,
  status: { idx: 70_000, uri: 'https://rongcheng.example/s/1' },
  scheme: { id: 'cn-371082', fingerprint: 'abcdefghijklmnopqrstuv' },
};
const PERSON = { name: '王*明', idLast4: '123X' };

type NodeSigner = Awaited<ReturnType<typeof nodeSigner>>;
let county: NodeSigner;
let holder: NodeSigner;
let card: CardClaims;
let voucher: VoucherClaims;
let badge: BadgeClaims;

beforeAll(async () => {
  county = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  holder = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const { status, scheme, iss, iat } = COMMON;
  card = {
    ...COMMON,
    exp: IAT + MAX_CARD_LIFE_SECONDS,
    vct: cardVct(FEDERATION),
    agreement: 'lv',
    atLeast: 'AA',
    person: PERSON,
  };
  voucher = {
    iss,
    iat,
    exp: IAT + MAX_VOUCHER_LIFE_SECONDS,
    vct: voucherVct(FEDERATION),
    aud: 'rugao-spot-east',
    nonce: 'bm9uY2U',
    partner: 'rugao-spot',
    offer: 'rugao-free-aa',
    scheme,
    atLeast: 'AA',
    holder: encodeBase64url(new Uint8Array(32).fill(7)),
  };
  badge = {
    iss,
    iat,
    exp: IAT + MAX_BADGE_LIFE_SECONDS,
    vct: badgeVct(FEDERATION),
    cnf: holder.publicJwk,
    status,
    badge: { what: '文明家庭', place: '371082', period: '2026', basis: 'village points' },
  };
});

/** The same claims signed again with one member changed, or left out where it is `undefined`. */
async function changed(token: string, typ: string, change: JsonObject): Promise<string> {
  const payload = new TextDecoder().decode(decodeBase64url(String(token.split('.')[1])));
  return signCompactJws(typ, { ...(JSON.parse(payload) as JsonObject), ...change }, county, nodeCrypto);
}

describe('a card (design §4.2)', () => {
  it('says one agreement, one threshold and whom to compare with, and is bound to no key', async () => {
    const read = parseCard(await issueCard(card, county, nodeCrypto));
    expect(read).toMatchObject({ ok: true, value: { claims: card, jws: { kid: county.kid } } });
    expect(read.ok && Object.keys(read.value.jws.payload)).not.toContain('cnf');
  });

  it('fits a printed QR code', async () => {
    const token = await issueCard(card, county, nodeCrypto);
    const text = encodePresentationQr(token, 'X.ALLIANCE.EXAMPLE');
    expect(decodePresentationQr(text)).toBe(token);
    expect(text.length).toBeLessThan(800);
  });

  it('is not issued for more than 90 days, nor with claims no gate would read', async () => {
    for (const change of [
      { exp: IAT + MAX_CARD_LIFE_SECONDS + 1 },
      { exp: IAT },
      { agreement: '' },
      { atLeast: 'aa' },
      { person: { name: '', idLast4: '123X' } },
    ])
      await expect(issueCard({ ...card, ...change }, county, nodeCrypto)).rejects.toThrow(RangeError);
  });

  it.each([
    ['a holder key', { cnf: { jwk: {} } }, 'CLAIMS_UNKNOWN_MEMBER'],
    ['a partner', { partner: 'rugao-spot' }, 'CLAIMS_UNKNOWN_MEMBER'],
    ['no person', { person: undefined }, 'CLAIMS_UNKNOWN_MEMBER'],
    ['a threshold that is no grade', { at_least: ['AA'] }, 'CLAIMS_MALFORMED'],
    ['a person with more than is compared', { person: { name: '王*', id_last4: '123X', id: '1' } }, 'CLAIMS_MALFORMED'],
    ['a date that is no integer', { exp: 1.5 }, 'CLAIMS_MALFORMED'],
  ])('is not read with %s', async (_what, change, fault) => {
    const token = await changed(await issueCard(card, county, nodeCrypto), CARD_TYP, change);
    expect(parseCard(token)).toEqual({ ok: false, fault });
  });
});

describe('a voucher (design §4.2)', () => {
  it('answers one request for one offer, for two minutes, without an ID number', async () => {
    const read = parseVoucher(await issueVoucher(voucher, county, nodeCrypto));
    expect(read).toMatchObject({ ok: true, value: { claims: voucher } });
  });

  it('is not issued for more than two minutes, nor with claims no gate would read', async () => {
    for (const change of [{ exp: IAT + 121 }, { exp: IAT }, { nonce: '' }, { atLeast: 'a' }, { holder: 'short' }])
      await expect(issueVoucher({ ...voucher, ...change }, county, nodeCrypto)).rejects.toThrow(RangeError);
  });

  it.each([
    ['no nonce', { nonce: undefined }, 'CLAIMS_UNKNOWN_MEMBER'],
    ['several audiences', { aud: ['a', 'b'] }, 'CLAIMS_MALFORMED'],
    ['a person', { person: { name: '王*', id_last4: '123X' } }, 'CLAIMS_UNKNOWN_MEMBER'],
    ['a holder that is not 256 bits', { holder: 'AAAA' }, 'CLAIMS_MALFORMED'],
  ])('is not read with %s', async (_what, change, fault) => {
    const token = await changed(await issueVoucher(voucher, county, nodeCrypto), VOUCHER_TYP, change);
    expect(parseVoucher(token)).toEqual({ ok: false, fault });
  });
});

describe('a badge (design §4.1)', () => {
  it('says what, where, when and on which basis, bound to a key', async () => {
    const issued = await issueBadge(badge, county, nodeCrypto);
    const claims = { iat: IAT, aud: 'anyone', nonce: 'bm9uY2U', offer: undefined };
    const shown = issued + (await signKeyBinding(issued, claims, holder.key, nodeCrypto));
    expect(parseBadge(issued)).toMatchObject({ ok: true, value: { claims: badge, keyBinding: undefined } });
    expect(parseBadge(shown)).toMatchObject({ ok: true, value: { keyBinding: { claims: { aud: 'anyone' } } } });
  });

  it('is not issued for more than a year, nor saying nothing', async () => {
    for (const change of [{ exp: IAT + MAX_BADGE_LIFE_SECONDS + 1 }, { badge: { ...badge.badge, what: '' } }])
      await expect(issueBadge({ ...badge, ...change }, county, nodeCrypto)).rejects.toThrow(RangeError);
  });

  it('has no letter: a threshold in it is not read, disclosed or in the open', async () => {
    const issued = await issueBadge(badge, county, nodeCrypto);
    const lettered = await changed(issued, 'dc+sd-jwt', { at_least: { AA: true } });
    expect(parseBadge(`${lettered}~`)).toEqual({ ok: false, fault: 'CLAIMS_UNKNOWN_MEMBER' });
    const disclosure = Buffer.from(JSON.stringify(['AAAAAAAAAAAAAAAAAAAAAA', 'AA', true])).toString('base64url');
    expect(parseBadge(`${issued}${disclosure}~`)).toEqual({ ok: false, fault: 'DISCLOSURE_NOT_ALLOWED' });
  });
});

describe('types never substitute for one another (design §4.2, RFC 8725 §3.12)', () => {
  it('each reader reads its own type and no other', async () => {
    const tier = await issueTierAttestation(
      {
        ...COMMON,
        exp: IAT + 1_000,
        vct: tierVct(FEDERATION),
        cnf: holder.publicJwk,
        partner: 'rugao-spot',
        positiveGrades: ['AA', 'A'],
        heldGrades: ['AA', 'A'],
        person: PERSON,
      },
      county,
      nodeCrypto,
    );
    const texts = {
      tier,
      badge: await issueBadge(badge, county, nodeCrypto),
      card: await issueCard(card, county, nodeCrypto),
      voucher: await issueVoucher(voucher, county, nodeCrypto),
    };
    const readers = { tier: parsePresentation, badge: parseBadge, card: parseCard, voucher: parseVoucher };
    for (const [type, text] of Object.entries(texts))
      for (const [reads, parse] of Object.entries(readers))
        expect([type, reads, parse(text).ok]).toEqual([type, reads, type === reads]);
  });
});
