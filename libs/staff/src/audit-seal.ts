import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { canonicalJson } from '#libs/jose-profile';

/** What a seal says beside its records. */
export interface SealHead {
  readonly seq: number;
  readonly prev: string | null;
  readonly count: number;
  /** Unix seconds. */
  readonly sealedAt: number;
}

/** A record as it is sealed: everything in it as PostgreSQL writes it, so that no conversion of ours can blur a change. */
export interface SealedRecord {
  readonly id: string;
  /** UTC, to the microsecond. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  /** The text of the jsonb value. */
  readonly detail: string;
}

const COLUMNS = `
  id::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS at, actor, action, target, detail::text`;

/** The oldest records that no seal covers yet, as far as they are committed. */
export function unsealedRecords(manager: EntityManager, limit: number): Promise<readonly SealedRecord[]> {
  return manager.query(`SELECT ${COLUMNS} FROM audit_record WHERE seal IS NULL ORDER BY audit_record.id LIMIT $1`, [
    limit,
  ]);
}

/** The records that some neighbouring seals say they cover, in the order in which they were sealed. */
export function recordsOfSeals(
  manager: EntityManager,
  first: number,
  last: number,
): Promise<readonly (SealedRecord & { readonly seal: number })[]> {
  return manager.query(
    `SELECT seal, ${COLUMNS} FROM audit_record WHERE seal BETWEEN $1 AND $2 ORDER BY seal, audit_record.id`,
    [first, last],
  );
}

/**
 * base64url SHA-256 over the seal's head and its records, each as canonical JSON (RFC 8785) on a line of its own. With the digest
 * of the seal before in the head, a seal fixes everything sealed up to it.
 */
export function sealDigest({ seq, prev, count, sealedAt }: SealHead, records: readonly SealedRecord[]): string {
  const hash = createHash('sha256');
  hash.update(canonicalJson({ seq, prev, count, sealedAt })).update('\n');
  for (const { id, at, actor, action, target, detail } of records)
    hash.update(canonicalJson({ id, at, actor, action, target, detail })).update('\n');
  return hash.digest('base64url');
}
