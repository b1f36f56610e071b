import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { AuditRecordEntity } from '#libs/staff';
import { describeWithNats, waitFor } from '#libs/testing';
import { connect } from '@nats-io/transport-node';
import { HEAD_PUBLISHED } from '#libs/messaging';
import { expectStatus, FederationDesk, NOW } from '../../../../test/federation/federation-desk.js';

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
