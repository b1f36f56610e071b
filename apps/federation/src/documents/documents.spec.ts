import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { generateTestKey, type TestKey } from '#libs/testing';
import { expectStatus, FederationDesk, jsonOf, NOW } from '../../../../test/federation/federation-desk.js';

const DAY = 86_400;
const RONGCHENG = 'https://rongcheng.example';
const RUGAO = 'https://rugao.example';
let desk: FederationDesk;
/** Of the first officer's organisation too. */
let colleague: TestKey;

beforeAll(async () => {
  desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
  colleague = await generateTestKey();
  const officers = [...desk.alliance.keys.officers, colleague].map(({ publicJwk }, index) => ({
    jwk: publicJwk,
    alg: 'ES256' as const,
    organisation: `officer-${(index % 3) + 1}`,
  }));
  expectStatus(await desk.install(1, { officers }), 201);
});
afterAll(() => desk.close());

function planned() {
  const { members, partners, schemes, agreements, tables, offers } = desk.alliance.plan;
  return {
    member: members[0]!,
    host: members[1]!,
    partner: partners[0]!,
    scheme: schemes[0]!,
    agreement: agreements[0]!,
    table: tables[0]!,
    offer: offers[0]!,
  };
}

async function post(payload: object, more: object = {}) {
  return desk.post('/v1/admin/documents', { payload, ...more }, 'registrar');
}

const officer = { role: 'officer', otherThan: [] };

describe('a document, from draft to complete (design §4.4)', () => {
  it('says whose signatures are missing, and is complete with the last of them', async () => {
    const { officers } = desk.alliance.keys;
    const filed = expectStatus(await post({ type: 'member', ...planned().member }), 201);
    expect(filed.body).toMatchObject({ type: 'member', id: RONGCHENG, version: 1, state: 'submitted' });
    expect(filed.body.missing).toEqual([officer, officer]);
    const route = `/v1/admin/documents/${filed.body.digest}`;
    const first = await desk.sign(route, filed.body.payload, 'member', officers[0]);
    expect(first.body.missing).toEqual([{ role: 'officer', otherThan: ['officer-1'] }]);
    const last = await desk.sign(route, filed.body.payload, 'member', officers[1]);
    expect(last.body).toMatchObject({ state: 'complete', missing: [] });
  });

  it('hands out the canonical bytes that are signed, whatever the order of members that came in', async () => {
    const { host } = planned();
    const backwards = Object.fromEntries(Object.entries({ type: 'member', ...host }).toReversed());
    const { body } = expectStatus(await post(backwards), 201);
    const signed = await desk.alliance.sign('member', host);
    expect(body).toMatchObject({ payload: signed.payload, digest: await desk.alliance.digestOf('member', RUGAO) });
    expect(jsonOf(body.payload)).toEqual({ type: 'member', ...host });
  });

  it('stays a draft until it is submitted, and takes no signature before', async () => {
    const { member } = planned();
    const draft = await post({ type: 'member', ...member, version: 7 }, { draft: true });
    expect(draft).toMatchObject({ status: 201, body: { state: 'draft' } });
    const route = `/v1/admin/documents/${draft.body.digest}`;
    const early = await desk.sign(route, draft.body.payload, 'member', desk.alliance.keys.officers[0]);
    expect(early).toMatchObject({ status: 409, body: { code: 'DOCUMENT_NOT_OPEN' } });
    expect((await desk.post(`${route}/submission`, {}, 'registrar')).body.state).toBe('submitted');
  });

  it('may come again: filing and signing twice change nothing', async () => {
    const signed = await desk.alliance.sign('member', planned().host);
    const once = expectStatus(await desk.fileSigned(signed), 201);
    const twice = expectStatus(await desk.fileSigned(signed), 201);
    expect(twice.body).toEqual(once.body);
    expect(once.body).toMatchObject({ state: 'complete', missing: [] });
    expect(once.body['signatures']).toHaveLength(2);
  });
});

describe('signatures', () => {
  it('of a partner come from its host county and one officer', async () => {
    const { partner } = planned();
    const filed = await post({ type: 'partner', ...partner });
    expect(filed.body.missing).toEqual([
      { role: 'owner', organisation: RUGAO },
      { role: 'officer', otherThan: [RUGAO] },
    ]);
    expect((await desk.file('partner', partner)).body.state).toBe('complete');
  });

  it('are refused from keys that have no say: another county, an attest key, the online key, a stranger', async () => {
    const { body } = await post({ type: 'scheme', ...planned().scheme });
    const { keys } = desk.alliance;
    const strangers = [
      keys.member(RUGAO).statement,
      keys.member(RONGCHENG).attest,
      keys.online,
      keys.partner('rugao-spot').statement,
      await generateTestKey(),
    ];
    for (const signer of strangers) {
      const answer = await desk.sign(`/v1/admin/documents/${body.digest}`, body.payload, 'scheme', signer);
      expect(answer).toMatchObject({ status: 422, body: { code: 'SIGNER_UNKNOWN' } });
    }
  });

  it('are refused over other bytes, of another type, or under a borrowed kid', async () => {
    const { body } = await post({ type: 'scheme', ...planned().scheme });
    const route = `/v1/admin/documents/${body.digest}`;
    const { statement } = desk.alliance.keys.member(RONGCHENG);
    const other = await desk.alliance.sign('scheme', { ...planned().scheme, name: { zh: '另一个' } });
    expect((await desk.sign(route, other.payload, 'scheme', statement)).body.code).toBe('SIGNATURE_REFUSED');
    expect((await desk.sign(route, body.payload, 'table', statement)).body.code).toBe('SIGNATURE_REFUSED');
    const borrowed = { key: (await generateTestKey()).key, kid: statement.kid };
    expect((await desk.sign(route, body.payload, 'scheme', borrowed)).body.code).toBe('SIGNATURE_REFUSED');
  });

  it('of a second officer of one organisation are not needed, nor of a third organisation', async () => {
    const { officers } = desk.alliance.keys;
    const filed = await post({ type: 'member', ...planned().member, version: 8 });
    const route = `/v1/admin/documents/${filed.body.digest}`;
    const { payload } = filed.body;
    expectStatus(await desk.sign(route, payload, 'member', officers[0]), 200);
    expect((await desk.sign(route, payload, 'member', colleague)).body.code).toBe('SIGNATURE_NOT_NEEDED');
    expectStatus(await desk.sign(route, payload, 'member', officers[1]), 200);
    expect((await desk.sign(route, payload, 'member', officers[2])).body.code).toBe('SIGNATURE_NOT_NEEDED');
  });
});

describe('what may not be submitted', () => {
  it('has not exactly the form of its type', async () => {
    const { member } = planned();
    for (const payload of [
      { type: 'member', ...member, colour: 'red' },
      { type: 'member', ...member, version: '1' },
      { type: 'shop', ...member },
      member,
      {},
    ]) {
      expect(await post(payload)).toMatchObject({ status: 422, body: { code: 'DOCUMENT_INVALID' } });
    }
    const delegation = jsonOf((await desk.delegation(2)).payload);
    expect((await post(delegation as object)).body.fields).toEqual([
      { path: '/payload', message: 'DOCUMENT_TYPE_WRONG' },
    ]);
  });

  it('refers to something that is not complete here', async () => {
    const { partner, scheme, agreement, offer, table } = planned();
    const cases = [
      [{ type: 'partner', ...partner, version: 2, hostCounty: 'https://nowhere.example' }, '/hostCounty'],
      [{ type: 'scheme', ...scheme, id: 'other', member: 'https://nowhere.example' }, '/member'],
      // The scheme is filed, but nobody has signed it.
      [{ type: 'agreement', ...agreement }, '/schemes/0'],
      [{ type: 'table', ...table }, '/scheme'],
      [{ type: 'offer', ...offer }, '/agreement'],
    ] as const;
    for (const [payload, path] of cases) {
      const answer = await post(payload);
      expect(answer).toMatchObject({ status: 422, body: { code: 'DOCUMENT_REFERENCE_MISSING' } });
      expect(answer.body.fields?.map((field) => field.path)).toEqual([path]);
    }
  });

  it('is a scheme of another member', async () => {
    expectStatus(await desk.file('scheme', planned().scheme), 201);
    const claimed = { ...planned().scheme, member: RUGAO, fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' };
    expect((await post({ type: 'scheme', ...claimed })).body.code).toBe('SCHEME_OF_ANOTHER_MEMBER');
  });

  it('is an offer under an agreement that does not name its partner', async () => {
    const { agreement, offer } = planned();
    expectStatus(await desk.file('agreement', { ...agreement, id: 'without', partners: [] }), 201);
    const answer = await post({ type: 'offer', ...offer, agreement: 'without' });
    expect(answer.body).toMatchObject({ code: 'DOCUMENT_REFERENCE_MISSING', fields: [{ path: '/agreement' }] });
  });

  it('lists the status list of another member', async () => {
    const { member, host } = planned();
    const newcomer = { type: 'member', ...host, id: 'https://new.example', keys: [] };
    const statusLists = ['https://new.example/s/1', ...member.statusLists];
    expect(statusLists).toHaveLength(2);
    const answer = await post({ ...newcomer, statusLists });
    expect(answer).toMatchObject({ status: 422, body: { code: 'STATUS_LIST_SHARED' } });
    expect(answer.body.fields?.map(({ path }) => path)).toEqual(['/statusLists/1']);
    expectStatus(await post({ ...newcomer, statusLists: statusLists.slice(0, 1) }), 201);
    // Its own, in its own next version.
    expectStatus(await post({ type: 'member', ...member, version: 9 }), 201);
  });

  it('carries a key that has its purpose elsewhere already', async () => {
    const { member, host } = planned();
    const newcomer = { ...host, id: 'https://new.example', keys: member.keys.slice(1, 2) };
    const answer = await post({ type: 'member', ...newcomer });
    expect(answer.body).toMatchObject({ code: 'KEY_SHARED', fields: [{ path: '/keys/0' }] });
    const jwk = desk.alliance.keys.officers[2].publicJwk;
    const officers = { ...newcomer, keys: [{ jwk, alg: 'ES256', purpose: 'attest', status: 'active' }] };
    expect((await post({ type: 'member', ...officers })).body.code).toBe('KEY_SHARED');
  });

  it('is overtaken: the version, or a later one, is complete', async () => {
    const { member } = planned();
    const answer = await post({ type: 'member', ...member, version: 3, name: { zh: '旧' } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'DOCUMENT_OVERTAKEN' } });
    // Submitted while version 1 stood, and version 8 was completed meanwhile.
    const [seven] = (await desk.getAs('auditor', `/v1/admin/documents?id=${RONGCHENG}&state=submitted`)).body[
      'documents'
    ] as { digest: string; payload: string }[];
    const { officers } = desk.alliance.keys;
    const route = `/v1/admin/documents/${seven!.digest}`;
    expectStatus(await desk.sign(route, seven!.payload, 'member', officers[0]), 200);
    expect((await desk.sign(route, seven!.payload, 'member', officers[1])).body.code).toBe('DOCUMENT_OVERTAKEN');
    expect((await desk.getAs('officer', route)).body.state).toBe('submitted');
  });

  it('is a table that fails its lint; every fault is told', async () => {
    const { table } = planned();
    const bad = { ...table, version: 2, map: { AAA: 'A', AA: 'AA', Z: 'A' }, excluded: ['A', 'B', 'C'] };
    const answer = await post({ type: 'table', ...bad });
    expect(answer).toMatchObject({ status: 422, body: { code: 'LINT_FAILED' } });
    const codes = answer.body.fields?.map(({ message }) => message.split(':')[0]);
    expect(new Set(codes)).toEqual(new Set(['NOT_MONOTONE', 'GRADE_UNKNOWN', 'GRADE_NOT_COVERED', 'VERSION_NOT_NEXT']));
  });
});

describe('the notice of a table', () => {
  it('counts from the founding day until the first head, and from submission afterwards', async () => {
    const { table, agreement, offer } = planned();
    const founding = expectStatus(await desk.file('table', table), 201);
    expect(founding.body['submittedAt']).toBe(Date.parse('2025-12-01T00:00:00+08:00') / 1000);
    expectStatus(await desk.file('agreement', agreement), 201);
    expectStatus(await desk.file('offer', offer), 201);
    await desk.adopt();

    const dated = await desk.file('table', { ...table, version: 2 }, { submittedAt: NOW - 60 * DAY });
    expect(dated).toMatchObject({ status: 409, body: { code: 'FOUNDING_CLOSED' } });
    const widened = { ...table, version: 2, map: { AAA: 'AAA', AA: 'AAA', A: 'A' } as const };
    const early = await desk.file('table', { ...widened, effectiveFrom: '2026-11-27' });
    expect(early.body.fields?.[0]?.message).toMatch(/^NOTICE_TOO_SHORT/);
    const inTime = { ...widened, effectiveFrom: '2026-11-28' };
    expectStatus(await post({ type: 'table', ...inTime }), 201);
  });

  it('is none for a narrowing; in full after a suspended version, which maps nothing, also when it is suspended later', async () => {
    const { table } = planned();
    const { keys } = desk.alliance;
    const { officers } = keys;
    const narrowed = { map: { AAA: 'AA', AA: 'A' }, excluded: ['A', 'B', 'C', 'D'], effectiveFrom: '2026-11-21' };
    const { body } = expectStatus(await post({ type: 'table', ...table, version: 2, ...narrowed }), 201);
    const route = `/v1/admin/documents/${body.digest}`;
    expectStatus(await desk.sign(route, body.payload, 'table', keys.member(RONGCHENG).statement), 200);
    expectStatus(await desk.sign(route, body.payload, 'table', officers[0]), 200);

    const first = await desk.alliance.digestOf('table', table.id);
    expectStatus(await desk.suspend(first), 201);
    const last = await desk.sign(route, body.payload, 'table', officers[1]);
    expect(last).toMatchObject({ status: 422, body: { code: 'LINT_FAILED' } });
    expect(last.body.fields?.[0]?.message).toMatch(/^NOTICE_TOO_SHORT/);

    await desk.adopt([first]);
    expect((await desk.sign(route, body.payload, 'table', officers[1])).body.state).toBe('complete');
    await desk.adopt();
    expect((await desk.trust()).tableVersions('rongcheng', table.scheme.fingerprint)).toHaveLength(2);
  });
});

describe('the register', () => {
  it('shows a table as superseded from the day on which the next version starts', async () => {
    const states = async () => {
      const { body } = await desk.getAs('auditor', '/v1/admin/documents?type=table');
      return (body['documents'] as { version: number; state: string }[]).map(({ version, state }) => [version, state]);
    };
    const before = await states();
    expect(before).toContainEqual([1, 'published']);
    expect(before).toContainEqual([2, 'published']);
    await desk.wait(DAY);
    const after = await states();
    expect(after).toContainEqual([1, 'superseded']);
    expect(after).toContainEqual([2, 'published']);
    // The other version 2 was overtaken, and is kept as it was.
    expect(after).toContainEqual([2, 'submitted']);
  });

  it('supersedes an offer with its next version in the next round, and keeps it', async () => {
    const { offer } = planned();
    const digest = await desk.alliance.digestOf('offer', offer.id);
    expectStatus(await desk.file('offer', { ...offer, version: 2, band: 'AAA' }), 201);
    await desk.adopt();
    expect((await desk.trust()).offer(offer.id)?.payload).toMatchObject({ version: 2, band: 'AAA' });
    expect((await desk.getAs('auditor', `/v1/admin/documents/${digest}`)).body.state).toBe('superseded');
    expectStatus(await desk.get(`/v1/documents/${digest}`), 200);
    const late = await desk.sign(
      `/v1/admin/documents/${digest}`,
      (await desk.getAs('auditor', `/v1/admin/documents/${digest}`)).body.payload,
      'offer',
      desk.alliance.keys.partner('rugao-spot').statement,
    );
    expect(late.body.code).toBe('DOCUMENT_NOT_OPEN');
  });

  it('never forgets: the database itself refuses to delete or to rewrite', async () => {
    const database = desk.running.app.get(DataSource);
    for (const statement of [
      'DELETE FROM document',
      'TRUNCATE head CASCADE',
      "UPDATE head SET jws = ''",
      "UPDATE document SET payload = ''",
      'DELETE FROM round',
      'DELETE FROM suspension',
      'DELETE FROM document_signature',
    ])
      await expect(database.query(statement)).rejects.toMatchObject({ code: '23001' });
  });
});

describe('bad input', () => {
  it.each([
    ['malformed JSON', '{"payload":', 400, 'BODY_INVALID'],
    ['no payload', {}, 400, 'BODY_INVALID'],
    ['a payload that is a list', { payload: [] }, 400, 'BODY_INVALID'],
    ['an unknown field', { payload: {}, colour: 'red' }, 400, 'BODY_INVALID'],
    ['a signature with its payload', { payload: {}, signatures: ['a.b.c'] }, 400, 'BODY_INVALID'],
    ['too large a body', { payload: { type: 'x'.repeat(1_100_000) } }, 413, 'BODY_TOO_LARGE'],
  ])('%s is refused', async (_, body, status, code) => {
    expect(await desk.post('/v1/admin/documents', body, 'registrar')).toMatchObject({ status, body: { code } });
  });

  it('is a time of submission that is to come, or before a head a time that is none', async () => {
    const { member } = planned();
    const text = await post({ type: 'member', ...member }, { submittedAt: 'yesterday' });
    expect(text).toMatchObject({ status: 400, body: { code: 'BODY_INVALID' } });
  });

  it('is a caller without token or without the role', async () => {
    const payload = { type: 'member', ...planned().member };
    expect(await desk.post('/v1/admin/documents', { payload })).toMatchObject({ status: 401 });
    for (const [route, account] of [
      ['/v1/admin/documents', 'auditor'],
      ['/v1/admin/rounds', 'registrar'],
      ['/v1/admin/suspensions', 'registrar'],
      ['/v1/admin/delegations', 'registrar'],
    ] as const)
      expect(await desk.post(route, { payload }, account)).toMatchObject({
        status: 403,
        body: { code: 'STAFF_ROLE_MISSING' },
      });
  });

  it('is a digest that is none, or unknown', async () => {
    expect(await desk.getAs('auditor', '/v1/admin/documents/short')).toMatchObject({ status: 400 });
    expect(await desk.getAs('auditor', `/v1/admin/documents/${'A'.repeat(43)}`)).toMatchObject({ status: 404 });
    expect(await desk.getAs('auditor', '/v1/admin/documents?type=shop')).toMatchObject({ status: 400 });
  });
});
