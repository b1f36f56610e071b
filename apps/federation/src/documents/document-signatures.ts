import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { documentTyp } from '#libs/alliance';
import { isSignedBy, parseDetachedJws } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import { checkDocument } from './check-document.js';
import { DocumentSignatureEntity } from './document-signature.entity.js';
import { DocumentStore, payloadOfText, type Standings } from './document-store.js';
import { DocumentEntity } from './document.entity.js';
import {
  missingSignatures,
  signingPanel,
  toBeSignedAgain,
  type Signatory,
  type SigningPanel,
} from './signing-panel.js';
import { MAX_SIGNATURES, ServedDocuments } from './served-documents.js';
import type { StandingDocuments } from './standing-documents.js';
import { strippedDocuments } from './stripped-documents.js';

export interface SignatureOffer {
  readonly digest: string;
  /** Compact JWS with detached payload. */
  readonly signature: string;
  /** Only a key of this organisation will do: a county's statement brings nobody else's signature. */
  readonly organisation?: string;
}

type NewSignature = Pick<DocumentSignatureEntity, 'kid' | 'organisation' | 'role' | 'jws'>;

/** Collects the signatures of a document. With the last one that it needs, the document is complete. */
@Injectable()
export class DocumentSignatures {
  constructor(
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly store: DocumentStore,
    private readonly served: ServedDocuments,
  ) {}

  /**
   * Verifies a signature and keeps it, in a transaction of `SerialWrites`. The same key again changes nothing. A complete
   * or published document takes signatures only where keys or officers have changed, or are about to: an owner's new key in
   * place of its retired one, the officers of a prepared delegation.
   * @throws GatewayError NOT_FOUND, DOCUMENT_NOT_OPEN, SIGNATURE_REFUSED, SIGNER_UNKNOWN, SIGNATURE_NOT_NEEDED; when the
   *   document would become complete, the codes of `checkDocument` if something has overtaken it, and KEY_STILL_NEEDED naming
   *   what would lose its owner's signature with a key that is left out
   */
  async add(manager: EntityManager, { digest, signature, organisation }: SignatureOffer, actor: string): Promise<void> {
    await this.addAll(manager, digest, [signature], await this.store.standings(manager), actor, organisation);
  }

  /** As `add`, for several signatures of one document: all are kept, or none. `standings` are those of this transaction. */
  async addAll(
    manager: EntityManager,
    digest: string,
    signatures: readonly string[],
    { inForce: standing, prepared }: Standings,
    actor: string,
    organisation?: string,
  ): Promise<void> {
    const document = await manager.findOneBy(DocumentEntity, { digest });
    if (document === null) throw new GatewayError('NOT_FOUND');
    if (document.state === 'draft' || document.state === 'superseded') throw new GatewayError('DOCUMENT_NOT_OPEN');
    const payload = payloadOfText(document.payload);
    const panel = await signingPanel(payload, standing, nodeCrypto);
    if (panel === undefined) throw new GatewayError('DOCUMENT_REFERENCE_MISSING');
    // The officers of a prepared delegation sign beforehand what stands, so that nothing is missing on the day.
    const nextPanel = prepared && (await signingPanel(payload, prepared, nodeCrypto));
    const panels = nextPanel === undefined ? [panel] : [panel, nextPanel];
    const filed = await manager.findBy(DocumentSignatureEntity, { digest });
    const signedBy = filed.map((each) => each.kid);
    const added: NewSignature[] = [];
    for (const jws of signatures) {
      const { kid, signatory } = await verify(document, jws, panels, organisation);
      if (signedBy.includes(kid)) continue;
      const isNeeded = panels.some((each) => isNeededOf(each, signedBy, kid));
      if (!isNeeded || !(await this.hasRoom(manager, digest, signedBy))) throw new GatewayError('SIGNATURE_NOT_NEEDED');
      signedBy.push(kid);
      added.push({ kid, organisation: signatory.organisation, role: signatory.role, jws });
    }
    if (added.length === 0) return;
    const received = { digest, receivedAt: this.clock.now(), receivedBy: actor };
    await manager.insert(
      DocumentSignatureEntity,
      added.map((signature) => ({ ...signature, ...received })),
    );
    for (const { organisation: signer, role } of added) {
      const detail = { organisation: signer, role };
      await this.audit.record(manager, { actor, action: 'document.signed', target: digest, detail });
    }
    const isComplete = missingSignatures(panel, signedBy).length === 0;
    if (isComplete && document.state === 'submitted') await this.complete(manager, document, standing, actor);
  }

  /** Whether one more would be served with those that count: the signatures of former officers and keys give way. */
  private async hasRoom(manager: EntityManager, digest: string, signedBy: readonly string[]): Promise<boolean> {
    if (signedBy.length < MAX_SIGNATURES) return true;
    const listed = await this.served.listedKeys(manager, [digest]);
    return signedBy.filter((kid) => listed.has(kid)).length < MAX_SIGNATURES;
  }

  /** What stood at submission may have moved on since: another version, a suspended predecessor. */
  private async complete(
    manager: EntityManager,
    { digest, payload, series, version, submittedAt }: DocumentEntity,
    standing: StandingDocuments,
    actor: string,
  ): Promise<void> {
    if (submittedAt === null) throw new GatewayError('DOCUMENT_NOT_OPEN');
    const content = payloadOfText(payload);
    const fault = await checkDocument(content, standing, submittedAt, nodeCrypto);
    if (fault !== undefined) throw new GatewayError(fault.code, { fields: fault.fields });
    const stripped = await strippedDocuments(content, standing, nodeCrypto);
    if (stripped.length > 0) throw new GatewayError('KEY_STILL_NEEDED', { fields: stripped.map(toBeSignedAgain) });
    // One that waits to be signed again does not stand, but keeps its version.
    const state = In(['complete', 'published', 'superseded']);
    if (await manager.existsBy(DocumentEntity, { series, version, state }))
      throw new GatewayError('DOCUMENT_OVERTAKEN');
    await manager.update(DocumentEntity, { digest }, { state: 'complete', completedAt: this.clock.now() });
    await this.audit.record(manager, { actor, action: 'document.completed', target: digest });
  }
}

/** Whether something would be missing without this signature once the keys that are retired by now are gone. */
function isNeededOf(panel: SigningPanel, signedBy: readonly string[], kid: string): boolean {
  const lasting = signedBy.filter((each) => panel.signatories.get(each)?.maySign === true);
  return missingSignatures(panel, [...lasting, kid]).length < missingSignatures(panel, lasting).length;
}

async function verify(
  document: DocumentEntity,
  signature: string,
  panels: readonly SigningPanel[],
  organisation: string | undefined,
): Promise<{ readonly kid: string; readonly signatory: Signatory }> {
  const parsed = parseDetachedJws(signature, document.payload, documentTyp(document.type));
  if (!parsed.ok || parsed.value.kid === undefined || Object.keys(parsed.value.header).length !== 3)
    throw new GatewayError('SIGNATURE_REFUSED');
  const { kid } = parsed.value;
  const signatory = panels.map((panel) => panel.signatories.get(kid)).find((each) => each?.maySign === true);
  if (signatory === undefined) throw new GatewayError('SIGNER_UNKNOWN');
  if (organisation !== undefined && organisation !== signatory.organisation) throw new GatewayError('SIGNER_UNKNOWN');
  const { jwk, alg } = signatory.key;
  // A point off its curve verifies nothing.
  const key = await nodeCrypto.importPublicKey(alg, jwk).catch(() => undefined);
  if (key === undefined || !(await isSignedBy(parsed.value, key, nodeCrypto)))
    throw new GatewayError('SIGNATURE_REFUSED');
  return { kid, signatory };
}
