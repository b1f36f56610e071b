import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentTyp, type SignedDocument } from '#libs/alliance';
import { type JsonObject, signCompactJws, signDetachedJws, type Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Bus, STATEMENT_SUBMIT } from '#libs/messaging';
import { generateTestKey } from '#libs/testing';
import { type Answer, expectStatus, FederationDesk, NOW } from '../../../../test/federation/federation-desk.js';

const RONGCHENG = 'https://rongcheng.example';
const RUGAO = 'https://rugao.example';
const TYP = 'xinqiao-statement+jwt';
let desk: FederationDesk;
let statementKey: Signer;
let scheme: SignedDocument;
let declaration: JsonObject;

beforeAll(async () => {
  desk = await FederationDesk.start({
    config: { foundedAt: '2025-12-01', bus: { kind: 'tcp', host: '127.0.0.1', port: 0 } },
  });
  statementKey = desk.alliance.keys.member(RONGCHENG).statement;
  scheme = await desk.alliance.sign('scheme', desk.alliance.plan.schemes[0]!);
  declaration = { kind: 'scheme-declaration', body: { payload: scheme.payload, signature: scheme.signatures[0] } };
});
afterAll(() => desk.close());

/** A statement of 荣成 unless told otherwise. */
async function statement(claims: JsonObject, signer: Signer = statementKey, typ = TYP): Promise<string> {
  return signCompactJws(typ, { iss: RONGCHENG, iat: NOW, ...claims }, signer, nodeCrypto);
}

async function submit(claims: JsonObject, signer?: Signer, typ?: string): Promise<Answer> {
  return desk.post('/v1/statements', { jws: await statement(claims, signer, typ) });
}

describe('a statement of a county', () => {
  it('is to be sent again while the alliance does not know the county, or the document, yet', async () => {
    const early = { status: 404, body: { code: 'STATEMENT_NOT_YET' } };
    expect(await submit({ jti: 'declare-1', ...declaration })).toMatchObject(early);
    expectStatus(await desk.install(1), 201);
    expect(await submit({ jti: 'declare-1', ...declaration })).toMatchObject(early);
    for (const member of desk.alliance.plan.members) expectStatus(await desk.file('member', member), 201);
    const unknown = { kind: 'document-signature', body: { digest: 'A'.repeat(43), signature: 'a..b' } };
    expect(await submit({ jti: 'sign-0', ...unknown })).toMatchObject(early);
  });

  it('declares a scheme, which then lacks one officer only', async () => {
    const digest = await desk.alliance.digestOf('scheme', 'rongcheng');
    const answer = expectStatus(await submit({ jti: 'declare-1', ...declaration }), 200);
    expect(answer.body).toEqual({ accepted: true, digest });
    const { body } = await desk.getAs('officer', `/v1/admin/documents/${digest}`);
    expect(body).toMatchObject({ state: 'submitted', type: 'scheme' });
    expect(body.missing).toEqual([{ role: 'officer', otherThan: [RONGCHENG] }]);
    const route = `/v1/admin/documents/${digest}`;
    const signed = await desk.sign(route, body.payload, 'scheme', desk.alliance.keys.officers[0]);
    expect(signed.body.state).toBe('complete');
  });

  it('comes as often as it likes, and gets the same answer', async () => {
    const digest = await desk.alliance.digestOf('scheme', 'rongcheng');
    for (let times = 0; times < 3; times += 1)
      expect((await submit({ jti: 'declare-1', ...declaration })).body).toEqual({ accepted: true, digest });
    // The same said again under another name is no harm either.
    expect((await submit({ jti: 'declare-2', ...declaration })).body).toEqual({ accepted: true, digest });
  });

  it('means one thing under one identifier', async () => {
    const answer = await submit({ jti: 'declare-1', iat: NOW + 1, ...declaration });
    expect(answer.body).toEqual({ accepted: false, code: 'STATEMENT_REUSED' });
  });

  it('adds its own signature to a table, over the bus as over HTTPS', async () => {
    const table = await desk.alliance.sign('table', desk.alliance.plan.tables[0]!);
    const [county, ...officers] = table.signatures;
    const filed = await desk.fileSigned({ payload: table.payload, signatures: officers });
    expect(filed.body.missing).toEqual([{ role: 'owner', organisation: RONGCHENG }]);
    const { digest } = filed.body;
    const jws = await statement({
      jti: 'sign-1',
      kind: 'document-signature',
      body: { digest, signature: county },
    });
    const bus = new Bus(desk.running.bus);
    try {
      expect(await bus.request(STATEMENT_SUBMIT, { id: 'x', jws }, 5_000)).toEqual({ accepted: true, digest });
      const nonsense = { accepted: false, code: 'STATEMENT_REFUSED' };
      for (const request of [{ jws: 7 }, {}, { jws: 'x' }])
        expect(await bus.request(STATEMENT_SUBMIT, request, 5_000)).toEqual(nonsense);
      const early = { kind: 'document-signature', body: { digest: 'B'.repeat(43), signature: 'a..b' } };
      const again = bus.request(STATEMENT_SUBMIT, { jws: await statement({ jti: 'sign-9', ...early }) }, 5_000);
      await expect(again).rejects.toMatchObject({ code: 'BUS_REQUEST_FAILED' });
    } finally {
      await bus.close();
    }
    expect((await desk.post('/v1/statements', { jws, id: 'x' })).body).toEqual({ accepted: true, digest });
    expect((await desk.getAs('officer', `/v1/admin/documents/${digest}`)).body.state).toBe('complete');
  });

  it('brings nobody else’s signature, and declares nobody else’s scheme', async () => {
    const member = await desk.alliance.sign('member', { ...desk.alliance.plan.members[1]!, version: 2 });
    const filed = await desk.fileSigned({ payload: member.payload, signatures: [] });
    const signature = member.signatures[0];
    const { digest } = filed.body;
    const officers = await submit({ jti: 'a', kind: 'document-signature', body: { digest, signature } });
    expect(officers.body).toEqual({ accepted: false, code: 'SIGNER_UNKNOWN' });
    expect((await desk.getAs('officer', `/v1/admin/documents/${digest}`)).body['signatures']).toEqual([]);
    const rugao = desk.alliance.keys.member(RUGAO).statement;
    const others = await submit({ jti: 'b', iss: RUGAO, ...declaration }, rugao);
    expect(others.body).toEqual({ accepted: false, code: 'STATEMENT_REFUSED' });
  });

  it('counts only under the county’s own statement key, of its own type and time', async () => {
    const { keys } = desk.alliance;
    const refused = { status: 200, body: { accepted: false, code: 'STATEMENT_REFUSED' } };
    const claims = { jti: 'c', ...declaration };
    for (const signer of [
      keys.member(RUGAO).statement,
      keys.member(RONGCHENG).attest,
      keys.officers[0],
      { key: (await generateTestKey()).key, kid: statementKey.kid },
    ])
      expect(await submit(claims, signer)).toMatchObject(refused);
    expect(await submit(claims, statementKey, 'jwt')).toMatchObject(refused);
    expect(await submit({ ...claims, iat: NOW + 301 })).toMatchObject(refused);
    expect(await submit({ ...claims, iat: NOW + 300 })).toMatchObject({ body: { accepted: true } });
  });

  it('has exactly its members', async () => {
    const body = declaration['body'] as JsonObject;
    for (const claims of [
      { jti: 'd', ...declaration, more: 1 },
      { jti: 'd', kind: 'scheme-declaration', body: { ...body, more: 1 } },
      { jti: 'd', kind: 'document-signature', body },
      { jti: 'd', kind: 'other', body },
      { jti: '', ...declaration },
      { ...declaration },
      { jti: 'd', ...declaration, iat: 'now' },
      { jti: 'd', kind: 'scheme-declaration', body: { payload: 'e30', signature: 'a..b' } },
    ])
      expect((await submit(claims)).body).toEqual({ accepted: false, code: 'STATEMENT_REFUSED' });
    for (const request of [{}, { jws: 7 }, { jws: 'x', more: 1 }])
      expect(await desk.post('/v1/statements', request)).toMatchObject({ status: 400, body: { code: 'BODY_INVALID' } });
  });

  it('is refused for good when its signature is not one over the document', async () => {
    const other = await signDetachedJws(documentTyp('scheme'), 'e30', statementKey, nodeCrypto);
    const body = { digest: await desk.alliance.digestOf('scheme', 'rongcheng'), signature: other };
    const answer = await submit({ jti: 'e', kind: 'document-signature', body });
    expect(answer.body).toEqual({ accepted: false, code: 'SIGNATURE_REFUSED' });
  });

  it('of a suspended county is not heard', async () => {
    await desk.adopt();
    expectStatus(await desk.suspend(await desk.alliance.digestOf('member', RONGCHENG)), 201);
    expect((await submit({ jti: 'f', ...declaration })).body).toEqual({ accepted: false, code: 'STATEMENT_REFUSED' });
  });
});
