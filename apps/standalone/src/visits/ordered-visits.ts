import { shanghaiDay } from '#libs/calendar';
import { freshReference, now } from './phone.js';
import { proofOf, scanned, visit } from './scanned-visits.js';
import type { Outcome, Visit } from './visit.js';
import {
  buy,
  ONE_ADULT,
  outcomeOf,
  thresholdFor,
  trustOfPhone,
  untilTrusted,
  type SampleWorld,
  type VerdictAnswer,
} from './world.js';

const HOTEL = 'jiyuan-hotel-20';
const FREE = 'rugao-free-aa';
const EAST = 'rugao-spot-east';

/** The visits bought online by a session link. */
export const ORDERED_VISITS: readonly Visit<SampleWorld>[] = [
  visit(
    'V04',
    '荣成 AA, then voided',
    '荣成',
    '济源 hotel',
    HOTEL,
    'granted',
    '20 % off, settles to zero',
    bookAndVoid,
  ),
  liveShop('V05', '乳山', 'AA', 'xuecheng-live', '薛城 live shop'),
  liveShop('V06', '薛城', 'AA', 'rushan-live', '乳山 live shop'),
  visit(
    'V07',
    '荣成 AA, no agreement',
    '荣成',
    '薛城 live shop',
    'xuecheng-live-coupon',
    'no_proof',
    '',
    async (world) => outcomeOf(await order(world, '荣成', { grade: 'AA' }, 'xuecheng-live', 'AA')),
  ),
  visit('V09', '乳山, 1045 points', '乳山', '薛城 live shop', 'xuecheng-live-coupon', 'no_proof', '', async (world) =>
    outcomeOf(await order(world, '乳山', { score: 1045 }, 'xuecheng-live', 'A')),
  ),
  visit('V20', 'a ticket for the blackout day', '荣成', '如皋 spot', FREE, 'not_available', '', async (world) => {
    const offer = (await trustOfPhone(world)).offer(FREE);
    const today = shanghaiDay(now());
    const visitDay = offer?.payload.blackoutDays.find((day) => day > today);
    const answer = await world.site('rugao-spot-east').shop.post<VerdictAnswer>('/v1/verification-sessions', {
      site: 'rugao-spot-east',
      offer: FREE,
      orderRef: freshReference('V20'),
      party: ONE_ADULT,
      visitDay,
    });
    return { actual: answer.verdict, effect: '', repeat: false };
  }),
];

/** The visits that need the alliance or a gate in a special state; each puts back what it changed. */
export const STATE_VISITS: readonly Visit<SampleWorld>[] = [
  visit('V19', 'a gate on an expired head', '荣成', '如皋 spot, spare gate', FREE, 'stale', '', atAForgottenGate),
  visit('V21', '荣成 table suspended', '荣成', '如皋 spot, east, lane 1', FREE, 'no_proof', '', underASuspendedTable),
];

function liveShop(name: string, from: string, grade: string, partner: string, to: string): Visit<SampleWorld> {
  const offer = `${partner}-coupon`;
  return visit(name, `${from} ${grade}`, from, to, offer, 'granted', 'coupon, 10 % off', async (world) =>
    outcomeOf(await order(world, from, { grade }, partner)),
  );
}

/** @param threshold what the phone is made to send; by default what its wallet chooses */
async function order(
  world: SampleWorld,
  county: string,
  wanted: Parameters<SampleWorld['resident']>[1],
  partner: string,
  threshold?: string,
): Promise<VerdictAnswer> {
  const offer = `${partner}-coupon`;
  const proof = await proofOf(world, county, wanted, partner);
  const chosen = threshold ?? (await thresholdFor(world, proof, offer));
  return buy(world, `${partner}-shop`, { offer, orderRef: freshReference('order') }, proof, chosen);
}

async function bookAndVoid(world: SampleWorld): Promise<Outcome> {
  const site = 'jiyuan-hotel-desk';
  const { manager } = world.site(site);
  const proof = await proofOf(world, '荣成', { grade: 'AA' }, 'jiyuan-hotel');
  const threshold = await thresholdFor(world, proof, HOTEL);
  const before = await netCount(world, site);
  const answer = await buy(world, site, { offer: HOTEL, orderRef: freshReference('V04') }, proof, threshold);
  const booked = await netCount(world, site);
  await manager.post(`/v1/verifications/${answer.id}/void`, { reason: 'sample visit V04' });
  const settled = (await netCount(world, site)) === before && booked === before + 1;
  const outcome = outcomeOf(answer);
  return { ...outcome, effect: `${outcome.effect}, ${settled ? 'settles to zero' : 'does not settle'}` };
}

/** Granted less voided for the hotel's offer today. */
async function netCount(world: SampleWorld, site: string): Promise<number> {
  const day = shanghaiDay(now());
  const { offers } = await world
    .site(site)
    .manager.get<{ offers: readonly { offer: string; net: number }[] }>(`/v1/daily-counts?day=${day}&site=${site}`);
  return offers.find(({ offer }) => offer === HOTEL)?.net ?? 0;
}

/** A gate takes the alliance's first head, long expired, is stopped, and starts again with no federation to ask. */
async function atAForgottenGate(world: SampleWorld): Promise<Outcome> {
  const mirror = await world.mirrorOfFirstHead();
  try {
    await world.withSpareGate({ site: EAST, federationUrl: mirror.url }, (site) => untilTrusted(site.lane));
  } finally {
    await mirror.stop();
  }
  const proof = await proofOf(world, '荣成', { grade: 'AA' }, 'rugao-spot');
  return world.withSpareGate({ site: EAST }, (site) =>
    scanned({ ...world, site: () => site }, proof, { threshold: 'AA', offer: FREE }),
  );
}

/** One officer suspends; the gate follows with the next head; two officers of different organisations lift it again. */
async function underASuspendedTable(world: SampleWorld): Promise<Outcome> {
  const proof = await proofOf(world, '荣成', { grade: 'AA' }, 'rugao-spot');
  const trust = await trustOfPhone(world);
  const { id, fingerprint } = proof.held.claims.scheme;
  const table = trust.tableVersions(id, fingerprint).at(-1);
  if (table === undefined) throw new Error('荣成 has no table');
  const { lane } = world.site('rugao-spot-east');
  await world.desk.suspend(table.digest, 'sample visit V21');
  try {
    await untilTrusted(lane, (await trustOfPhone(world)).seq);
    return await scanned(world, proof, { threshold: 'AA', offer: FREE });
  } finally {
    await world.desk.adoptRound([table.digest]);
    await untilTrusted(lane, (await trustOfPhone(world)).seq);
  }
}
