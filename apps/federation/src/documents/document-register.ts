import { Injectable } from '@nestjs/common';
import { shanghaiDay } from '#libs/calendar';
import { DataSource, type EntityManager } from 'typeorm';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { DocumentSignatureEntity } from './document-signature.entity.js';
import { DocumentStore, payloadOfText, type Standings } from './document-store.js';
import type { DocumentEntity, DocumentState } from './document.entity.js';
import type { DocumentAnswer, DocumentLine } from './documents.dto.js';
import { missingSignatures, signingPanel, type MissingSignature } from './signing-panel.js';
import type { StandingDocuments } from './standing-documents.js';

export interface DocumentFilter {
  readonly type?: string | undefined;
  readonly state?: string | undefined;
  readonly id?: string | undefined;
}

const MAX_LINES = 1_000;

/**
 * A table stays under every later `docs_root`, so its row stays `published`; it counts as superseded from the day on which
 * the next published version starts.
 */
const STATE = `CASE WHEN d.type = 'table' AND d.state = 'published' AND EXISTS (
    SELECT FROM document n WHERE n.series = d.series AND n.version > d.version
      AND n.state = 'published' AND n.effective_from <= $1)
  THEN 'superseded' ELSE d.state END`;

type Line = Pick<DocumentLine, keyof DocumentLine>;

type Row = Pick<DocumentEntity, 'digest' | 'type' | 'version' | 'payload'> & {
  readonly subject_id: string;
  readonly effective_state: DocumentState;
  readonly filed_at: string;
  readonly submitted_at: string | null;
  readonly completed_at: string | null;
  readonly published_at: string | null;
};

/** What administrators see of the documents: where each one is in its life, and whose signature it waits for. */
@Injectable()
export class DocumentRegister {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly store: DocumentStore,
  ) {}

  /** At most 1,000 lines, by type, id and version. */
  async list(filter: DocumentFilter): Promise<readonly DocumentLine[]> {
    const { manager } = this.database;
    const rows = await manager.query<Row[]>(
      `SELECT * FROM (SELECT d.*, ${STATE} AS effective_state FROM document d) AS listed
      WHERE ($2::text IS NULL OR type = $2) AND ($3::text IS NULL OR effective_state = $3)
        AND ($4::text IS NULL OR subject_id = $4)
      ORDER BY type, subject_id, version, digest LIMIT ${MAX_LINES}`,
      [shanghaiDay(this.clock.now()), filter.type ?? null, filter.state ?? null, filter.id ?? null],
    );
    if (rows.length === 0) return [];
    const standings = await this.store.standings(manager);
    const signatures = await manager
      .createQueryBuilder(DocumentSignatureEntity, 's')
      .where('s.digest = ANY(:digests)', { digests: rows.map(({ digest }) => digest) })
      .getMany();
    const signedBy = byDigest(signatures);
    return Promise.all(rows.map((row) => lineOf(row, signedBy.get(row.digest) ?? [], standings)));
  }

  /** @throws GatewayError NOT_FOUND */
  async find(digest: string, manager: EntityManager = this.database.manager): Promise<DocumentAnswer> {
    const [row] = await manager.query<Row[]>(
      `SELECT d.*, ${STATE} AS effective_state FROM document d WHERE d.digest = $2`,
      [shanghaiDay(this.clock.now()), digest],
    );
    if (row === undefined) throw new GatewayError('NOT_FOUND');
    const signatures = await manager.findBy(DocumentSignatureEntity, { digest });
    const line = await lineOf(row, signatures, await this.store.standings(manager));
    return {
      ...line,
      signatures: signatures.map(({ kid, organisation, role, receivedAt }) => ({
        kid,
        organisation,
        role,
        receivedAt,
      })),
    };
  }
}

function byDigest(signatures: readonly DocumentSignatureEntity[]): ReadonlyMap<string, DocumentSignatureEntity[]> {
  const groups = new Map<string, DocumentSignatureEntity[]>();
  for (const signature of signatures) {
    const group = groups.get(signature.digest);
    if (group === undefined) groups.set(signature.digest, [signature]);
    else group.push(signature);
  }
  return groups;
}

async function lineOf(
  row: Row,
  signatures: readonly DocumentSignatureEntity[],
  { inForce, prepared }: Standings,
): Promise<Line> {
  const isOver = row.effective_state === 'superseded';
  return {
    digest: row.digest,
    type: row.type,
    id: row.subject_id,
    version: row.version,
    state: row.effective_state,
    payload: row.payload,
    filedAt: Number(row.filed_at),
    ...instant('submittedAt', row.submitted_at),
    ...instant('completedAt', row.completed_at),
    ...instant('publishedAt', row.published_at),
    missing: isOver ? [] : await missingFrom(row.payload, signatures, inForce),
    ...(prepared && { missingNext: isOver ? [] : await missingFrom(row.payload, signatures, prepared) }),
  };
}

async function missingFrom(
  text: string,
  signatures: readonly DocumentSignatureEntity[],
  standing: StandingDocuments,
): Promise<MissingSignature[]> {
  const panel = await signingPanel(payloadOfText(text), standing, nodeCrypto);
  const kids = signatures.map(({ kid }) => kid);
  return panel === undefined ? [] : [...missingSignatures(panel, kids)];
}

function instant<Name extends string>(name: Name, value: string | null): { readonly [Key in Name]?: number } {
  return value === null ? {} : ({ [name]: Number(value) } as { readonly [Key in Name]: number });
}
