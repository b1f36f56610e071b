import { type DataSource, type EntityManager, MoreThan } from 'typeorm';
import { AuditSealEntity } from './audit-seal.entity.js';
import { recordsOfSeals, sealDigest, type SealedRecord } from './audit-seal.js';

/** The name of one seal for ever: its number and its digest. */
export interface NamedSeal {
  readonly seq: number;
  readonly digest: string;
}

export interface AuditVerification {
  /** `SEAL_BROKEN`: head or records are not what was sealed. `SEAL_MISSING`: no such seal, or another one in its place. */
  readonly fault: { readonly code: 'SEAL_BROKEN' | 'SEAL_MISSING'; readonly seal: number } | null;
  /** How many seals are sound, from the first on, and how many records they cover. */
  readonly seals: number;
  readonly records: number;
  /** Records that no seal covers yet. */
  readonly unsealed: number;
  /** The last sound seal: to be published, and handed in again at the next verification. */
  readonly last: NamedSeal | null;
}

const SEALS_AT_ONCE = 500;
const RECORDS_AT_ONCE = 10_000;

/**
 * Recomputes the chain of seals from the first on, in one snapshot, and names the first that is broken or missing. What was cut
 * off at the end shows only against a seal that was published meanwhile.
 * @param published a seal that somebody has on paper
 */
export function verifyAuditTrail(database: DataSource, published?: NamedSeal): Promise<AuditVerification> {
  return database.transaction('REPEATABLE READ', async (manager) => {
    const chain = await walkChain(manager, published);
    const [rest] = await manager.query<readonly { readonly unsealed: number; readonly stray: number | null }[]>(
      `SELECT count(*) FILTER (WHERE seal IS NULL)::int AS unsealed, min(seal) FILTER (WHERE seal > $1) AS stray
      FROM audit_record WHERE seal IS NULL OR seal > $1`,
      [chain.seals],
    );
    const isShort = (rest?.stray ?? null) !== null || (published !== undefined && published.seq > chain.seals);
    const missing = { code: 'SEAL_MISSING', seal: chain.seals + 1 } as const;
    return { ...chain, fault: chain.fault ?? (isShort ? missing : null), unsealed: rest?.unsealed ?? 0 };
  });
}

type Chain = Omit<AuditVerification, 'unsealed'>;

async function walkChain(manager: EntityManager, published: NamedSeal | undefined): Promise<Chain> {
  let chain: Chain = { fault: null, seals: 0, records: 0, last: null };
  for (;;) {
    const where = { seq: MoreThan(chain.seals) };
    const seals = await manager.find(AuditSealEntity, { where, order: { seq: 'ASC' }, take: SEALS_AT_ONCE });
    if (seals.length === 0) return chain;
    for (const page of pagesOf(seals)) {
      const records = bySeal(await recordsOfSeals(manager, page[0]!.seq, page.at(-1)!.seq));
      for (const seal of page) {
        const own = records.get(seal.seq) ?? [];
        const fault = faultOf(seal, own, chain, published);
        if (fault !== undefined) return { ...chain, fault };
        const last = { seq: seal.seq, digest: seal.digest };
        chain = { fault: null, seals: seal.seq, records: chain.records + own.length, last };
      }
    }
  }
}

function faultOf(
  seal: AuditSealEntity,
  records: readonly SealedRecord[],
  { seals, last }: Chain,
  published: NamedSeal | undefined,
): Chain['fault'] | undefined {
  const next = seals + 1;
  if (seal.seq !== next) return { code: 'SEAL_MISSING', seal: next };
  const isSound = seal.prev === (last?.digest ?? null) && seal.digest === sealDigest(seal, records);
  if (!isSound) return { code: 'SEAL_BROKEN', seal: next };
  const isOther = published?.seq === seal.seq && published.digest !== seal.digest;
  return isOther ? { code: 'SEAL_MISSING', seal: next } : undefined;
}

function bySeal<Each extends { readonly seal: number }>(
  records: readonly Each[],
): ReadonlyMap<number, readonly Each[]> {
  const found = new Map<number, Each[]>();
  for (const record of records) {
    const list = found.get(record.seal);
    if (list === undefined) found.set(record.seal, [record]);
    else list.push(record);
  }
  return found;
}

/** Neighbouring seals with not much more than ten thousand records together. */
function pagesOf(seals: readonly AuditSealEntity[]): readonly (readonly AuditSealEntity[])[] {
  const pages: AuditSealEntity[][] = [];
  let room = 0;
  for (const seal of seals) {
    const page = pages.at(-1);
    if (page === undefined || room < seal.count) {
      pages.push([seal]);
      room = RECORDS_AT_ONCE - seal.count;
    } else {
      page.push(seal);
      room -= seal.count;
    }
  }
  return pages;
}
