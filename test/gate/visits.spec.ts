import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client as PgClient } from 'pg';
import { COUNTY, flipSignature, generateTestKey, waitFor } from '#libs/testing';
import { encodePresentationQr } from '#libs/attestation';
import { gateWorld, NOW, TODAY, type GateWorld, type TestGate, type Verdict } from './gate-world.js';

let world: GateWorld;
let gate: TestGate;

beforeAll(async () => {
  world = await gateWorld();
  gate = await world.start();
});
afterAll(() => world.stop());

const scanned = async (qr: string, lane?: string, site?: string): Promise<Verdict> =>
  (await gate.scan(qr, lane, site)).body;

describe('a visitor shows a rotating QR (design §4.2)', () => {
  it('V01, V12, V13, V16: free once; the same code again is a repeat, on another lane refused; a fresh one is used', async () => {
    const proof = await world.proof();
    const qr = await world.qr(proof);
    const first = await scanned(qr);
    expect(first).toMatchObject({
      verdict: 'granted',
      repeat: false,
      effect: { kind: 'free' },
      grant: { offer: 'free-aa', band: 'AA', issuer: { id: COUNTY, name: '荣成' }, price: { totalFen: 0 } },
    });
    expect(first.receipt).toBe(first.id);
    expect(await scanned(qr, 'lane-2')).toMatchObject({ verdict: 'refused' });
    expect(await scanned(qr)).toEqual({ ...first, repeat: true });
    const mangled = encodePresentationQr(flipSignature(await world.show(proof, { nonce: 'again' })), 'QR.EXAMPLE');
    expect(await scanned(mangled)).toMatchObject({ verdict: 'already_used' });
    expect(await scanned(await world.qr(proof))).toMatchObject({ verdict: 'already_used', repeat: false });
  });

  it('takes a flipped ECDSA signature for the same code (design §4)', async () => {
    const shown = await world.show(await world.proof());
    const first = await scanned(encodePresentationQr(shown, 'QR.EXAMPLE'));
    expect(first.verdict).toBe('granted');
    expect(await scanned(encodePresentationQr(flipSignature(shown), 'QR.EXAMPLE'))).toEqual({ ...first, repeat: true });
  });

  it('repeats nothing to a code whose signature is broken, though it says the same', async () => {
    const shown = await world.show(await world.proof());
    expect((await scanned(encodePresentationQr(shown, 'QR.EXAMPLE'))).verdict).toBe('granted');
    const broken = shown.slice(0, -20) + 'A'.repeat(20);
    expect(await scanned(encodePresentationQr(broken, 'QR.EXAMPLE'))).toMatchObject({
      verdict: 'refused',
      repeat: false,
    });
  });

  it('V02, V03: half for A; threshold A opens no offer for AA', async () => {
    const proof = await world.proof({ grade: 'A' });
    const half = await gate.lane.post<Verdict>('/v1/verifications', {
      site: 'spot-east',
      lane: 'lane-1',
      presentation: { way: 'rotating_qr', qr: await world.qr(proof, { threshold: 'A', offer: 'half-a' }) },
      party: { adults: 2, children: 1, seniors: 1 },
    });
    // Two adults at half of 80, a child at its statutory and half price alike 20 off public 40 → 20, a senior at 40.
    expect(half.body).toMatchObject({
      verdict: 'granted',
      grant: { price: { totalFen: 14_000, publicTotalFen: 28_000 } },
    });
    const free = await scanned(await world.qr(proof, { threshold: 'A' }));
    expect(Object.keys(free).toSorted()).toEqual(['id', 'repeat', 'verdict']);
    expect(free.verdict).toBe('no_proof');
  });

  it('answers lower, foreign, undeclared, unknown and unreadable with the one same code (design §1.3)', async () => {
    const stranger = await generateTestKey();
    const [proof, undeclared, unknown, elsewhere] = [
      await world.proof(),
      await world.proof({ fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' }),
      await world.proof({ signer: stranger }),
      await world.proof({ partner: 'shop' }),
    ];
    const shown = [
      await world.qr(proof, { offer: 'foreign-aa' }),
      await world.qr(proof, { offer: 'no-such-offer' }),
      await world.qr(undeclared),
      await world.qr(unknown),
      await world.qr(elsewhere),
      'HTTPS://QR.EXAMPLE/#ABC',
      '',
      'not a code',
    ];
    for (const qr of shown) expect((await scanned(qr)).verdict).toBe('no_proof');
  });

  it('V11, V14, V15: forged is refused; too old, ahead of the clock or for another site is a retry', async () => {
    const { key } = await generateTestKey();
    const forged = await world.proof({ signer: { key, kid: world.alliance.keys.member(COUNTY).attest.kid } });
    expect(await scanned(await world.qr(forged))).toMatchObject({ verdict: 'refused' });
    const proof = await world.proof();
    expect(await scanned(await world.qr(proof, { iat: NOW - 61 }))).toMatchObject({ verdict: 'retry' });
    expect(await scanned(await world.qr(proof, { iat: NOW + 31 }))).toMatchObject({ verdict: 'retry' });
    expect(await scanned(await world.qr(proof, { audience: 'spot-west' }))).toMatchObject({ verdict: 'retry' });
    expect(await scanned(await world.qr(proof, { iat: NOW - 60 }))).toMatchObject({ verdict: 'granted' });
  });

  it('V17: what was revoked is no proof once the next list is fetched, and is one again when the county says so', async () => {
    const proof = await world.proof({ idx: 70_000 });
    world.upstream.asked.length = 0;
    await world.revoke(70_000);
    await waitFor(() => world.upstream.asked.filter((path) => path === '/s/1').length > 1);
    expect(await scanned(await world.qr(proof))).toMatchObject({ verdict: 'no_proof' });
    await world.revoke();
    world.upstream.asked.length = 0;
    await waitFor(() => world.upstream.asked.filter((path) => path === '/s/1').length > 1);
    expect(await scanned(await world.qr(proof))).toMatchObject({ verdict: 'granted' });
  });

  it('lets a holder back in within the minutes of the offer, free and uncounted', async () => {
    const proof = await world.proof();
    const enter = async (): Promise<Verdict> => scanned(await world.qr(proof, { offer: 'reentry-aa' }));
    expect((await enter()).verdict).toBe('granted');
    world.clock.advance(29 * 60);
    expect((await enter()).verdict).toBe('granted');
    world.clock.advance(2 * 60);
    expect((await enter()).verdict).toBe('already_used');
    world.clock.set(NOW);
    const { body } = await gate.manager.get<{ offers: readonly object[] }>(
      `/v1/daily-counts?day=${TODAY}&site=spot-east`,
    );
    expect(body.offers).toContainEqual(
      expect.objectContaining({ offer: 'reentry-aa', granted: 1, reentries: 1, net: 1 }),
    );
  });

  it('sells no more than the day has, however many come at once', async () => {
    const codes = await Promise.all(
      Array.from({ length: 8 }, async () => world.qr(await world.proof(), { offer: 'two-a-day' })),
    );
    const verdicts = (await Promise.all(codes.map((qr) => scanned(qr)))).map(({ verdict }) => verdict);
    expect(verdicts.toSorted()).toEqual(['granted', 'granted', ...Array.from({ length: 6 }, () => 'not_available')]);
  });
});

describe('one memory for all lanes and processes (design §4.2)', () => {
  it('grants one code once, with 20 in flight on two lanes of two processes', async () => {
    const other = await world.start();
    const qr = await world.qr(await world.proof());
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? gate : other).scan(qr, index % 4 < 2 ? 'lane-1' : 'lane-2'),
      ),
    );
    const granted = answers.filter(({ body }) => body.verdict === 'granted');
    expect(granted.filter(({ body }) => !body.repeat)).toHaveLength(1);
    expect(new Set(granted.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ body }) => body.verdict === 'refused')).toHaveLength(10);
    await other.close();
  });

  it('grants one use of many fresh codes of one holder', async () => {
    const proof = await world.proof();
    const codes = await Promise.all(Array.from({ length: 10 }, () => world.qr(proof)));
    const verdicts = (await Promise.all(codes.map((qr) => scanned(qr)))).map(({ verdict }) => verdict);
    expect(verdicts.filter((verdict) => verdict === 'granted')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === 'already_used')).toHaveLength(9);
  });

  it('answers 503 with a code while the database is jammed, and grants afterwards', async () => {
    const jam = new PgClient({ connectionString: world.database.url });
    await jam.connect();
    const qr = await world.qr(await world.proof());
    try {
      await jam.query('BEGIN');
      await jam.query('LOCK TABLE quota_use IN ACCESS EXCLUSIVE MODE');
      const { status, body } = await gate.scan(qr);
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'SITE_MEMORY_UNAVAILABLE' });
    } finally {
      await jam.end();
    }
    expect(await scanned(qr)).toMatchObject({ verdict: 'granted', repeat: false });
  });

  it('keeps no key, nonce or presentation, and nothing at all of a no_proof but a count', async () => {
    const proof = await world.proof({ grade: 'A' });
    const database = new PgClient({ connectionString: world.database.url });
    await database.connect();
    const dump = async (): Promise<string> => {
      const tables = ['verification', 'seen_proof', 'quota_use', 'verification_session'];
      const rows = await Promise.all(tables.map((table) => database.query(`SELECT * FROM ${table}`)));
      return JSON.stringify(rows.map((result) => result.rows as unknown));
    };
    const count = async (): Promise<number> => {
      const at = `/v1/daily-counts?day=${TODAY}&site=spot-east`;
      return (await gate.manager.get<{ noProof: number }>(at)).body.noProof;
    };
    try {
      const [before, counted] = [await dump(), await count()];
      expect(await scanned(await world.qr(proof, { threshold: 'A' }))).toMatchObject({ verdict: 'no_proof' });
      expect(await dump()).toBe(before);
      expect(await count()).toBe(counted + 1);
      const shown = await world.show(proof, { threshold: 'A', offer: 'half-a', nonce: 'a-nonce-of-this-test' });
      expect(await scanned(encodePresentationQr(shown, 'QR.EXAMPLE'))).toMatchObject({ verdict: 'granted' });
      const after = await dump();
      for (const secret of [proof.holderJwk.x, 'a-nonce-of-this-test', proof.issued.slice(0, 40), '王'])
        expect(after).not.toContain(secret);
    } finally {
      await database.end();
    }
  });
});

describe('where a document is compared (design §4.6)', () => {
  it('asks the clerk, shows whom to compare, and signs the decision once', async () => {
    const proof = await world.proof();
    const asked = await scanned(await world.qr(proof, { offer: 'document-aa', withPerson: true }));
    expect(asked).toMatchObject({ verdict: 'check_by_hand', person: { name: '王*', idLast4: '001X' } });
    const decide = (decision: string) =>
      gate.lane.post<{ code?: string }>(`/v1/verifications/${asked.id}/decisions`, { decision });
    const accepted = await decide('accepted');
    expect(accepted).toMatchObject({ status: 200, body: { id: asked.id, decision: 'accepted', decidedAt: NOW } });
    expect(await decide('accepted')).toEqual(accepted);
    expect((await decide('declined')).body.code).toBe('DECISION_MADE');
    expect(await scanned(await world.qr(proof, { offer: 'document-aa', withPerson: true }))).toMatchObject({
      verdict: 'already_used',
    });
  });

  it('frees the use when the clerk declines, and needs the person shown', async () => {
    const proof = await world.proof();
    const show = async (withPerson: boolean) => scanned(await world.qr(proof, { offer: 'document-aa', withPerson }));
    expect(await show(false)).toMatchObject({ verdict: 'no_proof' });
    const asked = await show(true);
    await gate.lane.post(`/v1/verifications/${asked.id}/decisions`, { decision: 'declined' });
    expect((await show(true)).verdict).toBe('check_by_hand');
    const voided = await gate.manager.post<{ code?: string }>(`/v1/verifications/${asked.id}/void`, { reason: 'x' });
    expect([voided.status, voided.body.code]).toEqual([409, 'VERIFICATION_DECLINED']);
  });

  it('leaves no decision to a clerk on a plain grant', async () => {
    const { id } = await scanned(await world.qr(await world.proof()));
    const answer = await gate.lane.post<{ code?: string }>(`/v1/verifications/${id}/decisions`, {
      decision: 'accepted',
    });
    expect([answer.status, answer.body.code]).toEqual([409, 'DECISION_NOT_ASKED']);
  });
});

describe('receipts and voids (design §4.6)', () => {
  it('keeps a signed receipt that replays to the same verdict, for auditors', async () => {
    const { id } = await scanned(await world.qr(await world.proof()));
    const { body } = await gate.auditor.get<{ receipt: string }>(`/v1/receipts/${id}`);
    const { keys } = (await gate.anyone.get<{ keys: readonly { partner: string; kid: string }[] }>('/v1/receipt-keys'))
      .body;
    const header = JSON.parse(Buffer.from(body.receipt.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    expect(keys.find(({ partner }) => partner === 'spot')?.kid).toBe(header.kid);
    const replay = await gate.auditor.post(`/v1/receipts/${id}/replay`, {});
    expect(replay.body).toMatchObject({ kind: 'replayed', verdict: 'granted', agrees: true });
    expect((await gate.lane.get(`/v1/receipts/${id}`)).status).toBe(403);
    expect((await gate.shop.get<Verdict>(`/v1/receipts/${id}`)).body.code).toBe('SITE_OUT_OF_SCOPE');
  });

  it('says which documents a replay lacks, and refuses a receipt that was tampered with', async () => {
    const { id } = await scanned(await world.qr(await world.proof()));
    const database = new PgClient({ connectionString: world.database.url });
    await database.connect();
    const offer = await world.alliance.digestOf('offer', 'free-aa');
    try {
      const kept = await database.query<{ payload: string }>(
        'SELECT payload FROM alliance_document WHERE digest = $1',
        [offer],
      );
      await database.query('UPDATE alliance_document SET payload = $2 WHERE digest = $1', [offer, 'e30']);
      const replay = await gate.auditor.post(`/v1/receipts/${id}/replay`, {});
      expect(replay.body).toEqual({ kind: 'documents_missing', digests: [offer] });
      await database.query('UPDATE alliance_document SET payload = $2 WHERE digest = $1', [
        offer,
        kept.rows[0]?.payload,
      ]);
      await database.query(`UPDATE verification SET receipt = overlay(receipt placing 'AAAA' from 200) WHERE id = $1`, [
        id,
      ]);
      const damaged = await gate.auditor.post<Verdict>(`/v1/receipts/${id}/replay`, {});
      expect([damaged.status, damaged.body.code]).toEqual([500, 'RECEIPT_DAMAGED']);
    } finally {
      await database.end();
    }
  });

  it('takes a grant back: frees the use, counts negative, signs once, and the old code stays spent', async () => {
    const proof = await world.proof();
    const net = async (): Promise<number> => {
      const at = `/v1/daily-counts?day=${TODAY}&site=spot-east`;
      const { body } = await gate.manager.get<{ offers: readonly { offer: string; net: number }[] }>(at);
      return body.offers.find(({ offer }) => offer === 'free-aa')?.net ?? 0;
    };
    const before = await net();
    const qr = await world.qr(proof);
    const { id } = await scanned(qr);
    expect(await net()).toBe(before + 1);
    const undo = () =>
      gate.manager.post<{ record: string }>(`/v1/verifications/${id}/void`, { reason: 'wrong visitor' });
    const voided = await undo();
    expect(voided).toMatchObject({ status: 200, body: { id, voidedAt: NOW } });
    expect(await undo()).toEqual(voided);
    expect(await net()).toBe(before);
    expect((await gate.auditor.get<{ voided: string }>(`/v1/receipts/${id}`)).body.voided).toBe(voided.body.record);
    expect(await scanned(qr)).toMatchObject({ verdict: 'refused' });
    expect(await scanned(await world.qr(proof))).toMatchObject({ verdict: 'granted' });
  });

  it('records who voided, and knows only its own verifications', async () => {
    const unknown = await gate.manager.post<Verdict>(`/v1/verifications/${crypto.randomUUID()}/void`, { reason: 'x' });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'NOT_FOUND']);
    const { id } = await scanned(await world.qr(await world.proof()));
    const foreign = await gate.shop.post<Verdict>(`/v1/verifications/${id}/void`, { reason: 'x' });
    expect(foreign.body.code).toBe('SITE_OUT_OF_SCOPE');
    await gate.manager.post(`/v1/verifications/${id}/void`, { reason: 'x' });
    const database = new PgClient({ connectionString: world.database.url });
    await database.connect();
    const audit = await database.query('SELECT actor, action FROM audit_record WHERE target = $1', [id]);
    await database.end();
    expect(audit.rows).toEqual([{ actor: 'manager', action: 'verification.voided' }]);
  });
});

describe('bad input at the verification route', () => {
  const good = { site: 'spot-east', lane: 'lane-1', presentation: { way: 'rotating_qr', qr: 'x' } };

  it.each([
    ['an unknown site', { ...good, site: 'nowhere' }, 404, 'SITE_UNKNOWN'],
    ['an unknown lane', { ...good, lane: 'lane-9' }, 404, 'LANE_UNKNOWN'],
    ['an unknown field', { ...good, grade: 'AA' }, 400, 'BODY_INVALID'],
    ['an unknown way', { ...good, presentation: { way: 'screenshot', qr: 'x' } }, 400, 'BODY_INVALID'],
    ['a long code', { ...good, presentation: { way: 'rotating_qr', qr: 'x'.repeat(4_097) } }, 400, 'BODY_INVALID'],
    ['a negative party', { ...good, party: { adults: -1, children: 0, seniors: 0 } }, 400, 'BODY_INVALID'],
    ['an oversized body', { ...good, party: 'x'.repeat(70_000) }, 413, 'BODY_TOO_LARGE'],
  ])('refuses %s with a code', async (_what, body, status, code) => {
    const answer = await gate.manager.post<Verdict>('/v1/verifications', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses forms, strangers, other roles and other sites', async () => {
    const form = await fetch(`${gate.url}/v1/verifications`, {
      method: 'POST',
      body: new URLSearchParams({ site: 'x' }),
    });
    expect([form.status, ((await form.json()) as Verdict).code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
    expect((await gate.anyone.post('/v1/verifications', good)).status).toBe(401);
    expect((await gate.shop.post('/v1/verifications', good)).status).toBe(403);
    const west = await gate.lane.post<Verdict>('/v1/verifications', { ...good, site: 'spot-west' });
    expect([west.status, west.body.code]).toEqual([403, 'SITE_OUT_OF_SCOPE']);
    expect((await gate.manager.get('/v1/daily-counts?day=2026-02-30&site=spot-east')).status).toBe(400);
  });

  it('describes every route', async () => {
    const { body } = await gate.anyone.get<{ paths: Record<string, unknown> }>('/openapi.json');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        '/v1/verifications',
        '/v1/verifications/{id}/void',
        '/v1/verifications/{id}/decisions',
        '/v1/verification-sessions',
        '/v1/verification-sessions/{id}',
        '/v1/verification-sessions/{id}/request',
        '/v1/verification-sessions/{id}/response',
        '/v1/receipts/{id}',
        '/v1/receipts/{id}/replay',
        '/v1/receipt-keys',
        '/v1/coupons/{code}/redemptions',
        '/v1/daily-counts',
        '/v1/trust',
      ]),
    );
  });
});
