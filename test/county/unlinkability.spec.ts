import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { weeklyEpoch } from '#libs/calendar';
import { publicJwkOf } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { entryCount } from '#libs/status-list';
import { holdAttestation, presentAttestation, type HeldAttestation } from '#libs/wallet';
import { runCounty, START, type RunningCounty } from './running-county.js';
import { assessAndRelease, entry, settle, takeEffect } from './sample-residents.js';
import { servedStatusList } from './served-status-list.js';
import { sharedBeyond, takeApart, type ShownBytes } from './shown-bytes.js';
import { makeKey, TestPhone, type PhoneKey } from './test-phone.js';

const WEEK = 7 * 86_400;

/** A resident's phone with one key for each partner. */
interface Resident {
  readonly phone: TestPhone;
  readonly keys: Map<string, PhoneKey>;
}

let county: RunningCounty;
let sun: Resident;
let moon: Resident;
beforeAll(async () => {
  county = await runCounty();
  await settle(county);
  // The first resident rises to AAA; the other two hold A.
  await takeEffect(county, [entry('aaa-1', 'wd-1', 'honour-city')]);
  await assessAndRelease(county);
  sun = await resident('wd-2');
  moon = await resident('wd-3');
});
afterAll(() => county.close());

async function resident(handle: string): Promise<Resident> {
  return { phone: await TestPhone.enrol(county, handle), keys: new Map() };
}

async function obtain({ phone, keys }: Resident, partner: string): Promise<HeldAttestation> {
  const key = keys.get(partner) ?? (await makeKey());
  keys.set(partner, key);
  await phone.consent(partner);
  const answer = await phone.obtain(partner, key);
  return hold(String(answer.body['attestation']), key);
}

async function renew({ phone, keys }: Resident): Promise<ReadonlyMap<string, HeldAttestation>> {
  const answers = JSON.parse((await phone.renew()).text) as readonly { partner: string; attestation: string }[];
  const held = new Map<string, HeldAttestation>();
  for (const { partner, attestation } of answers) {
    const key = keys.get(partner);
    if (key !== undefined) held.set(partner, await hold(attestation, key));
  }
  return held;
}

async function hold(attestation: string, key: PhoneKey): Promise<HeldAttestation> {
  const held = await holdAttestation(attestation, publicJwkOf(key.jwk), nodeCrypto);
  if (!held.ok) throw new Error(held.fault);
  return held.value;
}

/** As shown at a site of its partner for one of its offers, grade A, nobody's name. */
async function show(by: Resident, held: HeldAttestation, iat = START): Promise<ShownBytes> {
  const { partner } = held.claims;
  const key = by.keys.get(partner);
  if (key === undefined) throw new Error(`no key for ${partner}`);
  const answer = { threshold: 'A', withPerson: false, audience: `gate of ${partner}`, offer: `by ${partner}`, iat };
  return takeApart(await presentAttestation(held, answer, key.signing, nodeCrypto));
}

/** Paths at which two attestations say the same. */
function agreements(one: ShownBytes, other: ShownBytes): readonly string[] {
  return [...one.claims]
    .filter(([path, value]) => other.claims.get(path) === value)
    .map(([path]) => path)
    .toSorted();
}

const OF_THE_COUNTY = ['iss', 'scheme.fingerprint', 'scheme.id', 'status.status_list.uri', 'vct'];
const OF_THE_FORM = ['cnf.jwk.crv', 'cnf.jwk.kty'];
const OF_THE_WEEK = ['exp', 'iat'];

describe('two attestations of one resident for two partners (design §4.1: two partners cannot link a resident)', () => {
  it('share nothing but county, scheme and epoch: no value, and no five bytes that a stranger’s has not', async () => {
    const [one, two] = [await obtain(sun, 'rugao-spot'), await obtain(sun, 'jiyuan-hotel')];
    const stranger = await show(moon, await obtain(moon, 'xuecheng-live'));
    const [first, second] = [await show(sun, one), await show(sun, two, START + 100)];
    expect(agreements(first, second)).toEqual([...OF_THE_COUNTY, ...OF_THE_FORM, ...OF_THE_WEEK].toSorted());
    expect(sharedBeyond(first, second, stranger)).toEqual([]);
  });

  it('and stay so when they are renewed together', async () => {
    const again = await renew(sun);
    const stranger = await show(moon, await obtain(moon, 'xuecheng-live'));
    const shown = await Promise.all([...again.values()].map((held) => show(sun, held)));
    const [first, second] = shown;
    if (first === undefined || second === undefined) throw new Error('two were to be renewed');
    expect(agreements(first, second)).toEqual([...OF_THE_COUNTY, ...OF_THE_FORM, ...OF_THE_WEEK].toSorted());
    expect(sharedBeyond(first, second, stranger)).toEqual([]);
  });

  it('would be told by their bytes if they had a key in common (the comparison sees what it should)', async () => {
    const stranger = await show(moon, await obtain(moon, 'xuecheng-live'));
    const [once, again] = [await obtain(sun, 'rugao-spot'), await obtain(sun, 'rugao-spot')];
    const tied = sharedBeyond(await show(sun, once), await show(sun, again), stranger);
    expect(tied.length).toBeGreaterThan(32);
  });
});

describe('an attestation and its renewal, both for one partner', () => {
  it('in a week have key and place in common, in another the key; never a salt, digest or signature', async () => {
    const first = await show(sun, await obtain(sun, 'rushan-live'));
    const sameWeek = await show(sun, await obtain(sun, 'rushan-live'));
    const ofTheHolder = ['cnf.jwk.x', 'cnf.jwk.y', 'partner'];
    const always = [...OF_THE_COUNTY, ...OF_THE_FORM, ...ofTheHolder];
    expect(agreements(first, sameWeek)).toEqual([...always, ...OF_THE_WEEK, 'status.status_list.idx'].toSorted());
    county.clock.advance(WEEK);
    const renewed = (await renew(sun)).get('rushan-live');
    if (renewed === undefined) throw new Error('it was to be renewed');
    expect(agreements(first, await show(sun, renewed))).toEqual([...always].toSorted());
    county.clock.set(START);
  });
});

describe('weekly epochs (design §4.1)', () => {
  it('give every attestation of a week the same two dates, from Monday’s first second to Sunday’s last', async () => {
    const { iat } = weeklyEpoch(START);
    const dates = new Set<string>();
    for (const [at, partner] of [
      [iat, 'at-first'],
      [START, 'at-noon'],
      [iat + WEEK - 1, 'at-last'],
    ] as const) {
      county.clock.set(at);
      const { claims } = await obtain(await resident('wd-3'), partner);
      dates.add(`${claims.iat} ${claims.exp}`);
    }
    expect([...dates]).toEqual([`${iat} ${iat + 14 * 86_400}`]);
    county.clock.set(iat + WEEK);
    expect((await obtain(await resident('wd-3'), 'after')).claims.iat).toBe(iat + WEEK);
    county.clock.set(START);
  });
});

describe('the shape of a token (design §4.1: it never shows the grade)', () => {
  it('is the same for whoever holds AAA and whoever holds A, shown at A', async () => {
    const high = await resident('wd-1');
    const [top, low] = [await obtain(high, 'rugao-spot'), await obtain(sun, 'rugao-spot')];
    expect([[...top.thresholds.keys()].length, [...low.thresholds.keys()].length]).toEqual([3, 1]);
    const shapeOf = ({ claims, lengths, pieces }: ShownBytes): unknown => ({
      paths: [...claims.keys()],
      // The place on the list is random, and as long as it is; everything else is of one length.
      lengths: lengths.map((length, at) => (at === 1 ? bytesIn(length) - digitsOf(claims) : length)),
      pieces: pieces.map((piece) => piece.length).filter((length) => length >= 16),
    });
    expect(shapeOf(await show(high, top))).toEqual(shapeOf(await show(sun, low)));
  });
});

const bytesIn = (base64urlChars: number): number => Math.floor((base64urlChars * 3) / 4);
const digitsOf = (claims: ShownBytes['claims']): number => String(claims.get('status.status_list.idx')).length;

describe('places on the status list (design §4.1: random, in lists of at least 2^17)', () => {
  const EACH = 70;
  const NEAR = 2_048;

  it('of one resident are no closer to one another than those of several', async () => {
    const size = entryCount((await servedStatusList(county)).statuses);
    expect(size).toBeGreaterThanOrEqual(2 ** 17);
    const places = await Promise.all(
      ['wd-1', 'wd-2', 'wd-3'].map(async (handle) => {
        const one = await resident(handle);
        const own: number[] = [];
        for (let at = 0; at < EACH; at += 1) own.push((await obtain(one, `partner-${at}`)).claims.status.idx);
        return own;
      }),
    );
    const all = places.flat();
    expect(new Set(all).size).toBe(3 * EACH);
    expect(all.every((place) => place < size)).toBe(true);
    // By chance one pair in 32 is as near: 225 of 7,245, give or take 20. Counting up would make it nearly all.
    const near = places.flatMap((own) =>
      own.flatMap((one, at) => own.slice(at + 1).filter((other) => Math.abs(one - other) < NEAR)),
    );
    expect(near.length).toBeLessThan(450);
    // One after the other: 6.5 of 209 by chance, and as often up as down.
    const steps = all.slice(1).map((place, at) => place - (all[at] ?? 0));
    expect(steps.filter((step) => Math.abs(step) < NEAR).length).toBeLessThan(30);
    const ups = steps.filter((step) => step > 0).length;
    expect([ups > 60, ups < 150]).toEqual([true, true]);
  }, 60_000);
});
