import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DOCUMENT_TYPES, parsePayload } from '#libs/alliance';
import { decodeBase64url } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
import type { DelegationEntity } from '../delegation/delegation.entity.js';
import { Delegations } from '../delegation/delegations.js';
import { isDocument, versionOf, type DocumentPayload } from './document-series.js';
import { missingSignatures, signingPanel } from './signing-panel.js';
import { StandingDocuments, type OwnerPayload, type StandingDocument } from './standing-documents.js';

interface StandingRow {
  readonly digest: string;
  readonly is_published: boolean;
  readonly is_suspended: boolean;
  readonly signed_by: readonly string[];
}

/** Reads documents out of the database, in the shapes that the rules work on. */
@Injectable()
export class DocumentStore {
  /** Payloads read before. A digest says what it is the digest of, so this can be short of something but never wrong. */
  private readonly payloads = new Map<string, DocumentPayload>();

  constructor(private readonly delegations: Delegations) {}

  /**
   * Everything complete or published, as it stands in this transaction. A complete document that was never published and
   * has lost a signature since (its signer's key or office is gone) does not stand until it is signed again.
   * @throws GatewayError FEDERATION_NOT_OPEN
   */
  async standing(manager: EntityManager): Promise<StandingDocuments> {
    const delegation = await this.delegations.inForce(manager);
    if (delegation === undefined) throw new GatewayError('FEDERATION_NOT_OPEN');
    return this.standingUnder(manager, delegation);
  }

  /** As `standing`, for the officers of a prepared delegation; `undefined` when none is prepared. */
  async standingNext(manager: EntityManager): Promise<StandingDocuments | undefined> {
    const delegation = await this.delegations.prepared(manager);
    return delegation && this.standingUnder(manager, delegation);
  }

  async standingUnder(manager: EntityManager, delegation: DelegationEntity): Promise<StandingDocuments> {
    const rows = await manager.query<StandingRow[]>(`
      SELECT d.digest, d.state = 'published' AS is_published,
        EXISTS (SELECT FROM suspension u WHERE u.digest = d.digest AND u.review = 'open') AS is_suspended,
        ARRAY(SELECT s.kid FROM document_signature s WHERE s.digest = d.digest) AS signed_by
      FROM document d WHERE d.state IN ('complete', 'published')`);
    await this.readPayloads(manager, rows);
    const delegated = await this.delegations.keysOf(manager, delegation);
    const standing = new StandingDocuments(delegated, await this.ownersEver(manager));
    for (const document of inOrder(rows.map((row) => this.standingOf(row))))
      if (document.isPublished || (await isSound(document, standing))) standing.add(document);
    return standing;
  }

  private async ownersEver(manager: EntityManager): Promise<readonly OwnerPayload[]> {
    const rows = await manager.query<{ readonly digest: string }[]>(
      `SELECT digest FROM document WHERE type IN ('member', 'partner') AND state IN ('complete', 'published', 'superseded')`,
    );
    await this.readPayloads(manager, rows);
    return rows.flatMap(({ digest }) => {
      const payload = this.payloadOf(digest);
      return payload.type === 'member' || payload.type === 'partner' ? [payload] : [];
    });
  }

  private async readPayloads(manager: EntityManager, rows: readonly { readonly digest: string }[]): Promise<void> {
    const unread = rows.map(({ digest }) => digest).filter((digest) => !this.payloads.has(digest));
    if (unread.length === 0) return;
    const texts = await manager.query<{ readonly digest: string; readonly payload: string }[]>(
      'SELECT digest, payload FROM document WHERE digest = ANY($1)',
      [unread],
    );
    for (const { digest, payload } of texts) this.payloads.set(digest, payloadOfText(payload));
  }

  private standingOf(row: StandingRow): StandingDocument {
    const payload = this.payloadOf(row.digest);
    return {
      type: payload.type,
      payload,
      digest: row.digest,
      isPublished: row.is_published,
      isSuspended: row.is_suspended,
      signedBy: row.signed_by,
    } as StandingDocument;
  }

  private payloadOf(digest: string): DocumentPayload {
    const payload = this.payloads.get(digest);
    if (payload === undefined) throw new GatewayError('INTERNAL', { detail: 'a document is lost' });
    return payload;
  }
}

/** The payload of a document that was parsed strictly when it came in. */
export function payloadOfText(text: string): DocumentPayload {
  const bytes = decodeBase64url(text);
  const parsed = bytes && parsePayload(bytes);
  if (!parsed?.ok || !isDocument(parsed.value))
    throw new GatewayError('INTERNAL', { detail: 'a kept document is not readable' });
  return parsed.value;
}

/** What others rest on first (members, partners, …), and every version before the next. */
function inOrder(documents: readonly StandingDocument[]): readonly StandingDocument[] {
  const place = new Map<string, number>(DOCUMENT_TYPES.map((type, index) => [type, index]));
  return documents.toSorted(
    (one, other) =>
      (place.get(one.type) ?? 0) - (place.get(other.type) ?? 0) || versionOf(one.payload) - versionOf(other.payload),
  );
}

async function isSound({ payload, signedBy }: StandingDocument, standing: StandingDocuments): Promise<boolean> {
  const panel = await signingPanel(payload, standing, nodeCrypto);
  return panel !== undefined && missingSignatures(panel, signedBy).length === 0;
}
