import {
  buy,
  freshReference,
  type HeldProof,
  now,
  proofOf,
  reissued,
  thresholdFor,
  type VerdictAnswer,
} from '#apps/standalone';
import { weeklyEpoch } from '#libs/calendar';
import { generatePrivateJwk, nodeSigner } from '#libs/jose-profile/node';
import type { Alliance } from '../alliance.js';
import { allianceRow, cutOff, NO_PROOF, refusalOf, said, show } from '../alliance-row.js';
import { equal } from '../expectations.js';

/** From where, to whose live shop and market; and a partner that its proof is not for. */
interface Direction {
  readonly home: string;
  readonly shop: string;
  readonly market: string;
  readonly otherPartner: string;
}

const TO_XUECHENG: Direction = {
  home: '乳山',
  shop: 'xuecheng-live',
  market: 'xuecheng-market-10',
  otherPartner: 'rushan-live',
};
const TO_RUSHAN: Direction = {
  home: '薛城',
  shop: 'rushan-live',
  market: 'rushan-market-10',
  otherPartner: 'xuecheng-live',
};
const THREE_WEEKS = 21 * 86_400;

/** [003] 以信为媒 跨越山海: AA and above of either score opens the other's live shop, stalls and rebate, without a screenshot. */
export const f28 = allianceRow('F28', 'NO_PROOF', async (alliance) => {
  for (const direction of [TO_XUECHENG, TO_RUSHAN]) {
    await playShop(alliance, direction);
    await playMarket(alliance, direction);
    await playRebate(alliance, direction);
    await playRefusals(alliance, direction);
  }
  const figure =
    'AA of 乳山 and of 薛城 at the other: a coupon of 10 % used once, 10 % off at the stall, 6.40 of 128 yuan back';
  return { figure, negative: NO_PROOF.verdict.toUpperCase() };
});

/** A session link for an order; its coupon is good once, and for this order only. */
async function playShop(alliance: Alliance, { home, shop }: Direction): Promise<void> {
  const orderRef = freshReference('live');
  const sold = await order(alliance, shop, await proofOf(alliance, home, { grade: 'AA' }, shop), 'coupon', orderRef);
  equal('at the live shop', gained(sold), { verdict: 'granted', band: 'AA', effect: { kind: 'coupon', percent: 10 } });
  equal('for another order', await useRefused(alliance, shop, sold, { orderRef: 'another' }), 'COUPON_OTHER_ORDER');
  const used = await use(alliance, shop, sold, { orderRef });
  equal('the coupon', used, { code: sold.coupon?.code, percent: 10, orderRef });
  equal('the coupon once more', await useRefused(alliance, shop, sold, { orderRef }), 'COUPON_USED');
}

/** A code on the phone's screen, read at a stall without a network: once a day. */
async function playMarket(alliance: Alliance, { home, shop, market }: Direction): Promise<void> {
  const stall = { site: `${shop}-market`, lane: 'stall-1', offer: market };
  const proof = await proofOf(alliance, home, { grade: 'AAA' }, shop);
  const threshold = await thresholdFor(alliance, proof, market);
  await cutOff(alliance, stall.site, async (there) => {
    const first = await show(there, stall, proof, threshold);
    equal('at a stall', gained(first), {
      verdict: 'granted',
      band: 'AA',
      effect: { kind: 'percent_off', percent: 10 },
    });
    const again = await show(there, stall, proof, threshold);
    equal('at a stall once more', said(again), { verdict: 'already_used', repeat: false });
  });
}

/** The order is paid in full; a part of what it came to is paid back, once. */
async function playRebate(alliance: Alliance, { home, shop }: Direction): Promise<void> {
  const orderRef = freshReference('rebate');
  const sold = await order(alliance, shop, await proofOf(alliance, home, { grade: 'AA' }, shop), 'cashback', orderRef);
  equal('a rebate', gained(sold), { verdict: 'granted', band: 'AA', effect: { kind: 'cashback', percent: 5 } });
  const back = await use(alliance, shop, sold, { orderRef, paidFen: 12_800 });
  equal('what comes back', back, { code: sold.coupon?.code, percent: 5, orderRef, rebateFen: 640 });
  const twice = await useRefused(alliance, shop, sold, { orderRef, paidFen: 12_800 });
  equal('the rebate once more', twice, 'COUPON_USED');
}

/** Whoever has no sufficient proof is told one and the same, online and at a stall, whatever is wrong with it. */
async function playRefusals(alliance: Alliance, direction: Direction): Promise<void> {
  const { home, shop, otherPartner, market } = direction;
  const stall = { site: `${shop}-market`, lane: 'stall-1', offer: market };
  const genuine = await proofOf(alliance, home, { grade: 'AA' }, shop);
  const attest = (await alliance.keysOf(home)).signer('attest');
  const forger = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const insufficient: Readonly<Record<string, HeldProof>> = {
    'an A': await proofOf(alliance, home, { grade: 'A' }, shop),
    'a forged AA': await reissued(genuine, forger),
    'an AA of three weeks ago': await reissued(genuine, attest, weeklyEpoch(now() - THREE_WEEKS)),
    'an AA for another partner': await proofOf(alliance, home, { grade: 'AA' }, otherPartner),
  };
  for (const [what, proof] of Object.entries(insufficient)) {
    const threshold = what === 'an A' ? 'A' : 'AA';
    equal(`${what} at a stall`, said(await show(alliance, stall, proof, threshold)), NO_PROOF);
    const bought = await order(alliance, shop, proof, 'coupon', freshReference('refused'), threshold);
    equal(`${what} online`, said(bought), NO_PROOF);
  }
  // Under the county's own key a forger is known to be one.
  const inItsName = await reissued(genuine, { key: forger.key, kid: attest.kid });
  equal('a forged signature of 乳山 or 薛城', said(await show(alliance, stall, inItsName, 'AA')), REFUSED);
  equal('the genuine one', (await show(alliance, stall, genuine)).verdict, 'granted');
}

const REFUSED = { verdict: 'refused', repeat: false };

type Effect = 'coupon' | 'cashback';

/** Answers the link of an order with the threshold that the wallet chooses, unless another is told. */
async function order(
  alliance: Alliance,
  shop: string,
  proof: HeldProof,
  effect: Effect,
  orderRef: string,
  threshold?: string,
): Promise<VerdictAnswer> {
  const offer = `${shop}-${effect}`;
  const chosen = threshold ?? (await thresholdFor(alliance, proof, offer));
  return buy(alliance, `${shop}-shop`, { offer, orderRef }, proof, chosen);
}

function gained({ verdict, grant, effect }: VerdictAnswer): object {
  return { verdict, band: grant?.band, effect };
}

interface Redeemed {
  readonly orderRef: string;
  readonly paidFen?: number;
}

function use(alliance: Alliance, shop: string, { coupon }: VerdictAnswer, redeemed: Redeemed): Promise<unknown> {
  const at = `/v1/coupons/${coupon?.code ?? 'none'}/redemptions`;
  return alliance.site(`${shop}-shop`).shop.post(at, redeemed);
}

function useRefused(alliance: Alliance, shop: string, sold: VerdictAnswer, redeemed: Redeemed): Promise<string> {
  return refusalOf('a coupon', use(alliance, shop, sold, redeemed));
}
