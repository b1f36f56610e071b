import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DocumentType, documentTyp, type KeyStatus, type PayloadOf } from '#libs/alliance';
import { signCompactJws, signDetachedJws } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { generateTestKey, type TestKey } from '#libs/testing';
import { type Answer, expectStatus, FederationDesk, NOW } from '../../../../test/federation/federation-desk.js';

type Keys = PayloadOf['member' | 'partner']['keys'];

const RONGCHENG = 'https://rongcheng.example';
const RUGAO = 'https://rugao.example';
let desk: FederationDesk;
/** The county's statement key of the last version. */
let rongcheng: TestKey;
beforeAll(async () => {
  desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
  await desk.found();
});
afterAll(() => desk.close());

const statement = ({ publicJwk }: TestKey, status: KeyStatus): Keys => [
  { jwk: publicJwk, alg: 'ES256', purpose: 'statement', status },
];
const withoutStatement = (keys: Keys): Keys => keys.filter(({ purpose }) => purpose !== 'statement');

function fileMember(version: number, ...keys: readonly Keys[]): Promise<Answer> {
  const [member] = desk.alliance.plan.members;
  return desk.file('member', { ...member!, version, keys: [...withoutStatement(member!.keys), ...keys.flat()] });
}

/** One more signature of a document that is filed. */
async function sign(type: DocumentType, digest: string, signer: TestKey): Promise<Answer> {
  const route = `/v1/admin/documents/${digest}`;
  const { payload } = expectStatus(await desk.getAs('auditor', route), 200).body;
  return desk.sign(route, payload, type, signer);
}

/** The digests of what the county's statement key signs. */
const rongchengs = async () =>
  [
    await desk.alliance.digestOf('scheme', 'rongcheng'),
    await desk.alliance.digestOf('table', 'rongcheng-table-1'),
  ] as const;

const naming = (...digests: readonly string[]) => ({
  status: 409,
  body: {
    code: 'KEY_STILL_NEEDED',
    fields: digests.toSorted().map((digest) => ({ path: `/documents/${digest}`, message: expect.any(String) })),
  },
});

describe('a key that is left out while documents rest on it', () => {
  it('holds up its own version, at the last signature and no round, until each of them is signed again', async () => {
    const { keys, plan } = desk.alliance;
    const old = keys.member(RONGCHENG).statement;
    const fresh = await generateTestKey();
    const [scheme, table] = await rongchengs();
    expectStatus(await fileMember(2, statement(old, 'retired'), statement(fresh, 'active')), 201);
    const payload = {
      ...plan.members[0],
      type: 'member',
      version: 3,
      keys: [...withoutStatement(plan.members[0]!.keys), ...statement(fresh, 'active')],
    };
    const filed = await desk.post('/v1/admin/documents', { payload }, 'registrar');
    const { digest } = expectStatus(filed, 201).body;
    expectStatus(await sign('member', digest, keys.officers[0]), 200);
    const last = () => sign('member', digest, keys.officers[1]);
    expect(await last()).toMatchObject(naming(scheme, table));
    expect((await desk.getAs('auditor', `/v1/admin/documents/${digest}`)).body).toMatchObject({
      state: 'submitted',
      signatures: [{ organisation: 'officer-1' }],
    });
    await desk.adopt();
    expectStatus(await sign('scheme', scheme, fresh), 200);
    expect(await last()).toMatchObject(naming(table));
    expectStatus(await sign('table', table, fresh), 200);
    expect(expectStatus(await last(), 200).body.state).toBe('complete');
    await desk.adopt();
    expect((await desk.trust()).member(RONGCHENG)?.payload.version).toBe(3);
    expect((await desk.trust()).suspended.size).toBe(0);
  });

  it('is a partner’s as well, and then also what waits for its first round is named', async () => {
    const { keys, plan } = desk.alliance;
    const [partner] = plan.partners;
    const fresh = await generateTestKey();
    const others = withoutStatement(partner!.keys);
    const next = expectStatus(await desk.file('offer', { ...plan.offers[0]!, version: 2 }), 201).body.digest;
    const before = [...others, ...statement(keys.partner('rugao-spot').statement, 'retired')];
    expectStatus(
      await desk.file('partner', { ...partner!, version: 2, keys: [...before, ...statement(fresh, 'active')] }),
      201,
    );
    const after = await desk.alliance.sign('partner', {
      ...partner!,
      version: 3,
      keys: [...others, ...statement(fresh, 'active')],
    });
    const half = await desk.alliance.digestOf('offer', 'rugao-half-a');
    expect(await desk.fileSigned(after)).toMatchObject(naming(next, half));

    // The county's signature comes with a statement, which its outbox sends again.
    const [, officers] = after.signatures;
    const { digest } = expectStatus(await desk.fileSigned({ ...after, signatures: [officers!] }), 201).body;
    const host = keys.member(RUGAO).statement;
    const signature = await signDetachedJws(documentTyp('partner'), after.payload, host, nodeCrypto);
    const claims = {
      iss: RUGAO,
      iat: NOW,
      jti: 'sign-partner',
      kind: 'document-signature',
      body: { digest, signature },
    };
    const jws = await signCompactJws('xinqiao-statement+jwt', claims, host, nodeCrypto);
    const submit = () => desk.post('/v1/statements', { jws });
    expect(await submit()).toMatchObject({ status: 404, body: { code: 'STATEMENT_NOT_YET' } });
    for (const offer of [next, half]) expectStatus(await sign('offer', offer, fresh), 200);
    expect((await submit()).body).toEqual({ accepted: true, digest });
    await desk.adopt();
    expect((await desk.trust()).partner('rugao-spot')?.payload.version).toBe(3);
  });

  it('may be called compromised at once, and only left out once what it signed is signed again', async () => {
    const { keys } = (await desk.trust()).member(RONGCHENG)!.payload;
    const stolen = keys
      .filter(({ purpose }) => purpose === 'statement')
      .map((key) => ({ ...key, status: 'compromised' as const }));
    const fresh = await generateTestKey();
    expectStatus(await fileMember(4, stolen, statement(fresh, 'active')), 201);
    await desk.adopt();
    const [scheme, table] = await rongchengs();
    expect(await fileMember(5, statement(fresh, 'active'))).toMatchObject(naming(scheme, table));
    expectStatus(await sign('scheme', scheme, fresh), 200);
    expectStatus(await sign('table', table, fresh), 200);
    expectStatus(await fileMember(5, statement(fresh, 'active')), 201);
    rongcheng = fresh;
    await desk.adopt();
    expect((await desk.trust()).suspended.size).toBe(0);
  });

  it('is not needed where another host county has signed since', async () => {
    const { keys, plan } = desk.alliance;
    const rugao = plan.members[1]!;
    const partner = (await desk.trust()).partner('rugao-spot')!.payload;
    const payload = { ...partner, version: 4, hostCounty: RONGCHENG };
    const moved = expectStatus(await desk.post('/v1/admin/documents', { payload }, 'registrar'), 201).body.digest;
    expectStatus(await sign('partner', moved, rongcheng), 200);
    expectStatus(await sign('partner', moved, keys.officers[0]), 200);
    // What its new county has yet to sign is no matter of that county's keys.
    expectStatus(await fileMember(6, statement(rongcheng, 'active')), 201);
    for (const [digest, { payload: offer }] of (await desk.trust()).documents)
      if (offer.type === 'offer') expectStatus(await sign('offer', digest, rongcheng), 200);
    const fresh = await generateTestKey();
    const file = (version: number, ...listed: readonly Keys[]) =>
      desk.file('member', { ...rugao, version, keys: [...withoutStatement(rugao.keys), ...listed.flat()] });
    const retired = statement(keys.member(RUGAO).statement, 'retired');
    expectStatus(await file(2, retired, statement(fresh, 'active')), 201);
    expectStatus(await file(3, statement(fresh, 'active')), 201);
    await desk.adopt();
    expect((await desk.trust()).suspended.size).toBe(0);
  });
});
