import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, type FieldFault, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import { ResidentEntity } from './resident.entity.js';

export type ResidentParticulars = Pick<ResidentEntity, 'handle' | 'name' | 'documentLast4' | 'birthYear'>;

/** With only the year known, a person is surely eighteen from the year in which they turn nineteen. */
const SURELY_ADULT_YEARS = 19;

/** The residents of this county. */
@Injectable()
export class Residents {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Records residents, all or none; a handle that is there already with the same particulars is left as it is.
   * @throws GatewayError RESIDENT_MINOR, RESIDENT_DIFFERS naming the places in the list
   */
  async record(
    residents: readonly ResidentParticulars[],
    actor: string,
  ): Promise<{ readonly recorded: number; readonly existing: number }> {
    this.refuseMinors(residents);
    const createdAt = this.clock.now();
    // In one order, so that two requests with the same residents never wait for each other.
    const inOrder = residents.toSorted((one, other) => (one.handle < other.handle ? -1 : 1));
    return this.database.transaction(async (manager) => {
      const inserted = await manager
        .createQueryBuilder()
        .insert()
        .into(ResidentEntity)
        .values(
          inOrder.map(({ handle, name, documentLast4, birthYear }) => {
            return { id: randomUUID(), handle, name, documentLast4, birthYear, createdAt };
          }),
        )
        .orIgnore()
        .returning('handle')
        .execute();
      const recorded = Array.isArray(inserted.raw) ? inserted.raw.length : 0;
      await refuseDifferent(manager, residents);
      const counts = { recorded, existing: residents.length - recorded };
      await this.audit.record(manager, { actor, action: 'residents.recorded', detail: counts });
      return counts;
    });
  }

  /** @throws GatewayError NOT_FOUND */
  async byHandle(handle: string, manager: EntityManager = this.database.manager): Promise<ResidentEntity> {
    const resident = await manager.findOneBy(ResidentEntity, { handle });
    if (resident === null) throw new GatewayError('NOT_FOUND');
    return resident;
  }

  private refuseMinors(residents: readonly ResidentParticulars[]): void {
    const year = Number(shanghaiDay(this.clock.now()).slice(0, 4));
    const fields = faultsWhere(residents, ({ birthYear }) => year - birthYear < SURELY_ADULT_YEARS, 'birthYear');
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
