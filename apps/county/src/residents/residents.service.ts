import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { Clock, type FieldFault, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { subjectInScope } from '../subjects/find-subjects.js';
import { insertSubjects } from '../subjects/insert-subjects.js';
import { isSurelyAdult } from '../subjects/surely-adult.js';
import { ResidentEntity } from './resident.entity.js';

export type ResidentParticulars = Pick<ResidentEntity, 'handle' | 'name' | 'documentLast4' | 'birthYear'>;

/** The residents of this county. */
@Injectable()
export class Residents {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
  ) {}

  /**
   * Records residents as subjects of the county itself, all or none; a handle that is there already with the same particulars
   * is left as it is, wherever it belongs.
   * @throws GatewayError PLACE_OUT_OF_SCOPE; RESIDENT_MINOR, RESIDENT_DIFFERS naming the places in the list
   */
  async record(
    residents: readonly ResidentParticulars[],
    staff: Staff,
  ): Promise<{ readonly recorded: number; readonly existing: number }> {
    this.refuseMinors(residents);
    await this.places.refuseConfined(staff);
    const { county: place } = this.places;
    const subjects = residents.map(({ handle, name, birthYear, documentLast4 }) => {
      return {
        row: { handle, kind: 'person', place, name, birthYear, doorNumber: null, hasAccount: true },
        documentLast4,
      } as const;
    });
    return this.database.transaction(async (manager) => {
      const recorded = await insertSubjects(manager, subjects, this.clock.now());
      await refuseDifferent(manager, residents);
      const counts = { recorded, existing: residents.length - recorded };
      await this.audit.record(manager, { actor: staff.username, action: 'residents.recorded', detail: counts });
      return counts;
    });
  }

  /**
   * The resident of a handle, also one whose account is closed; a handle of somebody recorded twice leads to the record left.
   * @throws GatewayError NOT_FOUND, also for one outside the places of who asks
   */
  async byHandle(
    handle: string,
    staff: Staff,
    manager: EntityManager = this.database.manager,
  ): Promise<ResidentEntity> {
    const { id } = await subjectInScope(manager, handle, staff, await this.places.tree());
    const resident = await manager.findOneBy(ResidentEntity, { id });
    if (resident === null) throw new GatewayError('NOT_FOUND');
    return resident;
  }

  private refuseMinors(residents: readonly ResidentParticulars[]): void {
    const now = this.clock.now();
    const fields = faultsWhere(residents, ({ birthYear }) => !isSurelyAdult(birthYear, now), 'birthYear');
    if (fields.length > 0) throw new GatewayError('RESIDENT_MINOR', { fields });
  }
}

/**
 * Takes the lock under which everything about one resident is decided: consent, keys, issuing, revoking. It does not keep
 * other tables from referring to the resident.
 */
export async function lockResident(manager: EntityManager, id: string): Promise<ResidentEntity> {
  return manager.findOneOrFail(ResidentEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
}

async function refuseDifferent(manager: EntityManager, residents: readonly ResidentParticulars[]): Promise<void> {
  const stored = await manager.findBy(ResidentEntity, { handle: In(residents.map(({ handle }) => handle)) });
  const byHandle = new Map(stored.map((resident) => [resident.handle, resident]));
  const differs = ({ handle, name, documentLast4, birthYear }: ResidentParticulars): boolean => {
    const there = byHandle.get(handle);
    return there?.name !== name || there.documentLast4 !== documentLast4 || there.birthYear !== birthYear;
  };
  const fields = faultsWhere(residents, differs, 'handle');
  if (fields.length > 0) throw new GatewayError('RESIDENT_DIFFERS', { fields });
}

function faultsWhere(
  residents: readonly ResidentParticulars[],
  isFaulty: (resident: ResidentParticulars) => boolean,
  member: keyof ResidentParticulars,
): FieldFault[] {
  return residents.flatMap((resident, at) =>
    isFaulty(resident) ? [{ path: `/residents/${at}/${member}`, message: 'is refused' }] : [],
  );
}
