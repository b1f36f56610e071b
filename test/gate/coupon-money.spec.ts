import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '#libs/testing';
import { gateWorld, NOW, TODAY, type GateWorld, type Reply, type TestGate, type Verdict } from './gate-world.js';

interface Opened {
  readonly id: string;
  readonly clientId: string;
  readonly nonce: string;
}

type Coupon = Verdict['coupon'];
type Proof = Awaited<ReturnType<GateWorld['proof']>>;

const party = { adults: 1, children: 0, seniors: 0 };
const BY_HAND = { site: 'shop-online', offer: 'coupon-document', party };

let world: GateWorld;
let gate: TestGate;
let orders = 0;

beforeAll(async () => {
  world = await gateWorld();
  gate = await world.start();
  const { alliance, upstream } = world;
  const plan = alliance.plan.offers.find(({ id }) => id === 'coupon-aa');
  if (plan === undefined) throw new Error('no offer');
  const more = await Promise.all([
    alliance.sign('offer', { ...plan, id: 'coupon-document', holderCheck: 'document' }),
    alliance.sign('offer', { ...plan, id: 'cashback-aa', effect: { kind: 'cashback', percent: 5 } }),
    alliance.sign('offer', { ...plan, id: 'coupon-reentry', uses: { n: 1, per: 'day', reentryMinutes: 60 } }),
  ]);
  const documents = [...alliance.bundle.documents, ...more];
  await upstream.publish(await alliance.headAt(NOW - 30, { documents, round: { round: 2 } }));
  await waitFor(async () => (await gate.trust()).seq === 2);
});
afterAll(() => world.stop());

const nextOrder = (): string => `order-${(orders += 1)}`;
const stateOf = async ({ id }: Opened) => (await gate.manager.get<object>(`/v1/verification-sessions/${id}`)).body;
const redeem = (coupon: Coupon, orderRef: string, paid: object = {}): Promise<Reply<Verdict>> =>
  gate.shop.post<Verdict>(`/v1/coupons/${coupon?.code}/redemptions`, { orderRef, ...paid });
const decide = (id: string, decision: string) =>
  gate.manager.post<{ readonly coupon?: Coupon }>(`/v1/verifications/${id}/decisions`, { decision });

async function open(body: object): Promise<Opened> {
  return (await gate.manager.post<Opened>('/v1/verification-sessions', body)).body;
}

async function answer({ id, clientId, nonce }: Opened, proof: Proof, offer: string): Promise<Verdict> {
  const shown = await world.show(proof, { audience: clientId, nonce, offer, withPerson: true });
  const at = `/v1/verification-sessions/${id}/response`;
  return (await gate.anyone.post<Verdict>(at, { vp_token: { tier: [shown] } })).body;
}

async function countsOf(site: string, offer: string): Promise<object | undefined> {
  const at = `/v1/daily-counts?day=${TODAY}&site=${site}`;
  const { offers } = (await gate.manager.get<{ offers: readonly { offer: string }[] }>(at)).body;
  return offers.find((counts) => counts.offer === offer);
}

describe('a coupon where a clerk compares the document (design §4.6)', () => {
  it('is made when the clerk accepts, for the order, and told again', async () => {
    const orderRef = nextOrder();
    const session = await open({ ...BY_HAND, orderRef });
    const asked = await answer(session, await world.proof({ partner: 'shop' }), 'coupon-document');
    expect(asked.verdict).toBe('check_by_hand');
    expect(asked).not.toHaveProperty('coupon');
    expect(await stateOf(session)).not.toHaveProperty('coupon');
    const accepted = await decide(asked.id, 'accepted');
    expect(accepted.body.coupon).toMatchObject({ percent: 10, orderRef });
    expect(await decide(asked.id, 'accepted')).toEqual(accepted);
    expect(await stateOf(session)).toMatchObject({ decision: 'accepted', coupon: accepted.body.coupon });
    expect((await redeem(accepted.body.coupon, 'another')).body.code).toBe('COUPON_OTHER_ORDER');
    expect((await redeem(accepted.body.coupon, orderRef)).status).toBe(200);
  });

  it('is never made when the clerk declines: the session says so and the order is free again', async () => {
    const orderRef = nextOrder();
    const session = await open({ ...BY_HAND, orderRef });
    const asked = await answer(session, await world.proof({ partner: 'shop' }), 'coupon-document');
    expect((await decide(asked.id, 'declined')).body).not.toHaveProperty('coupon');
    expect(await stateOf(session)).toEqual({
      id: session.id,
      offer: 'coupon-document',
      orderRef,
      expiresAt: NOW + 600,
      state: 'declined',
    });
    const again = await answer(
      await open({ ...BY_HAND, orderRef }),
      await world.proof({ partner: 'shop' }),
      'coupon-document',
    );
    expect(again.verdict).toBe('check_by_hand');
  });
});

describe('a cashback (domain F28: 返利)', () => {
  const buy = async () => {
    const orderRef = nextOrder();
    const session = await open({ site: 'shop-online', offer: 'cashback-aa', party, orderRef });
    const granted = await answer(session, await world.proof({ partner: 'shop' }), 'cashback-aa');
    return { session, orderRef, granted };
  };

  it('comes back after the purchase, as a part of what the order came to, once', async () => {
    const { session, orderRef, granted } = await buy();
    expect(granted).toMatchObject({ verdict: 'granted', coupon: { percent: 5, orderRef } });
    expect(granted.coupon).not.toHaveProperty('rebateFen');
    expect((await redeem(granted.coupon, 'another', { paidFen: 12_810 })).body.code).toBe('COUPON_OTHER_ORDER');
    const back = { code: granted.coupon?.code, percent: 5, orderRef, rebateFen: 641 };
    expect(await redeem(granted.coupon, orderRef, { paidFen: 12_810 })).toEqual({ status: 200, body: back });
    expect((await redeem(granted.coupon, orderRef, { paidFen: 12_810 })).body.code).toBe('COUPON_USED');
    expect(await stateOf(session)).toMatchObject({ coupon: back });
    const voided = await gate.manager.post<Verdict>(`/v1/verifications/${granted.id}/void`, { reason: 'too late' });
    expect(voided.body.code).toBe('COUPON_USED');
  });

  it('is of a purchase: what was paid is told for it in whole fen, and for no other coupon', async () => {
    const { orderRef, granted } = await buy();
    for (const paid of [{}, { paidFen: 0 }, { paidFen: 10.5 }, { paidFen: 1_000_000_001 }])
      expect((await redeem(granted.coupon, orderRef, paid)).body.code).toBe('BODY_INVALID');
    const order = nextOrder();
    const session = await open({ site: 'shop-online', offer: 'coupon-aa', party, orderRef: order });
    const other = await answer(session, await world.proof({ partner: 'shop' }), 'coupon-aa');
    expect((await redeem(other.coupon, order, { paidFen: 12_800 })).body.code).toBe('BODY_INVALID');
    expect((await redeem(other.coupon, order)).status).toBe(200);
  });
});

describe('re-entry (design §4.2)', () => {
  it('is no matter of sessions: what is granted there is counted', async () => {
    const proof = await world.proof();
    const verdicts: string[] = [];
    for (const orderRef of [nextOrder(), nextOrder(), nextOrder()])
      verdicts.push(
        (await answer(await open({ site: 'spot-east', offer: 'reentry-aa', party, orderRef }), proof, 'reentry-aa'))
          .verdict,
      );
    expect(verdicts).toEqual(['granted', 'already_used', 'already_used']);
    expect(await countsOf('spot-east', 'reentry-aa')).toMatchObject({ granted: 1, reentries: 0 });
  });

  it('never rests on a sale online: who bought a ticket has not come in yet', async () => {
    const proof = await world.proof();
    const sold = await open({ site: 'spot-east', offer: 'reentry-aa', party, orderRef: nextOrder() });
    expect((await answer(sold, proof, 'reentry-aa')).verdict).toBe('granted');
    world.clock.advance(60);
    const lane = await gate.scan(await world.qr(proof, { offer: 'reentry-aa' }));
    world.clock.set(NOW);
    expect(lane.body.verdict).toBe('already_used');
  });

  it('never rests on a visit that a clerk has still to decide', async () => {
    const proof = await world.proof();
    const enter = async (): Promise<Verdict> =>
      (await gate.scan(await world.qr(proof, { offer: 'document-reentry', withPerson: true }))).body;
    const first = await enter();
    expect(first.verdict).toBe('check_by_hand');
    expect((await enter()).verdict).toBe('already_used');
    await decide(first.id, 'accepted');
    expect((await enter()).verdict).toBe('check_by_hand');
  });

  it('earns no second coupon at a lane', async () => {
    const proof = await world.proof({ partner: 'shop' });
    const enter = async (): Promise<Verdict> => {
      const qr = await world.qr(proof, { audience: 'shop-online', offer: 'coupon-reentry' });
      return (await gate.scan(qr, 'till', 'shop-online')).body;
    };
    expect(await enter()).toMatchObject({ verdict: 'granted', coupon: { percent: 10 } });
    world.clock.advance(300);
    const back = await enter();
    world.clock.set(NOW);
    expect(back.verdict).toBe('granted');
    expect(back).not.toHaveProperty('coupon');
    expect(await countsOf('shop-online', 'coupon-reentry')).toMatchObject({ granted: 1, reentries: 1, net: 1 });
  });
});
