import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptBundle, type AllianceTrust, parseBundle } from '#libs/alliance';
import { parseCompactJws } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { waitFor } from '#libs/testing';
import { type Answer, expectStatus, FederationDesk, NOW } from '../../../../test/federation/federation-desk.js';
import { HeadSchedule } from './head-schedule.js';

const DAY = 86_400;
let desk: FederationDesk;

beforeAll(async () => {
  desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
  await desk.found();
});
afterAll(() => desk.close());

async function seqNow(): Promise<number> {
  return (await desk.trust()).seq;
}

function timesOf(answer: Answer): { readonly iat: unknown; readonly exp: unknown } {
  const jws = parseCompactJws(String(answer.body['head']), { typ: 'xinqiao-head+jwt' });
  if (!jws.ok) throw new Error(jws.fault);
  return { iat: jws.value.payload['iat'], exp: jws.value.payload['exp'] };
}

/** What a gate makes of one older head, with the documents of today. */
async function acceptOlder(seq: number, held: AllianceTrust | undefined): Promise<AllianceTrust> {
  const { body } = expectStatus(await desk.get(`/v1/heads/1/${seq}`), 200);
  const bundle = parseBundle({ ...body, documents: (await desk.bundle()).documents } as never);
  if (!bundle.ok) throw new Error(bundle.fault);
  const outcome = await acceptBundle({ anchor: desk.alliance.anchor, bundle: bundle.value, held }, nodeCrypto);
  if (!outcome.ok) throw new Error(`${outcome.fault} at ${outcome.at}`);
  return outcome.value;
}

describe('the first head of an alliance with a founding day', () => {
  it('is dated on that day and has expired; the next one, dated now, follows at once', async () => {
    const foundedAt = Date.parse('2025-12-01T00:00:00+08:00') / 1000;
    const first = expectStatus(await desk.get('/v1/heads/1/1'), 200);
    expect(timesOf(first)).toEqual({ iat: foundedAt, exp: foundedAt + 7 * DAY });
    const latest = expectStatus(await desk.get('/v1/head'), 200);
    expect(timesOf(latest)).toEqual({ iat: NOW, exp: NOW + 7 * DAY });
    const old = await acceptOlder(1, undefined);
    expect(old.expiresAt).toBe(foundedAt + 7 * DAY);
    expect(await acceptOlder(2, old)).toMatchObject({ seq: 2, headIat: NOW });
  });
});

describe('what gates fetch', () => {
  const routes = async (): Promise<readonly (readonly [string, string])[]> => {
    const { docsRoot, documents } = await desk.trust();
    const [digest] = documents.keys();
    return [
      ['/v1/head', 'public, max-age=0, s-maxage=5, must-revalidate'],
      ['/v1/bundle', 'public, max-age=0, s-maxage=5, must-revalidate'],
      ['/v1/equivalence?scheme=rongcheng&grade=AA', 'public, max-age=0, s-maxage=5, must-revalidate'],
      ['/v1/heads/1/1', 'public, max-age=31536000, immutable'],
      [`/v1/documents/${digest}`, 'public, max-age=0, s-maxage=5, must-revalidate'],
      [`/v1/rounds/${docsRoot}/documents`, 'public, max-age=31536000, immutable'],
      ['/vct/tier/1', 'public, max-age=3600'],
    ];
  };

  it('has a tag and is answered 304 without a body to whoever has it (RFC 9110 §13.1.2)', async () => {
    for (const [route, caching] of await routes()) {
      const whole = expectStatus(await desk.get(route), 200);
      const etag = whole.headers.get('etag') ?? '';
      expect([route, etag]).toEqual([route, expect.stringMatching(/^"[\w-]{40,}"$/)]);
      expect([route, whole.headers.get('cache-control')]).toEqual([route, caching]);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await desk.get(route, { 'if-none-match': known });
        expect([route, again.status, again.text]).toEqual([route, 304, '']);
        expect(again.headers.get('etag')).toBe(etag);
      }
      expect((await desk.get(route, { 'if-none-match': '"other"' })).text).toBe(whole.text);
    }
  });

  it('changes its tag with every head', async () => {
    for (const route of ['/v1/head', '/v1/bundle']) {
      const before = await desk.get(route);
      await desk.adopt();
      const after = await desk.get(route, { 'if-none-match': before.headers.get('etag') ?? '' });
      expect(after.status).toBe(200);
      expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    }
  });

  it('can be fetched piece by piece: head, digests under its docs_root, documents by digest', async () => {
    const trust = await desk.trust();
    const { body: head } = expectStatus(await desk.get('/v1/head'), 200);
    const listed = expectStatus(await desk.get(`/v1/rounds/${trust.docsRoot}/documents`), 200);
    const digests = listed.body['digests'] as string[];
    const documents = await Promise.all(
      digests.map(async (digest) => expectStatus(await desk.get(`/v1/documents/${digest}`), 200).body),
    );
    expect({ ...head, documents }).toEqual(await desk.bundle());
  });

  it('holds nothing that is not published', async () => {
    const [offer] = desk.alliance.plan.offers;
    const filed = expectStatus(await desk.file('offer', { ...offer!, version: 9 }), 201);
    expect(filed.body.state).toBe('complete');
    expect(await desk.get(`/v1/documents/${filed.body.digest}`)).toMatchObject({ status: 404 });
    const draft = expectStatus(await desk.post('/v1/admin/rounds', {}, 'officer'), 201);
    expect(draft.body['documents']).toContain(filed.body.digest);
    const unknown = ['/v1/heads/1/99', '/v1/heads/9/1', `/v1/rounds/${'A'.repeat(43)}/documents`];
    for (const route of unknown)
      expect(await desk.get(route)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    for (const route of ['/v1/heads/one/1', '/v1/heads/1/-1', '/v1/heads/1/1e99', '/v1/rounds/x/documents'])
      expect(await desk.get(route)).toMatchObject({ status: 400, body: { code: 'BODY_INVALID' } });
  });
});

describe('the chain of heads', () => {
  it('is dated anew once the last head is old enough, by one of several processes', async () => {
    const other = await desk.startAnother();
    const schedules = [desk.running, other].map(({ app }) => app.get(HeadSchedule, { strict: false }));
    const publish = () => Promise.all([...schedules, ...schedules].map((schedule) => schedule.publishIfDue()));
    const before = await desk.trust();
    desk.clock.advance(3_599);
    expect(await publish()).toEqual([false, false, false, false]);
    desk.clock.advance(1);
    expect((await publish()).filter(Boolean)).toHaveLength(1);
    expect(await desk.trust(before)).toMatchObject({ seq: before.seq + 1, headIat: before.headIat + 3_600 });
  });

  it('never forks: two processes that suspend and date at the same time make one chain', async () => {
    const other = await desk.startAnother();
    const before = await desk.trust();
    const digests = [...before.documents.values()].filter(({ type }) => type === 'offer').map(({ digest }) => digest);
    await desk.wait(3_600);
    const suspend = (digest: string, url: string) =>
      desk.post('/v1/admin/suspensions', { digest, reason: 'test' }, 'officer', url);
    const answers = await Promise.all([
      ...digests.map((digest, index) => suspend(digest, index % 2 === 0 ? desk.running.url : other.url)),
      ...[desk.running, other].map(({ app }) => app.get(HeadSchedule, { strict: false }).publishIfDue()),
    ]);
    for (const answer of answers) if (typeof answer === 'object') expectStatus(answer, 201);
    const last = await seqNow();
    expect(last).toBeGreaterThanOrEqual(before.seq + digests.length);
    let held = before;
    for (let seq = before.seq + 1; seq <= last; seq += 1) held = await acceptOlder(seq, held);
    expect([...held.suspended].toSorted()).toEqual(digests.toSorted());
    await desk.adopt(digests);
  });

  it('never goes back in time, even when the clock does', async () => {
    const before = await desk.trust();
    desk.clock.advance(-600);
    const [digest] = before.documents.keys();
    expectStatus(await desk.suspend(digest!), 201);
    const after = await desk.trust(before);
    expect(after.headIat).toBe(before.headIat);
    desk.clock.advance(600);
    await desk.adopt([digest!]);
  });

  it('goes on where it stood after a restart', async () => {
    const held = await desk.trust();
    const other = await desk.startAnother();
    const response = await fetch(`${other.url}/v1/head`);
    expect(await response.json()).toEqual((await desk.get('/v1/head')).body);
    desk.clock.advance(3_600);
    expect(await other.app.get(HeadSchedule, { strict: false }).publishIfDue()).toBe(true);
    expect((await desk.trust(held)).seq).toBe(held.seq + 1);
  });

  it('is dated anew by the timer alone', async () => {
    const other = await desk.startAnother({ headIntervalSeconds: 1 });
    const held = await desk.trust();
    desk.clock.advance(1);
    expect(await waitFor(async () => (await seqNow()) > held.seq)).toBe(true);
    await other.close();
  });

  it('ends with its round: no head outlives the two officers’ word', async () => {
    const held = await desk.trust();
    await desk.wait(30 * DAY);
    const schedule = desk.running.app.get(HeadSchedule, { strict: false });
    await expect(schedule.publishIfDue()).rejects.toMatchObject({ code: 'ROUND_EXPIRED' });
    expect((await desk.trust(held)).seq).toBe(held.seq);
    const [digest] = held.documents.keys();
    expect(await desk.suspend(digest!)).toMatchObject({ status: 409, body: { code: 'ROUND_EXPIRED' } });
    await desk.adopt();
    expect((await desk.trust(held)).round).toBe(held.round + 1);
  });
});
