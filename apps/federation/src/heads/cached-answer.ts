import type { FastifyReply } from 'fastify';

/** How long a cache may keep an answer without asking again. */
export const CACHING = {
  /** Content-addressed, or a thing of the past: it never changes. */
  forEver: 'public, max-age=31536000, immutable',
  /** A CDN answers for 5 seconds by itself; everybody else asks every time, mostly for a 304. */
  current: 'public, max-age=0, s-maxage=5, must-revalidate',
  /** Changes with a release of the software at most. */
  hourly: 'public, max-age=3600',
} as const;

export interface Cacheable {
  /** Names the content, e.g. a digest; quoted here. */
  readonly tag: string;
  readonly caching: (typeof CACHING)[keyof typeof CACHING];
  /** Made only when it is sent: JSON text. */
  readonly body: () => string | Promise<string>;
}

/** Answers a conditional GET (RFC 9110 §13.1.2): 304 without a body when the caller has this very content. */
export async function answerCached(
  reply: FastifyReply,
  ifNoneMatch: string | undefined,
  { tag, caching, body }: Cacheable,
): Promise<string | undefined> {
  const etag = `"${tag}"`;
  reply.headers({ etag, 'cache-control': caching });
  if (matches(ifNoneMatch, etag)) {
    reply.code(304);
    return undefined;
  }
  reply.type('application/json; charset=utf-8');
  return body();
}

/** Weak comparison, as If-None-Match asks for: a CDN may have weakened the tag. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
