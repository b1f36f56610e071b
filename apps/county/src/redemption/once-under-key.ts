import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { canonicalJson, type JsonValue } from '#libs/jose-profile';
import { GatewayError } from '#libs/platform';

/** Any constant of our own; advisory locks are per database. */
const REQUEST_LOCK = 0x72_65_71;

export interface KeyedRequest {
  /** The client's idempotency key. */
  readonly key: string;
  /** What is asked for: a key is of one request only. */
  readonly kind: string;
  /** Everything about it that makes a difference, as it came; JSON. */
  readonly content: object;
  /** Unix seconds. */
  readonly now: number;
  readonly by: string;
}

/**
 * Does something once under a key, in the caller's transaction, before any other lock is taken: the same request again is
 * answered the same and changes nothing, also while the first is under way in another process.
 * @param work its answer is kept, as JSON: nothing secret
 * @throws GatewayError KEY_REUSED where the key belongs to another request
 */
export async function onceUnderKey<Answer extends object>(
  manager: EntityManager,
  { key, kind, content, now, by }: KeyedRequest,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const digest = createHash('sha256')
    .update(canonicalJson(plain(content)))
    .digest('base64url');
  await manager.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [REQUEST_LOCK, key]);
  const [kept] = await manager.query<readonly { kind: string; content: string; answer: Answer }[]>(
    'SELECT kind, content, answer FROM kept_request WHERE key = $1',
    [key],
  );
  if (kept !== undefined) {
    if (kept.kind !== kind || kept.content !== digest) throw new GatewayError('KEY_REUSED');
    return kept.answer;
  }
  const answer = await work();
  await manager.query(
    'INSERT INTO kept_request (key, kind, content, answer, kept_at, kept_by) VALUES ($1, $2, $3, $4, to_timestamp($5), $6)',
    [key, kind, digest, JSON.stringify(answer), now, by],
  );
  return answer;
}

/** Without classes and absent members. */
function plain(content: object): JsonValue {
  return JSON.parse(JSON.stringify(content)) as JsonValue;
}
