import { DataSource, type EntityManager, In, Not } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { lockResident } from '../residents/residents.service.js';
import { ResidentEntity } from '../residents/resident.entity.js';
import { type DocumentType, type IdentityDocument, parseDocumentNumber } from './document-number.js';
import type { DocumentVault } from './document-vault.js';
import { lockLive, subjectInScope, survivorOf } from './find-subjects.js';
import { bornIn } from './prepare-subject.js';
import { SubjectDocumentEntity } from './subject-document.entity.js';
import { SubjectEntity } from './subject.entity.js';

/** What stands against a number: the subject has another one, or another subject has it. */
type DocumentConflict = 'SUBJECT_DIFFERS' | 'DOCUMENT_NUMBER_TAKEN';

const RESEAL_BATCH = 500;

/** Numbers of identity documents. They come in, are compared and found; no route and no record gives one back. */
export class Documents {
  private constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly vault: DocumentVault,
  ) {}

  /** @throws GatewayError KEYS_INVALID when a number is kept under a key that the file does not hold */
  static async open(
    database: DataSource,
    clock: Clock,
    audit: AuditTrail,
    places: Places,
    vault: DocumentVault,
  ): Promise<Documents> {
    const { sealing, indexing } = vault.keyIds;
    const isOrphaned = await database.manager.existsBy(SubjectDocumentEntity, [
      { keyId: Not(In([...sealing])) },
      { indexKeyId: Not(In([...indexing])) },
    ]);
    if (isOrphaned)
      throw new GatewayError('KEYS_INVALID', { detail: 'a key that document numbers are kept under is gone' });
    return new Documents(database, clock, audit, places, vault);
  }

  /**
   * Records the numbers of subjects that have none yet.
   * @returns what stands against each, by its place in the list; nothing for one that is recorded, now or before
   */
  async record(
    manager: EntityManager,
    wanted: readonly { readonly subject: string; readonly document: IdentityDocument }[],
  ): Promise<ReadonlyMap<number, DocumentConflict>> {
    const recordedAt = this.clock.now();
    const conflicts = new Map<number, DocumentConflict>();
    const rows = wanted.map(({ subject, document }) => ({ ...this.vault.seal(subject, document), subjectId: subject }));
    // In one order, so that two requests with the same numbers never wait for each other.
    const inOrder = [...rows].toSorted((one, other) => Buffer.compare(one.blind, other.blind));
    for (const row of inOrder) {
      const at = rows.indexOf(row);
      const { document } = wanted[at] ?? {};
      if (document === undefined) continue;
      const holder = await this.holderOf(manager, document);
      if (holder === undefined)
        await manager
          .createQueryBuilder()
          .insert()
          .into(SubjectDocumentEntity)
          .values({ ...row, recordedAt })
          .orIgnore()
          .execute();
      const stands = holder ?? (await this.holderOf(manager, document));
      if (stands === undefined) conflicts.set(at, 'SUBJECT_DIFFERS');
      else if (stands.subject.id !== row.subjectId && stands.recordedFor !== row.subjectId)
        conflicts.set(at, 'DOCUMENT_NUMBER_TAKEN');
    }
    return conflicts;
  }

  /**
   * Sets a person's number, in the place of the one there was.
   * @throws GatewayError NOT_FOUND, SUBJECT_ENDED, SUBJECT_KIND_WRONG (no person with an account), DOCUMENT_NUMBER_INVALID,
   *   DOCUMENT_NUMBER_TAKEN
   */
  async set(handle: string, type: DocumentType, text: string, staff: Staff): Promise<void> {
    const document = parseDocumentNumber(type, text);
    if (document === undefined) throw new GatewayError('DOCUMENT_NUMBER_INVALID');
    const tree = await this.places.tree();
    await this.database.transaction(async (manager) => {
      const { id } = await subjectInScope(manager, handle, staff, tree);
      const subject = await lockLive(manager, id);
      if (subject.kind !== 'person' || !subject.hasAccount) throw new GatewayError('SUBJECT_KIND_WRONG');
      if (!bornIn(document, subject.birthYear ?? 0)) throw new GatewayError('DOCUMENT_NUMBER_INVALID');
      await lockResident(manager, id);
      const holder = await this.holderOf(manager, document);
      if (holder !== undefined && holder.subject.id !== id) throw new GatewayError('DOCUMENT_NUMBER_TAKEN');
      await manager.delete(SubjectDocumentEntity, { subjectId: id });
      // Recorded for one that was absorbed: it moves here.
      if (holder !== undefined && holder.recordedFor !== id)
        await manager.delete(SubjectDocumentEntity, { subjectId: holder.recordedFor });
      if ((await this.record(manager, [{ subject: id, document }])).size > 0)
        throw new GatewayError('DOCUMENT_NUMBER_TAKEN');
      await manager.update(ResidentEntity, { id }, { documentLast4: document.number.slice(-4) });
      await this.audit.record(manager, {
        actor: staff.username,
        action: 'subject.document_set',
        target: subject.handle,
      });
    });
  }

  /**
   * The person that a number belongs to. Every look-up is on record, with whom it found and never what was asked.
   * @throws GatewayError NOT_FOUND, the same for one outside the scope of who asks; DOCUMENT_NUMBER_INVALID
   */
  async find(type: DocumentType, text: string, staff: Staff): Promise<SubjectEntity> {
    const document = parseDocumentNumber(type, text);
    if (document === undefined) throw new GatewayError('DOCUMENT_NUMBER_INVALID');
    const holder = (await this.holderOf(this.database.manager, document))?.subject;
    const isCovered = holder !== undefined && staffCovers(staff, holder.place, await this.places.tree());
    await this.audit.record(undefined, {
      actor: staff.username,
      action: 'subject.looked_up_by_document',
      ...(isCovered ? { target: holder.handle } : {}),
      detail: { found: isCovered },
    });
    if (!isCovered) throw new GatewayError('NOT_FOUND');
    return holder;
  }

  /**
   * Seals and indexes anew whatever is not under the active keys, a batch at a time, so that retired keys can go.
   * @returns how many rows were changed
   * @throws GatewayError PLACE_OUT_OF_SCOPE for an account that is confined to a part of the county
   */
  async resealAll(staff: Staff): Promise<number> {
    await this.places.refuseConfined(staff);
    for (let total = 0; ;) {
      const resealed = await this.database.transaction((manager) => this.resealSome(manager));
      total += resealed;
      if (resealed > 0) continue;
      const detail = { resealed: total };
      await this.audit.record(undefined, { actor: staff.username, action: 'documents.resealed', detail });
      return total;
    }
  }

  private async resealSome(manager: EntityManager): Promise<number> {
    const { sealing, indexing } = this.vault.keyIds;
    const rows = await manager.find(SubjectDocumentEntity, {
      where: [{ keyId: Not(sealing[0] ?? '') }, { indexKeyId: Not(indexing[0] ?? '') }],
      order: { subjectId: 'ASC' },
      take: RESEAL_BATCH,
      lock: { mode: 'for_no_key_update' },
    });
    for (const row of rows) {
      const { subjectId } = row;
      await manager.update(
        SubjectDocumentEntity,
        { subjectId },
        this.vault.seal(subjectId, this.vault.open(subjectId, row)),
      );
    }
    return rows.length;
  }

  /** Whose number it is today, under whichever key it is indexed, and for whom it was recorded: absorbed since, perhaps. */
  private async holderOf(
    manager: EntityManager,
    document: IdentityDocument,
  ): Promise<{ readonly subject: SubjectEntity; readonly recordedFor: string } | undefined> {
    const row = await manager.findOneBy(SubjectDocumentEntity, { blind: In([...this.vault.blinds(document)]) });
    if (row === null) return undefined;
    const { subjectId: recordedFor } = row;
    const subject = await survivorOf(manager, await manager.findOneByOrFail(SubjectEntity, { id: recordedFor }));
    return { subject, recordedFor };
  }
}
