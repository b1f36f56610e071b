import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fetchBounded } from './fetch-bounded.js';

let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer(({ url, headers }, response) => {
    if (url === '/moved') response.writeHead(302, { location: '/page' }).end();
    else if (url === '/silent') response.write('…');
    else if (url === '/gone') response.writeHead(404).end('long explanation');
    else if (headers['if-none-match'] === '"1"') response.writeHead(304).end();
    else response.writeHead(200, { etag: '"1"' }).end('x'.repeat(1_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(
  () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
);

const bounds = { maxBytes: 1_000, timeoutMs: 5_000 };

describe('fetching within bounds', () => {
  it('gives the bytes and the etag, and takes a 304 for no news', async () => {
    const answer = await fetchBounded(`${base}/page`, bounds);
    expect(answer).toMatchObject({ kind: 'ok', etag: '"1"' });
    expect(answer.kind === 'ok' && answer.bytes.length).toBe(1_000);
    expect(await fetchBounded(`${base}/page`, { ...bounds, etag: '"1"' })).toEqual({ kind: 'not_modified' });
  });

  it.each([
    ['one byte too many', '/page', { ...bounds, maxBytes: 999 }, 'SOURCE_TOO_LARGE'],
    ['another status', '/gone', bounds, 'SOURCE_STATUS'],
    ['a redirect', '/moved', bounds, 'SOURCE_UNREACHABLE'],
    ['silence', '/silent', { ...bounds, timeoutMs: 50 }, 'SOURCE_UNREACHABLE'],
  ])('is a value with a code on %s', async (_what, path, given, code) => {
    expect(await fetchBounded(base + path, given)).toEqual({ kind: 'failed', code });
  });

  it('ends when it is called off', async () => {
    const signal = AbortSignal.abort();
    expect(await fetchBounded(`${base}/page`, { ...bounds, signal })).toEqual({
      kind: 'failed',
      code: 'SOURCE_UNREACHABLE',
    });
  });
});
