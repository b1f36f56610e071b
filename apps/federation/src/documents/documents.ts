import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { readDocument } from '#libs/alliance';
import { canonicalJson, encodeBase64url, type JsonObject } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import { Foundation } from '../heads/foundation.js';
import { SerialWrites } from '../heads/serial-writes.js';
import { checkDocument } from './check-document.js';
import { isDocument, seriesOf, versionOf, type DocumentPayload } from './document-series.js';
import { DocumentSignatures, type SignatureOffer } from './document-signatures.js';
import { DocumentStore, payloadOfText, type Standings } from './document-store.js';
import { DocumentEntity } from './document.entity.js';

export interface NewDocument {
  /** Any JSON object; what is not exactly a wire document is refused. */
  readonly payload: JsonObject;
  /** Keep it as a draft: its form is checked, nothing else. */
  readonly draft?: boolean | undefined;
  /** Unix seconds; before the first head only. */
  readonly submittedAt?: number | undefined;
  /** Detached signatures to add at once. */
  readonly signatures?: readonly string[] | undefined;
}

/**
 * Takes documents in: from the administrators' interface, from counties' statements, and when a sample is set up. The
 * federation signs none of them; it checks them, and collects the signatures that others made offline.
 */
@Injectable()
export class Documents {
  constructor(
    private readonly writes: SerialWrites,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly store: DocumentStore,
    private readonly foundation: Foundation,
    private readonly signatures: DocumentSignatures,
  ) {}

  /**
   * Files a document and submits it for signing, unless it is to stay a draft. What is filed already stays as it is.
   * @returns its digest
   * @throws GatewayError FEDERATION_NOT_OPEN, DOCUMENT_INVALID, FOUNDING_CLOSED, the codes of `checkDocument`, and those of `sign`
   */
  file(document: NewDocument, actor: string): Promise<string> {
    return this.writes.run((manager) => this.fileWithin(manager, document, actor));
  }

  /** As `file`, in a transaction of `SerialWrites`. */
  async fileWithin(manager: EntityManager, document: NewDocument, actor: string): Promise<string> {
    // Neither filing nor submitting changes what stands: it is read once for both, and for the signatures.
    const standings = await this.store.standings(manager);
    const { payload, text, digest } = await readNew(document.payload);
    const filed = await manager.findOneBy(DocumentEntity, { digest });
    if (filed === null) await this.insert(manager, { payload, text, digest }, document, standings, actor);
    else if (filed.state === 'draft' && document.draft !== true)
      await this.submitWithin(manager, filed, document.submittedAt, standings, actor);
    const { signatures = [] } = document;
    if (signatures.length > 0) await this.signatures.addAll(manager, digest, signatures, standings, actor);
    return digest;
  }

  /**
   * Submits a draft for signing: from now on the notice counts.
   * @throws GatewayError NOT_FOUND, DOCUMENT_NOT_OPEN, and the codes of `checkDocument`
   */
  submit(digest: string, actor: string): Promise<void> {
    return this.writes.run(async (manager) => {
      const draft = await manager.findOneBy(DocumentEntity, { digest });
      if (draft === null) throw new GatewayError('NOT_FOUND');
      if (draft.state === 'superseded') throw new GatewayError('DOCUMENT_NOT_OPEN');
      if (draft.state === 'draft')
        await this.submitWithin(manager, draft, undefined, await this.store.standings(manager), actor);
    });
  }

  /** Adds a detached signature, verified at once. See `DocumentSignatures.add`. */
  sign(offer: SignatureOffer, actor: string): Promise<void> {
    return this.writes.run((manager) => this.signatures.add(manager, offer, actor));
  }

  private async insert(
    manager: EntityManager,
    { payload, text, digest }: ReadNew,
    { draft, submittedAt }: NewDocument,
    standings: Standings,
    actor: string,
  ): Promise<void> {
    const entity = manager.create(DocumentEntity, {
      digest,
      type: payload.type,
      subjectId: payload.id,
      series: seriesOf(payload),
      version: versionOf(payload),
      effectiveFrom: payload.type === 'table' ? payload.effectiveFrom : null,
      payload: text,
      state: 'draft',
      filedAt: this.clock.now(),
      filedBy: actor,
      submittedAt: null,
      completedAt: null,
      publishedAt: null,
    });
    const detail = { type: payload.type, id: payload.id, version: versionOf(payload) };
    await manager.insert(DocumentEntity, entity);
    await this.audit.record(manager, { actor, action: 'document.filed', target: digest, detail });
    if (draft !== true) await this.submitWithin(manager, entity, submittedAt, standings, actor, payload);
  }

  private async submitWithin(
    manager: EntityManager,
    draft: DocumentEntity,
    asked: number | undefined,
    { inForce }: Standings,
    actor: string,
    payload: DocumentPayload = payloadOfText(draft.payload),
  ): Promise<void> {
    const submittedAt = await this.foundation.submissionTime(manager, asked);
    const fault = await checkDocument(payload, inForce, submittedAt, nodeCrypto);
    if (fault !== undefined) throw new GatewayError(fault.code, { fields: fault.fields });
    await manager.update(DocumentEntity, { digest: draft.digest }, { state: 'submitted', submittedAt });
    await this.audit.record(manager, { actor, action: 'document.submitted', target: draft.digest });
  }
}

interface ReadNew {
  readonly payload: DocumentPayload;
  /** Base64url of the canonical bytes: what is signed. */
  readonly text: string;
  readonly digest: string;
}

async function readNew(json: JsonObject): Promise<ReadNew> {
  const text = encodeBase64url(canonicalBytes(json));
  const read = await readDocument({ payload: text, signatures: [] }, nodeCrypto);
  if (!read.ok) throw invalid(read.fault);
  const { payload, digest } = read.value;
  if (!isDocument(payload)) throw invalid('DOCUMENT_TYPE_WRONG');
  return { payload, text, digest };
}

function canonicalBytes(json: JsonObject): Uint8Array {
  try {
    return canonicalJson(json);
  } catch {
    throw invalid('PAYLOAD_MALFORMED');
  }
}

function invalid(fault: string): GatewayError {
  return new GatewayError('DOCUMENT_INVALID', { fields: [{ path: '/payload', message: fault }] });
}
