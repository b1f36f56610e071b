import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { checkEntry, type EntryFault, type ProposedEntry } from '#libs/ledger';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import { ResidentEntity } from '../residents/resident.entity.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';
import { openRecording } from './ledger-clock.js';
import { LedgerEntryEntity } from './ledger-entry.entity.js';

export interface CollectedEntry extends ProposedEntry {
  readonly id: string;
  /** Handle. */
  readonly resident: string;
}

type EntryRow = Pick<LedgerEntryEntity, 'id' | 'residentId' | 'ruleId' | 'quantity' | 'occurredOn'>;

/** The ledger of what residents did, append-only. */
@Injectable()
export class Ledger {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly schemes: CountySchemes,
  ) {}

  /**
   * Records entries, all or none; an id that is there already with the same content is left as it is.
   * Verification, publicity and objections come between recording and effect later; until then an entry is effective at once.
   * @throws GatewayError SCHEME_NOT_EXPORTED, ENTRY_RULE_UNKNOWN, ENTRY_NOT_BY_RULE, RESIDENT_UNKNOWN, ENTRY_DIFFERS, the latter four naming
   *   the place in the list
   */
  async record(
    entries: readonly CollectedEntry[],
    actor: string,
  ): Promise<{ readonly recorded: number; readonly existing: number }> {
    const scheme = await this.schemes.exported();
    this.checkAgainstScheme(entries, scheme);
    return this.database.transaction(async (manager) => {
      const rows = await rowsOf(manager, entries);
      const recorded = await this.insert(manager, rows, scheme, actor);
      await refuseDifferent(manager, rows);
      const counts = { recorded, existing: rows.length - recorded };
      await this.audit.record(manager, { actor, action: 'entries.recorded', detail: counts });
      return counts;
    });
  }

  private checkAgainstScheme(entries: readonly CollectedEntry[], scheme: SchemeVersion): void {
    const today = shanghaiDay(this.clock.now());
    for (const [at, entry] of entries.entries()) {
      const fault = checkEntry(entry, scheme.ruleOf(entry.rule), scheme.document, today);
      if (fault !== undefined) refuse(fault.code, at, fault.member);
    }
  }

  private async insert(
    manager: EntityManager,
    rows: readonly EntryRow[],
    { document: { id: schemeId, version: schemeVersion } }: SchemeVersion,
    recordedBy: string,
  ): Promise<number> {
    const recordedAt = await openRecording(manager, this.clock.now());
    const facts = { schemeId, schemeVersion, recordedAt, recordedBy, state: 'effective' } as const;
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(LedgerEntryEntity)
      // In one order, so that two requests with the same entries never wait for each other.
      .values(rows.toSorted((one, other) => (one.id < other.id ? -1 : 1)).map((row) => ({ ...row, ...facts })))
      .orIgnore()
      .returning('id')
      .execute();
    return Array.isArray(inserted.raw) ? inserted.raw.length : 0;
  }
}

async function rowsOf(manager: EntityManager, entries: readonly CollectedEntry[]): Promise<readonly EntryRow[]> {
  const handles = [...new Set(entries.map(({ resident }) => resident))];
  const residents = await manager.find(ResidentEntity, {
    select: { id: true, handle: true },
    where: { handle: In(handles) },
  });
  const idOf = new Map(residents.map(({ id, handle }) => [handle, id]));
  return entries.map(({ id, resident, rule, occurredOn, quantity }, at) => {
    const residentId = idOf.get(resident) ?? refuse('RESIDENT_UNKNOWN', at, 'resident');
    return { id, residentId, ruleId: rule, quantity: quantity ?? 1, occurredOn };
  });
}

async function refuseDifferent(manager: EntityManager, rows: readonly EntryRow[]): Promise<void> {
  const stored = await manager.findBy(LedgerEntryEntity, { id: In(rows.map(({ id }) => id)) });
  const byId = new Map(stored.map((entry) => [entry.id, entry]));
  for (const [at, { id, residentId, ruleId, quantity, occurredOn }] of rows.entries()) {
    const there = byId.get(id);
    const isSame =
      there?.residentId === residentId &&
      there.ruleId === ruleId &&
      there.quantity === quantity &&
      there.occurredOn === occurredOn;
    if (!isSame) refuse('ENTRY_DIFFERS', at, 'id');
  }
}

function refuse(code: EntryFault | 'ENTRY_DIFFERS' | 'RESIDENT_UNKNOWN', at: number, member: string): never {
  throw new GatewayError(code, { fields: [{ path: `/entries/${at}/${member}`, message: 'is refused' }] });
}
