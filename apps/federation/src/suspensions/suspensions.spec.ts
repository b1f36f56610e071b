import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource, type EntityManager } from 'typeorm';
import { headDigest, nextHead, signHead } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { AuditRecordEntity } from '#libs/staff';
import { describeWithNats, waitFor } from '#libs/testing';
import { connect } from '@nats-io/transport-node';
import { HEAD_PUBLISHED } from '#libs/messaging';
import { expectStatus, FederationDesk, NOW } from '../../../../test/federation/federation-desk.js';
import { HeadEntity } from '../heads/head.entity.js';
import { PublishedHeads } from '../heads/published-heads.js';
import { SuspensionEntity } from './suspension.entity.js';

describe('a suspension by one officer (design §4.4)', () => {
  let desk: FederationDesk;
  beforeAll(async () => {
    desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
    await desk.found();
  });
  afterAll(() => desk.close());

  it('is kept with officer and reason, and is to be reviewed', async () => {
    const digest = await desk.alliance.digestOf('offer', 'rugao-half-a');
    const made = expectStatus(await desk.suspend(digest, 'the price on the sign is another'), 201);
    expect(made.body).toEqual({
      digest,
      reason: 'the price on the sign is another',
      officer: 'officer',
      organisation: 'officer-1',
      suspendedAt: NOW,
      review: 'open',
    });
    const listed = await desk.getAs('auditor', '/v1/admin/suspensions');
    expect(listed.body['suspensions']).toEqual([made.body]);
    const records = await desk.running.app
      .get(DataSource)
      .manager.findBy(AuditRecordEntity, { action: 'document.suspended' });
    expect(records).toMatchObject([{ actor: 'officer', target: digest }]);
  });

  it('made twice is one suspension and one head', async () => {
    const digest = await desk.alliance.digestOf('offer', 'rugao-half-a');
    const { seq } = await desk.trust();
    const again = expectStatus(await desk.suspend(digest, 'another reason'), 201);
    expect(again.body['reason']).toBe('the price on the sign is another');
    expect((await desk.trust()).seq).toBe(seq);
  });

  it('of a member makes its keys, and what rests on them, say nothing', async () => {
    expectStatus(await desk.suspend(await desk.alliance.digestOf('member', 'https://rongcheng.example')), 201);
    const trust = await desk.trust();
    expect(trust.key(desk.alliance.keys.member('https://rongcheng.example').attest.kid)?.suspended).toBe(true);
    const { body } = await desk.get('/v1/equivalence?scheme=rongcheng&grade=AA');
    expect(body).toMatchObject({ band: null, reason: 'suspended' });
  });

  it('ends by a round of two organisations, which the record names', async () => {
    const digest = await desk.alliance.digestOf('member', 'https://rongcheng.example');
    const round = await desk.adopt([digest]);
    const { body } = await desk.getAs('auditor', '/v1/admin/suspensions');
    expect(body['suspensions']).toMatchObject([
      { digest, review: 'lifted', liftedAt: NOW, liftedByRound: round.body.digest },
      { review: 'open' },
    ]);
    expect((await desk.trust()).member('https://rongcheng.example')?.suspended).toBe(false);
    expect((await desk.trust()).offer('rugao-half-a')?.suspended).toBe(true);
  });

  it('can be made again after it was lifted', async () => {
    const digest = await desk.alliance.digestOf('member', 'https://rongcheng.example');
    expectStatus(await desk.suspend(digest), 201);
    expect((await desk.trust()).suspended.has(digest)).toBe(true);
  });

  it('is refused for what is not published, without a reason, and for a digest that is none', async () => {
    const unknown = await desk.suspend('A'.repeat(43));
    expect(unknown).toMatchObject({ status: 409, body: { code: 'DOCUMENT_NOT_PUBLISHED' } });
    expect(await desk.suspend('A'.repeat(43), '')).toMatchObject({ status: 400, body: { code: 'BODY_INVALID' } });
    expect(await desk.suspend('none')).toMatchObject({ status: 400, body: { code: 'BODY_INVALID' } });
  });
});

describe('a suspension outlives the version that it was made for (design §4.4: it must be reviewed)', () => {
  let desk: FederationDesk;
  beforeAll(async () => {
    desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
    await desk.found();
  });
  afterAll(() => desk.close());

  /** The open ones. */
  async function underReview(): Promise<readonly string[]> {
    const { body } = await desk.getAs('auditor', '/v1/admin/suspensions');
    const all = body['suspensions'] as readonly { readonly digest: string; readonly review: string }[];
    return all.filter(({ review }) => review === 'open').map(({ digest }) => digest);
  }

  it('of an offer: the next version, and the one after, are suspended until a round names one of them', async () => {
    const [offer] = desk.alliance.plan.offers;
    const first = await desk.alliance.digestOf('offer', offer!.id);
    expectStatus(await desk.suspend(first, 'sold out'), 201);
    for (const version of [2, 3]) {
      const { body } = expectStatus(
        await desk.file('offer', { ...offer!, version, title: { zh: `第${version}版` } }),
        201,
      );
      await desk.adopt();
      const held = (await desk.trust()).offer(offer!.id);
      expect(held).toMatchObject({ digest: body.digest, suspended: true, payload: { version } });
    }
    const third = (await desk.trust()).offer(offer!.id)!.digest;
    const { body } = await desk.getAs('auditor', '/v1/admin/suspensions');
    expect(body['suspensions']).toMatchObject([{ digest: third, reason: 'sold out', officer: 'officer' }, {}, {}]);
    await desk.adopt([third]);
    expect((await desk.trust()).offer(offer!.id)).toMatchObject({ suspended: false });
    expect(await underReview()).toEqual([]);
    expectStatus(await desk.file('offer', { ...offer!, version: 4 }), 201);
    await desk.adopt();
    expect((await desk.trust()).offer(offer!.id)).toMatchObject({ suspended: false, payload: { version: 4 } });
  });

  it.each(['the version before', 'the new one'])(
    'of a partner or member: ends by the very round, by naming %s',
    async (which) => {
      const partner = desk.alliance.plan.partners[0]!;
      const member = desk.alliance.plan.members[0]!;
      const held = await desk.trust();
      const before = [held.partner(partner.id)!, held.member(member.id)!];
      for (const { digest } of before) expectStatus(await desk.suspend(digest), 201);
      await desk.adopt();
      const version = before[0]!.payload.version + 1;
      // The partner's host county is another: its own documents still have their signer.
      const filed = [
        expectStatus(await desk.file('partner', { ...partner, version }), 201),
        expectStatus(await desk.file('member', { ...member, version }), 201),
      ].map(({ body }) => body.digest);
      const lift = which === 'the new one' ? filed : before.map(({ digest }) => digest);
      await desk.adopt(lift);
      const next = await desk.trust(held);
      expect([next.partner(partner.id), next.member(member.id)]).toMatchObject(
        filed.map((digest) => ({ digest, suspended: false })),
      );
      expect(await underReview()).toEqual([]);
    },
  );

  it('of a table: each version that stands is lifted by itself', async () => {
    const [table] = desk.alliance.plan.tables;
    const first = await desk.alliance.digestOf('table', table!.id);
    expectStatus(await desk.suspend(first), 201);
    const file = (version: number, effectiveFrom: string) =>
      desk.file('table', { ...table!, id: `rongcheng-table-${version}`, version, effectiveFrom });
    const second = expectStatus(await file(2, '2027-01-01'), 201).body.digest;
    await desk.adopt();
    const versions = async () =>
      (await desk.trust()).tableVersions('rongcheng', table!.scheme.fingerprint).map(({ suspended }) => suspended);
    expect(await versions()).toEqual([true, true]);
    await desk.adopt([second]);
    expect(await versions()).toEqual([true, false]);
    expectStatus(await file(3, '2027-02-01'), 201);
    await desk.adopt();
    expect(await versions()).toEqual([true, false, false]);
    expect(await underReview()).toEqual([first]);
  });

  it('of another document is not lifted by the way', async () => {
    const [offer] = desk.alliance.plan.offers;
    const answer = await desk.post(
      '/v1/admin/rounds',
      { lift: [(await desk.trust()).offer(offer!.id)!.digest] },
      'officer',
    );
    expect(answer.body.code).toBe('NOT_SUSPENDED');
  });
});

describe('more suspensions than a head can name (design §4.4: narrowing is never held up)', () => {
  const HOST = 'https://rugao.example';
  let desk: FederationDesk;
  let manager: EntityManager;
  beforeAll(async () => {
    desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
    await desk.found();
    ({ manager } = desk.running.app.get(DataSource));
  });
  afterAll(() => desk.close());

  const digestNo = (index: number): string => `${String(index).padStart(42, 'u')}A`;
  const offer = (id: string) => desk.alliance.digestOf('offer', id);
  const named = async (): Promise<readonly string[]> => [...(await desk.trust()).suspended].toSorted();

  /** A head by the online key that names so many documents nobody knows, kept as the federation keeps its own. */
  async function publishHeadNaming(count: number): Promise<void> {
    const held = await desk.trust();
    const suspend = Array.from({ length: count }, (_, index) => digestNo(index));
    const plan = { now: desk.clock.now(), lifetimeSeconds: 86_400, suspend };
    const { epoch, seq, iat, exp, ...rest } = nextHead(held.roundPayload, held, plan);
    const jws = await signHead({ epoch, seq, iat, exp, ...rest }, desk.alliance.keys.online, nodeCrypto);
    const digest = await headDigest(jws, nodeCrypto);
    const { roundDigest } = held;
    await manager.insert(HeadEntity, { epoch, seq, iat, exp, jws, digest, roundDigest, cause: 'suspension' });
    const latest = await desk.running.app.get(PublishedHeads, { strict: false }).latest();
    expect(latest?.digest).toBe(digest);
  }

  /** Puts versions of a document on record that are all suspended. */
  async function copySuspended(digest: string, count: number, state: 'published' | 'superseded'): Promise<void> {
    const copy = `SELECT rpad($2, 37, 'c') || to_char(copied, 'FM000000') AS copy, copied, d.*
      FROM document d, generate_series(1, $3::integer) AS copied WHERE d.digest = $1`;
    const parameters = [digest, state, count];
    await manager.query(
      `INSERT INTO document SELECT copy, type, subject_id, 'copies ' || $2, copied, effective_from, payload, $2,
        filed_at, filed_by, submitted_at, completed_at, published_at FROM (${copy}) AS copies`,
      parameters,
    );
    await manager.query(
      `INSERT INTO document_signature SELECT copy, s.kid, s.organisation, s.role, s.jws, s.received_at, s.received_by
      FROM (${copy}) AS copies JOIN document_signature s USING (digest)`,
      parameters,
    );
    await manager.query(
      `INSERT INTO suspension (digest, reason, officer, organisation, suspended_at, review)
      SELECT copy, 'sold out', 'officer', 'officer-1', filed_at, 'open' FROM (${copy}) AS copies`,
      parameters,
    );
  }

  it('of versions long gone hold up none: what is not published is not named', async () => {
    await copySuspended(await offer('rugao-free-aa'), 5_001, 'superseded');
    expectStatus(await desk.suspend(await offer('rugao-half-a')), 201);
    expect(await named()).toEqual([await offer('rugao-half-a')]);
    await desk.adopt();
    expect(await named()).toEqual([await offer('rugao-half-a')]);
  });

  it('are folded under what they rest on, and come back when that is lifted', async () => {
    const [half, free] = [await offer('rugao-half-a'), await offer('rugao-free-aa')];
    const host = await desk.alliance.digestOf('member', HOST);
    expectStatus(await desk.suspend(host), 201);
    // Within a round a head names all that one before it has named.
    expect(await named()).toEqual([half, host].toSorted());
    expectStatus(await desk.suspend(free), 201);
    expect(await named()).toEqual([half, host].toSorted());
    await desk.adopt();
    expect(await named()).toEqual([host]);
    const trust = await desk.trust();
    expect([trust.offer('rugao-half-a'), trust.offer('rugao-free-aa')]).toMatchObject([
      { suspended: true },
      { suspended: true },
    ]);
    await desk.adopt([host]);
    expect(await named()).toEqual([half, free].toSorted());
    await desk.adopt([half, free]);
    expect(await named()).toEqual([]);
  });

  it('are refused with a code and nothing is kept, while a member or agreement can still be suspended', async () => {
    const { documents } = await desk.trust();
    const first = [...documents.values()].filter(({ type }) => ['member', 'agreement'].includes(type));
    await publishHeadNaming(10_000 - first.length);
    const count = await manager.count(SuspensionEntity);
    const { seq } = await desk.trust();
    const refused = await desk.suspend(await offer('rugao-half-a'));
    expect(refused).toMatchObject({ status: 409, body: { code: 'SUSPENSIONS_FULL' } });
    expect([await manager.count(SuspensionEntity), (await desk.trust()).seq]).toEqual([count, seq]);
    for (const { digest } of first) expectStatus(await desk.suspend(digest), 201);
    const trust = await desk.trust();
    expect(trust.suspended.size).toBe(10_000);
    expect([...trust.documents.values()].every(({ suspended }) => suspended)).toBe(true);
    // What rests on a suspended member takes no room, and is on record all the same.
    expectStatus(await desk.suspend(await offer('rugao-half-a')), 201);
  });

  it('have room again after the next round', async () => {
    const first = (await named()).filter((digest) => !digest.startsWith('uuuu'));
    await desk.adopt(first);
    expect(await named()).toEqual([await offer('rugao-half-a')]);
    expectStatus(await desk.suspend(await offer('rugao-free-aa')), 201);
  });

  it('are refused in the draft of a round too, until what they rest on is suspended', async () => {
    const standing = await named();
    await copySuspended(await desk.alliance.digestOf('table', 'rongcheng-table-1'), 10_000, 'published');
    const refused = await desk.post('/v1/admin/rounds', {}, 'officer');
    expect(refused).toMatchObject({ status: 409, body: { code: 'SUSPENSIONS_FULL' } });
    const county = await desk.alliance.digestOf('member', 'https://rongcheng.example');
    expectStatus(await desk.suspend(county), 201);
    const { body } = expectStatus(await desk.post('/v1/admin/rounds', {}, 'officer'), 201);
    expect(body['suspended']).toEqual([county, ...standing].toSorted());
  });
});

describeWithNats('a new head', (nats) => {
  it('is hinted at on the bus after it is kept', async () => {
    const { username: token, host } = new URL(nats.url);
    const listener = await connect({ servers: host, token });
    const hints: unknown[] = [];
    listener.subscribe(HEAD_PUBLISHED, { callback: (_error, message) => void hints.push(message.json()) });
    await listener.flush();
    const desk = await FederationDesk.start({
      config: { foundedAt: '2025-12-01', bus: { kind: 'nats', url: nats.url } },
    });
    try {
      await desk.found();
      const hint = await waitFor(() => hints[0]);
      expect(JSON.stringify(hint)).toContain('"epoch":1');
      expect(JSON.stringify(hint)).toContain('"seq":2');
    } finally {
      await desk.close();
      await listener.close();
    }
  });
});
