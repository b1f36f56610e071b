import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpDeliverer } from './http-deliverer.js';

const message = { id: 'statement-1', kind: 'statement', payload: { jws: 'aaa.bbb.ccc' } };
let server: Server;
let url: string;
let received: { readonly headers: IncomingHttpHeaders; readonly body: unknown } | undefined;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    const receive = async (): Promise<void> => {
      received = { headers: request.headers, body: JSON.parse(await text(request)) };
      answer(response);
    };
    void receive();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1/statements`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const replying = (status: number, body: string, headers: Record<string, string> = {}): void => {
  answer = (response) => response.writeHead(status, headers).end(body);
};
const deliver = (): Promise<unknown> => new HttpDeliverer({ url, timeoutMs: 300 }).deliver(message);

describe('delivery over HTTPS', () => {
  it('posts the payload with its id, also as Idempotency-Key', async () => {
    replying(200, '{"accepted":true,"digest":"x"}');
    expect(await deliver()).toBe('delivered');
    expect(received).toMatchObject({
      body: { jws: 'aaa.bbb.ccc', id: 'statement-1' },
      headers: { 'idempotency-key': 'statement-1', 'content-type': 'application/json' },
    });
  });

  it.each([
    [204, '', 'delivered'],
    [200, '{"accepted":false,"code":"KEY_UNKNOWN"}', { rejected: 'KEY_UNKNOWN' }],
    [422, '{"code":"STATEMENT_INVALID"}', { rejected: 'STATEMENT_INVALID' }],
    [400, '<html>', { rejected: 'REJECTED' }],
    [409, '{"code":"张三 110101"}', { rejected: 'REJECTED' }],
  ])('reads %i %s', async (status, body, outcome) => {
    replying(status, body);
    expect(await deliver()).toEqual(outcome);
  });

  it.each([
    [200, '{}', 'REPLY_INVALID'],
    [200, 'not JSON', 'REPLY_INVALID'],
    [200, ' '.repeat(100_000), 'REPLY_INVALID'],
    [401, '', 'HTTP_STATUS'],
    [404, '', 'HTTP_STATUS'],
    [503, '', 'HTTP_STATUS'],
    [302, '', 'HTTP_UNREACHABLE'],
  ])('may try again after %i', async (status, body, code) => {
    replying(status, body, status === 302 ? { location: 'http://127.0.0.1:9/' } : {});
    await expect(deliver()).rejects.toMatchObject({ code, answer: undefined });
  });

  it('passes on the code of a problem document that asks to try again', async () => {
    replying(404, '{"code":"STATEMENT_NOT_YET"}');
    await expect(deliver()).rejects.toMatchObject({ code: 'HTTP_STATUS', answer: 'STATEMENT_NOT_YET' });
  });

  it('gives up on a silent or absent receiver', async () => {
    answer = () => undefined;
    await expect(deliver()).rejects.toMatchObject({ code: 'HTTP_TIMEOUT' });
    await expect(new HttpDeliverer({ url: 'http://127.0.0.1:9/' }).deliver(message)).rejects.toMatchObject({
      code: 'HTTP_UNREACHABLE',
    });
  });
});
