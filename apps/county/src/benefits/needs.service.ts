import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { lockLive, subjectInScope } from '../subjects/find-subjects.js';

/** Days are `YYYY-MM-DD`, Asia/Shanghai, both included. */
export interface Need {
  /** In the words of the scheme documents: 五保户, 低保户. */
  readonly need: string;
  readonly from: string;
  readonly to?: string;
  /** Number of the document that says so. */
  readonly document: string;
}

/** What people need, as the registrar has it on paper. It opens help, and never enters a score. */
@Injectable()
export class Needs {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
  ) {}

  /** @throws GatewayError NOT_FOUND, also outside the account's places */
  async read(handle: string, staff: Staff): Promise<readonly Need[]> {
    const { manager } = this.database;
    const { id } = await subjectInScope(manager, handle, staff, await this.places.tree());
    return standing(manager, id);
  }

  /**
   * Sets what a person or household needs; what the list leaves out is void. The same again changes nothing.
   * @throws GatewayError NOT_FOUND (also outside the account's places), SUBJECT_ENDED, SUBJECT_KIND_WRONG, BODY_INVALID
   */
  async set(handle: string, needs: readonly Need[], staff: Staff): Promise<readonly Need[]> {
    const tree = await this.places.tree();
    for (const [at, { from, to }] of needs.entries()) {
      if (to !== undefined && to < from) throw invalid(at, 'to');
    }
    const now = this.clock.now();
    return this.database.transaction(async (manager) => {
      const { id, kind, handle: target } = await subjectInScope(manager, handle, staff, tree);
      if (kind !== 'person' && kind !== 'household') throw new GatewayError('SUBJECT_KIND_WRONG');
      await lockLive(manager, id);
      const before = await standing(manager, id);
      const gone = before.filter((need) => !needs.some((each) => isSame(each, need)));
      const added = needs.filter((need) => !before.some((each) => isSame(each, need)));
      await manager.query(
        `UPDATE subject_need SET voided_at = to_timestamp($2) FROM jsonb_to_recordset($3) AS gone (need text, "from" date, "to" date, document text)
        WHERE subject_id = $1 AND voided_at IS NULL
          AND (subject_need.need, from_day, subject_need.document) = (gone.need, gone.from, gone.document) AND to_day IS NOT DISTINCT FROM gone.to`,
        [id, now, JSON.stringify(gone)],
      );
      await manager.query(
        `INSERT INTO subject_need (subject_id, need, from_day, to_day, document, recorded_by, recorded_at)
        SELECT $1, need, "from", "to", document, $4, to_timestamp($2)
        FROM jsonb_to_recordset($3) AS added (need text, "from" date, "to" date, document text)`,
        [id, now, JSON.stringify(added), staff.username],
      );
      // What somebody needs is nobody's business but the registrar's: the trail says that it was changed.
      const detail = { added: added.length, voided: gone.length };
      if (added.length + gone.length > 0)
        await this.audit.record(manager, { actor: staff.username, action: 'needs.recorded', target, detail });
      return standing(manager, id);
    });
  }
}

async function standing(manager: EntityManager, subject: string): Promise<readonly Need[]> {
  const rows = await manager.query<readonly (Omit<Need, 'to'> & { readonly to: string | null })[]>(
    `SELECT need, from_day::text AS from, to_day::text AS to, document FROM subject_need
    WHERE subject_id = $1 AND voided_at IS NULL ORDER BY id`,
    [subject],
  );
  return rows.map(({ to, ...need }) => ({ ...need, ...(to !== null && { to }) }));
}

function isSame(one: Need, other: Need): boolean {
  return one.need === other.need && one.from === other.from && one.to === other.to && one.document === other.document;
}

function invalid(at: number, member: string): GatewayError {
  return new GatewayError('BODY_INVALID', { fields: [{ path: `/needs/${at}/${member}`, message: 'is refused' }] });
}
