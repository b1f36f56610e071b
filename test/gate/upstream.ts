import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { documentDigest, type Bundle } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';

/** What a gate fetches from: the public interface of a federation, and the counties' status lists. */
export interface Upstream {
  readonly url: string;
  /** Every path asked for, in order. */
  readonly asked: string[];
  publish(bundle: Bundle): Promise<void>;
  /** @param path of the list's uri */
  putList(path: string, token: string): void;
  /** Serves these very bytes under a path: a mirror may serve anything. */
  put(path: string, page: string | Uint8Array): void;
  /** Answers everything with 503 while true. */
  setDown(isDown: boolean): void;
  /** Leaves whoever asks for these paths without an answer, until they are released. */
  hold(isHeld: (path: string) => boolean): void;
  release(): void;
  stop(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const pages = new Map<string, string | Uint8Array>();
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  let isDown = false;
  let isHeld: ((path: string) => boolean) | undefined;
  const answer = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const page = isDown ? undefined : pages.get(path);
    const etag = page === undefined ? '' : `"${createHash('sha256').update(page).digest('hex')}"`;
    if (page === undefined) response.writeHead(isDown ? 503 : 404).end();
    else if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag }).end(page);
  };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (isHeld?.(path)) waiting.push(() => answer(request, response, path));
    else answer(request, response, path);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    publish: async (bundle) => {
      for (const [path, page] of await pagesOf(bundle)) pages.set(path, JSON.stringify(page));
    },
    putList: (path, token) => pages.set(path, token),
    put: (path, page) => pages.set(path, page),
    setDown: (next) => {
      isDown = next;
    },
    hold: (next) => {
      isHeld = next;
    },
    release: () => {
      isHeld = undefined;
      for (const each of waiting.splice(0)) each();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pagesOf(bundle: Bundle): Promise<readonly (readonly [string, unknown])[]> {
  const { documents, ...parts } = bundle;
  const digests = await Promise.all(documents.map((document) => documentDigest(document, nodeCrypto)));
  const payload = JSON.parse(Buffer.from(parts.round.payload, 'base64url').toString()) as { docs_root: string };
  return [
    ['/v1/bundle', bundle],
    [`/v1/rounds/${payload.docs_root}/documents`, { digests }],
    ...documents.map((document, index) => [`/v1/documents/${digests[index]}`, document] as const),
    // Last, so that a gate that sees the head finds all it names.
    ['/v1/head', parts],
  ];
}
