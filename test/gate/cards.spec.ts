import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodePresentationQr } from '#libs/attestation';
import { flipSignature, printCard, VISIT_FEDERATION } from '#libs/testing';
import { gateWorld, NOW, type GateWorld, type Reply, type TestGate, type Verdict } from './gate-world.js';

let world: GateWorld;
let gate: TestGate;
let nextIndex = 50_000;

beforeAll(async () => {
  world = await gateWorld();
  gate = await world.start();
});
afterAll(() => world.stop());

/** A fresh card of a resident, printed two months ago. */
function card(change: Partial<Parameters<typeof printCard>[1]> = {}): Promise<string> {
  nextIndex += 1;
  const plan = {
    scheme: 'rongcheng',
    grade: 'AA',
    idx: nextIndex,
    now: NOW - 60 * 86_400,
    federation: VISIT_FEDERATION,
  };
  return printCard(world.alliance, { ...plan, agreement: 'lv', ...change });
}

function show(text: string, at: { readonly lane?: string; readonly offer?: string } = {}): Promise<Reply<Verdict>> {
  const { lane = 'desk', offer = 'free-aa' } = at;
  const presentation = { way: 'card', qr: encodePresentationQr(text, 'QR.EXAMPLE'), offer };
  return gate.lane.post<Verdict>('/v1/verifications', { site: 'spot-east', lane, presentation });
}

describe('a printed card at a gate (design §4.2)', () => {
  it('goes to the clerk, whose decision is a second signed record', async () => {
    const { body } = await show(await card());
    expect(body).toMatchObject({ verdict: 'check_by_hand', repeat: false, person: { name: '王*', idLast4: '001X' } });
    const decided = await gate.lane.post(`/v1/verifications/${body.id}/decisions`, { decision: 'accepted' });
    expect(decided.status).toBe(200);
    const { body: replayed } = await gate.auditor.post(`/v1/receipts/${body.id}/replay`, {});
    expect(replayed).toMatchObject({ verdict: 'check_by_hand', agrees: true });
  });

  it('is the same visit when it is read again within a minute, and a used one for the rest of the day', async () => {
    const text = await card();
    const first = (await show(text)).body;
    expect((await show(text)).body).toEqual({ ...first, repeat: true });
    expect((await show(flipSignature(text))).body).toEqual({ ...first, repeat: true });
    world.clock.set(NOW + 61);
    expect((await show(text)).body).toMatchObject({ verdict: 'already_used' });
    world.clock.set(NOW);
  });

  it('is a new visit after that minute where an offer counts entries: paper has no code that runs out', async () => {
    const text = await card();
    const entries: string[] = [];
    for (const seconds of [0, 60, 61, 122]) {
      world.clock.set(NOW + seconds);
      const { id, verdict } = (await show(text, { offer: 'entry-aa' })).body;
      expect(verdict).toBe('check_by_hand');
      entries.push(id);
    }
    world.clock.set(NOW);
    expect([entries[0] === entries[1], new Set(entries).size]).toEqual([true, 3]);
  });

  it('is never taken on a lane without a clerk', async () => {
    expect((await show(await card(), { lane: 'lane-1' })).body).toMatchObject({ verdict: 'not_available' });
  });

  it('is not read as a rotating code, nor a rotating code as a card', async () => {
    const qr = encodePresentationQr(await card(), 'QR.EXAMPLE');
    expect((await gate.scan(qr, 'desk')).body).toMatchObject({ verdict: 'no_proof' });
    expect((await show(await world.show(await world.proof()))).body).toMatchObject({ verdict: 'no_proof' });
  });

  it('serves the agreement it was printed for', async () => {
    expect((await show(await card({ agreement: 'shan' }))).body).toMatchObject({ verdict: 'no_proof' });
    expect((await show(await card(), { offer: 'foreign-aa' })).body).toMatchObject({ verdict: 'no_proof' });
  });

  it('answers for the offer asked for now: within the minute no other one comes of it', async () => {
    const text = await card();
    expect((await show(text)).body.verdict).toBe('check_by_hand');
    expect((await show(text, { offer: 'entry-aa' })).body).toMatchObject({ verdict: 'refused', repeat: false });
    expect((await show(text)).body).toMatchObject({ verdict: 'check_by_hand', repeat: true });
  });

  it('goes to one clerk when two lanes read it at once, whatever each of them asks for', async () => {
    for (let round = 0; round < 8; round += 1) {
      const text = await card();
      const both = await Promise.all([show(text), show(text, { lane: 'desk-2', offer: 'entry-aa' })]);
      expect(both.map(({ body }) => body.verdict).toSorted()).toEqual(['check_by_hand', 'refused']);
    }
  });

  it('is a new visit once the clerk has declined or taken it back: paper cannot draw a fresh code', async () => {
    const text = await card();
    const first = (await show(text)).body;
    await gate.lane.post(`/v1/verifications/${first.id}/decisions`, { decision: 'declined' });
    const second = (await show(text)).body;
    expect(second).toMatchObject({ verdict: 'check_by_hand', repeat: false });
    await gate.manager.post(`/v1/verifications/${second.id}/void`, { reason: 'wrong button' });
    expect((await show(text)).body).toMatchObject({ verdict: 'check_by_hand', repeat: false });
    const late = await gate.lane.post<Verdict>(`/v1/verifications/${second.id}/decisions`, { decision: 'accepted' });
    expect(late.body.code).toBe('VERIFICATION_VOIDED');
  });

  it('comes back in within the minutes of the offer, once a clerk has let it in', async () => {
    const text = await card();
    const first = (await show(text, { offer: 'reentry-aa' })).body;
    world.clock.set(NOW + 300);
    expect((await show(text, { offer: 'reentry-aa' })).body.verdict).toBe('already_used');
    await gate.lane.post(`/v1/verifications/${first.id}/decisions`, { decision: 'accepted' });
    expect((await show(text, { offer: 'reentry-aa' })).body.verdict).toBe('check_by_hand');
    world.clock.set(NOW);
  });

  it('opens no offer of another partner, nor tells how it stands (OFFER_UNKNOWN)', async () => {
    for (const offer of ['coupon-aa', 'nothing'])
      expect((await show(await card(), { offer })).body.code).toBe('OFFER_UNKNOWN');
  });

  it('takes an offer that the clerk names, and no request without (BODY_INVALID)', async () => {
    const qr = encodePresentationQr(await card(), 'QR.EXAMPLE');
    for (const presentation of [
      { way: 'card', qr },
      { way: 'rotating_qr', qr, offer: 'free-aa' },
      { way: 'voucher', qr, offer: 'free-aa' },
    ])
      expect(
        (await gate.lane.post<Verdict>('/v1/verifications', { site: 'spot-east', lane: 'desk', presentation })).body
          .code,
      ).toBe('BODY_INVALID');
  });
});
