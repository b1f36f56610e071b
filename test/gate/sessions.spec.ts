import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VISIT_FEDERATION } from '#libs/testing';
import {
  BLACKOUT,
  gateWorld,
  NOW,
  TODAY,
  type GateWorld,
  type Reply,
  type TestGate,
  type Verdict,
} from './gate-world.js';

interface Opened {
  readonly id: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly requestUri: string;
  readonly link: string;
  readonly expiresAt: number;
  readonly verdict?: string;
  readonly code?: string;
}

const ONE_ADULT = { adults: 1, children: 0, seniors: 0 };
const COUPON = { site: 'shop-online', offer: 'coupon-aa', party: ONE_ADULT };
const TICKET = { site: 'spot-east', offer: 'free-aa', party: ONE_ADULT };

let world: GateWorld;
let gate: TestGate;
let orders = 0;

beforeAll(async () => {
  world = await gateWorld();
  gate = await world.start();
});
afterAll(() => world.stop());

const nextOrder = (): string => `order-${(orders += 1)}`;
const open = (body: object, client = gate.manager): Promise<Reply<Opened>> =>
  client.post<Opened>('/v1/verification-sessions', body);

async function answer(
  { id, clientId, nonce }: Opened,
  proof: Awaited<ReturnType<GateWorld['proof']>>,
  change: Parameters<GateWorld['show']>[1] = {},
): Promise<Reply<Verdict>> {
  const shown = await world.show(proof, { audience: clientId, nonce, offer: 'coupon-aa', ...change });
  return respond(id, shown);
}

const respond = (id: string, shown: string): Promise<Reply<Verdict>> =>
  gate.anyone.post<Verdict>(`/v1/verification-sessions/${id}/response`, { vp_token: { tier: [shown] } });

describe('opening a session', () => {
  it('asks as OpenID4VP 1.0 does: direct_post, unsigned, the client known by its response URI', async () => {
    const orderRef = nextOrder();
    const { status, body } = await open({ ...COUPON, orderRef }, gate.shop);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      expiresAt: NOW + 600,
      clientId: `redirect_uri:${gate.url}/v1/verification-sessions/${body.id}/response`,
    });
    expect(body.link).toContain('https://qr.example/#');
    const request = await gate.anyone.get(body.requestUri.slice(gate.url.length));
    expect(request.body).toEqual({
      client_id: body.clientId,
      response_type: 'vp_token',
      response_mode: 'direct_post',
      response_uri: body.clientId.slice('redirect_uri:'.length),
      nonce: body.nonce,
      dcql_query: {
        credentials: [{ id: 'tier', format: 'dc+sd-jwt', meta: { vct_values: [`${VISIT_FEDERATION}/vct/tier/1`] } }],
      },
      offer: { id: 'coupon-aa', band: 'AA', partner: 'shop' },
    });
    expect(body.nonce).toMatch(/^[\w-]{22}$/);
  });

  it('gives the same session for the same order, and refuses the reference with other content', async () => {
    const orderRef = nextOrder();
    const [first, again] = await Promise.all([open({ ...COUPON, orderRef }), open({ ...COUPON, orderRef })]);
    expect(again.body).toEqual(first.body);
    const other = await open({ ...COUPON, orderRef, party: { ...ONE_ADULT, adults: 2 } });
    expect([other.status, other.body.code]).toEqual([409, 'ORDER_REF_REUSED']);
    world.clock.advance(601);
    expect((await open({ ...COUPON, orderRef, party: { ...ONE_ADULT, adults: 2 } })).status).toBe(201);
    world.clock.set(NOW);
  });

  it('V20: decides the offer first, on the day of the visit', async () => {
    const blackout = await open({ ...TICKET, orderRef: nextOrder(), visitDay: BLACKOUT });
    expect(blackout).toEqual({ status: 200, body: { verdict: 'not_available' } });
    expect((await open({ ...TICKET, orderRef: nextOrder(), visitDay: '2037-01-01' })).body.verdict).toBe(
      'not_available',
    );
    expect((await open({ ...TICKET, orderRef: nextOrder(), visitDay: TODAY })).status).toBe(201);
    const past = await open({ ...TICKET, orderRef: nextOrder(), visitDay: '2026-11-17' });
    expect([past.status, past.body.code]).toEqual([422, 'VISIT_DAY_PAST']);
  });

  it.each([
    ['an unknown offer', { ...TICKET, offer: 'none' }, 404, 'OFFER_UNKNOWN'],
    ["another partner's offer", { ...TICKET, offer: 'coupon-aa' }, 404, 'OFFER_UNKNOWN'],
    ['an unknown site', { ...TICKET, site: 'nowhere' }, 404, 'SITE_UNKNOWN'],
    ['no day of the calendar', { ...TICKET, visitDay: '2026-02-30' }, 400, 'BODY_INVALID'],
    ['an unknown field', { ...TICKET, grade: 'AA' }, 400, 'BODY_INVALID'],
    ['an unknown kind of person', { ...TICKET, party: { ...ONE_ADULT, dogs: 1 } }, 400, 'BODY_INVALID'],
    ['no party', { ...TICKET, party: undefined }, 400, 'BODY_INVALID'],
    ['an empty party', { ...TICKET, party: null }, 400, 'BODY_INVALID'],
    ['a list for a party', { ...TICKET, party: [] }, 400, 'BODY_INVALID'],
    ['a list of parties', { ...TICKET, party: [ONE_ADULT] }, 400, 'BODY_INVALID'],
  ])('refuses %s with a code', async (_what, body, status, code) => {
    const refused = await open({ ...body, orderRef: nextOrder() });
    expect([refused.status, refused.body.code]).toEqual([status, code]);
  });

  it.each(['a\u0000b', 'a\ud800b', 'a\nb', 'a\u009bb', ''])('refuses %j in any text with a code', async (text) => {
    const [id, code] = [crypto.randomUUID(), encodeURIComponent(text.replace('\ud800', '\u0001'))];
    const answers = [
      await open({ ...TICKET, orderRef: text }),
      await gate.shop.post<Verdict>('/v1/coupons/AAAA/redemptions', { orderRef: text }),
      await gate.manager.post<Verdict>(`/v1/verifications/${id}/void`, { reason: text }),
      ...(code === '' ? [] : [await gate.shop.post<Verdict>(`/v1/coupons/${code}/redemptions`, { orderRef: 'x' })]),
    ];
    for (const { status, body } of answers) expect([status, body.code]).toEqual([400, 'BODY_INVALID']);
  });

  it('takes every other text for an order reference', async () => {
    expect((await open({ ...TICKET, orderRef: '订单 №1 😀/é' })).status).toBe(201);
  });

  it('is for the shop of the site', async () => {
    expect((await open({ ...TICKET, orderRef: nextOrder() }, gate.shop)).body.code).toBe('SITE_OUT_OF_SCOPE');
    expect((await open({ ...COUPON, orderRef: nextOrder() }, gate.lane)).status).toBe(403);
    expect((await open({ ...COUPON, orderRef: nextOrder() }, gate.anyone)).status).toBe(401);
  });
});

describe('answering a session', () => {
  it('V05: a coupon for the order, told again to the same proof, and to nobody else', async () => {
    const orderRef = nextOrder();
    const { body: session } = await open({ ...COUPON, orderRef });
    const proof = await world.proof({ partner: 'shop' });
    const shown = await world.show(proof, { audience: session.clientId, nonce: session.nonce, offer: 'coupon-aa' });
    const first = await respond(session.id, shown);
    expect(first).toMatchObject({
      status: 200,
      body: {
        verdict: 'granted',
        repeat: false,
        effect: { kind: 'coupon', percent: 10 },
        coupon: { percent: 10, orderRef },
      },
    });
    expect((await respond(session.id, shown)).body).toEqual({ ...first.body, repeat: true });
    expect((await respond(session.id, shown.slice(0, -20) + 'A'.repeat(20))).body.verdict).toBe('refused');
    expect((await answer(session, proof, { iat: NOW - 3 })).body.verdict).toBe('refused');
    expect((await answer(session, await world.proof({ partner: 'shop' }))).body.verdict).toBe('refused');
    const state = await gate.shop.get<object>(`/v1/verification-sessions/${session.id}`);
    expect(state.body).toMatchObject({
      state: 'decided',
      verdict: 'granted',
      coupon: first.body.coupon,
      receipt: first.body.id,
    });
    const receipt = await gate.auditor.get<{ receipt: string }>(`/v1/receipts/${first.body.id}`);
    const payload = Buffer.from(receipt.body.receipt.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(payload)).toMatchObject({ facts: { way: 'session', orderRef, place: { lane: 'online' } } });
    expect((await gate.auditor.post(`/v1/receipts/${first.body.id}/replay`, {})).body).toMatchObject({ agrees: true });
  });

  it('takes the form post that a standard wallet sends, whose proof names no offer', async () => {
    const { body: session } = await open({ ...COUPON, orderRef: nextOrder() });
    const proof = await world.proof({ partner: 'shop' });
    const { clientId: audience, nonce, id } = session;
    const shown = await world.show(proof, { audience, nonce, offer: undefined as never });
    const body = new URLSearchParams({ vp_token: JSON.stringify({ tier: [shown] }), state: 'x' });
    const response = await fetch(`${gate.url}/v1/verification-sessions/${id}/response`, { method: 'POST', body });
    expect(await response.json()).toMatchObject({ verdict: 'granted' });
  });

  it('is a retry for another nonce, audience or offer, and after the session has expired', async () => {
    const { body: session } = await open({ ...COUPON, orderRef: nextOrder() });
    const proof = await world.proof({ partner: 'shop' });
    expect((await answer(session, proof, { nonce: 'another' })).body.verdict).toBe('retry');
    expect((await answer(session, proof, { audience: 'shop-online' })).body.verdict).toBe('retry');
    expect((await answer(session, proof, { offer: 'free-aa' })).body.verdict).toBe('retry');
    world.clock.advance(600);
    expect((await answer(session, proof)).body.verdict).toBe('retry');
    expect((await gate.shop.get<{ state: string }>(`/v1/verification-sessions/${session.id}`)).body.state).toBe(
      'expired',
    );
    world.clock.set(NOW);
    expect((await gate.shop.get<object>(`/v1/verification-sessions/${session.id}`)).body).toEqual({
      id: session.id,
      offer: 'coupon-aa',
      orderRef: expect.any(String),
      expiresAt: session.expiresAt,
      state: 'open',
    });
    expect((await answer(session, proof)).body.verdict).toBe('granted');
  });

  it('V07, V09: a band that is not reached is no proof, and the session stays open for a better one', async () => {
    const { body: session } = await open({ ...COUPON, orderRef: nextOrder() });
    const lower = await world.proof({ partner: 'shop', grade: 'A' });
    expect((await answer(session, lower, { threshold: 'A' })).body).toMatchObject({
      verdict: 'no_proof',
      repeat: false,
    });
    expect((await answer(session, await world.proof({ partner: 'shop' }))).body.verdict).toBe('granted');
  });

  it('grants one of twenty answers in flight', async () => {
    const { body: session } = await open({ ...COUPON, orderRef: nextOrder() });
    const proofs = await Promise.all(Array.from({ length: 20 }, () => world.proof({ partner: 'shop' })));
    const verdicts = (await Promise.all(proofs.map((proof) => answer(session, proof)))).map(({ body }) => body.verdict);
    expect(verdicts.filter((verdict) => verdict === 'granted')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === 'refused')).toHaveLength(19);
  });

  it('gives an order its uses once, whoever answers (uses.per order)', async () => {
    const orderRef = nextOrder();
    const first = await open({ ...COUPON, orderRef });
    expect((await answer(first.body, await world.proof({ partner: 'shop' }))).body.verdict).toBe('granted');
    const second = await open({ ...COUPON, orderRef });
    expect(second).toMatchObject({ status: 201 });
    expect(second.body.id).not.toBe(first.body.id);
    expect((await answer(second.body, await world.proof({ partner: 'shop' }))).body.verdict).toBe('already_used');
  });

  it('V04: a void frees the order again and settles to zero', async () => {
    const orderRef = nextOrder();
    const first = await open({ ...COUPON, orderRef });
    const { body: granted } = await answer(first.body, await world.proof({ partner: 'shop' }));
    const voided = await gate.shop.post(`/v1/verifications/${granted.id}/void`, { reason: 'order cancelled' });
    expect(voided.status).toBe(200);
    expect((await gate.shop.get<object>(`/v1/verification-sessions/${first.body.id}`)).body).toMatchObject({
      state: 'voided',
    });
    const coupon = await gate.shop.post<Verdict>(`/v1/coupons/${granted.coupon?.code}/redemptions`, { orderRef });
    expect([coupon.status, coupon.body.code]).toEqual([409, 'COUPON_VOIDED']);
    const second = await open({ ...COUPON, orderRef });
    expect((await answer(second.body, await world.proof({ partner: 'shop' }))).body.verdict).toBe('granted');
  });

  it('refuses answers that are not of the form', async () => {
    const { body: session } = await open({ ...COUPON, orderRef: nextOrder() });
    const at = `/v1/verification-sessions/${session.id}/response`;
    for (const body of [
      {},
      [],
      { vp_token: 'x' },
      { vp_token: { tier: [] } },
      { vp_token: { tier: ['x', 'y'] } },
      { vp_token: { tier: ['x'] }, id_token: 'x' },
    ]) {
      const refused = await gate.anyone.post<Verdict>(at, body);
      expect([refused.status, refused.body.code]).toEqual([400, 'BODY_INVALID']);
    }
    expect((await respond(session.id, 'no presentation')).body.verdict).toBe('no_proof');
    expect((await respond(crypto.randomUUID(), 'x')).status).toBe(404);
    expect((await gate.anyone.post('/v1/verification-sessions/7/response', {})).status).toBe(400);
    const twice = await fetch(gate.url + at, { method: 'POST', body: new URLSearchParams('vp_token=a&vp_token=b') });
    expect(twice.status).toBe(400);
    const xml = await fetch(gate.url + at, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<x/>' });
    expect(xml.status).toBe(415);
  });
});

describe('coupons', () => {
  it('are redeemed once, for their order, at their shop', async () => {
    const orderRef = nextOrder();
    const session = await open({ ...COUPON, orderRef });
    const { body } = await answer(session.body, await world.proof({ partner: 'shop' }));
    expect(body.coupon?.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    const redeem = (order: string, code = body.coupon?.code) =>
      gate.shop.post<Verdict>(`/v1/coupons/${code}/redemptions`, { orderRef: order });
    expect((await redeem('another order')).body.code).toBe('COUPON_OTHER_ORDER');
    expect((await redeem(orderRef, 'AAAA-AAAA-AAAA')).body.code).toBe('COUPON_UNKNOWN');
    const answers = await Promise.all([redeem(orderRef), redeem(orderRef)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    expect((await redeem(orderRef)).body.code).toBe('COUPON_USED');
    const voided = await gate.manager.post<Verdict>(`/v1/verifications/${body.id}/void`, { reason: 'too late' });
    expect([voided.status, voided.body.code]).toEqual([409, 'COUPON_USED']);
  });
});
