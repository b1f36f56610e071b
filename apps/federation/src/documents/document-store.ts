import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DOCUMENT_TYPES, parsePayload } from '#libs/alliance';
import { decodeBase64url } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
import type { DelegationEntity } from '../delegation/delegation.entity.js';
import { Delegations, type DelegationsInUse } from '../delegation/delegations.js';
import { isDocument, versionOf, type DocumentPayload } from './document-series.js';
import { missingSignatures, signingPanel } from './signing-panel.js';
import { StandingDocuments, type OwnerPayload, type StandingDocument } from './standing-documents.js';

interface StandingRow {
  readonly digest: string;
  readonly state: 'complete' | 'published' | 'superseded';
  readonly is_suspended: boolean;
  readonly signed_by: readonly string[];
}

/** What stands under the delegation in force, and under a prepared one. */
export interface Standings {
  readonly inForce: StandingDocuments;
  readonly prepared: StandingDocuments | undefined;
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
    return this.standingInForce(manager, await this.delegations.inUse(manager));
  }

  /** As `standing`, also for the officers of a prepared delegation. */
  async standings(manager: EntityManager): Promise<Standings> {
    const inUse = await this.delegations.inUse(manager);
    const inForce = await this.standingInForce(manager, inUse);
    return { inForce, prepared: inUse.prepared && (await this.standingUnder(manager, inUse.prepared, inUse)) };
  }

  /** As `standing`, under one of the delegations in use. */
  async standingUnder(
    manager: EntityManager,
    delegation: DelegationEntity,
    inUse: DelegationsInUse,
  ): Promise<StandingDocuments> {
    const rows = await manager.query<StandingRow[]>(`
      SELECT d.digest, d.state,
        EXISTS (SELECT FROM suspension u WHERE u.digest = d.digest AND u.review = 'open') AS is_suspended,
        ARRAY(SELECT s.kid FROM document_signature s WHERE s.digest = d.digest) AS signed_by
      FROM document d WHERE d.state IN ('complete', 'published')
        OR d.state = 'superseded' AND d.type IN ('member', 'partner')`);
    await this.readPayloads(manager, rows);
    const delegated = await this.delegations.keysOf(manager, delegation, inUse);
    const standing = new StandingDocuments(delegated, this.ownersAmong(rows));
    const present = rows.filter(({ state }) => state !== 'superseded');
    for (const document of inOrder(present.map((row) => this.standingOf(row))))
      if (document.isPublished || (await isSound(document, standing))) standing.add(document);
    return standing;
  }

  private async standingInForce(manager: EntityManager, inUse: DelegationsInUse): Promise<StandingDocuments> {
    if (inUse.inForce === undefined) throw new GatewayError('FEDERATION_NOT_OPEN');
    return this.standingUnder(manager, inUse.inForce, inUse);
  }

  private ownersAmong(rows: readonly StandingRow[]): readonly OwnerPayload[] {
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
      isPublished: row.state === 'published',
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
