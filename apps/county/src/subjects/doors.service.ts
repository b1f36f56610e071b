import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import { Places } from '../places/places.service.js';
import { doorDigest, makeDoorCode } from './door-code.js';
import { DoorEntity } from './door.entity.js';
import { lockLive, subjectInScope } from './find-subjects.js';
import { SubjectEntity } from './subject.entity.js';

/** Codes on the doors of households and buildings, for those who go from door to door. */
@Injectable()
export class Doors {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  /**
   * Makes the code of a door; the one before it opens nothing any more.
   * @returns the link to print, shown this once: who loses it prints another
   * @throws GatewayError NOT_FOUND, SUBJECT_ENDED, SUBJECT_KIND_WRONG
   */
  async issue(handle: string, staff: Staff): Promise<string> {
    const { code, digest } = makeDoorCode();
    await this.change(handle, staff, 'door.issued', { digest });
    return `${this.config.id}/d#${code}`;
  }

  /** @throws GatewayError NOT_FOUND, SUBJECT_ENDED, SUBJECT_KIND_WRONG */
  async revoke(handle: string, staff: Staff): Promise<void> {
    await this.change(handle, staff, 'door.revoked');
  }

  /**
   * The household or building whose door was scanned.
   * @throws GatewayError DOOR_UNKNOWN: unreadable, unknown, revoked or outside the worker's own places are one answer
   */
  async resolve(text: string, staff: Staff): Promise<SubjectEntity> {
    const digest = doorDigest(text) ?? '';
    const tree = await this.places.tree();
    const door = await this.database.manager.findOneBy(DoorEntity, { digest, revokedAt: IsNull() });
    const subject = await this.database.manager.findOneBy(SubjectEntity, { id: door?.subjectId ?? NOBODY });
    if (subject === null || subject.endedOn !== null || !staffCovers(staff, subject.place, tree))
      throw new GatewayError('DOOR_UNKNOWN');
    return subject;
  }

  private async change(
    handle: string,
    staff: Staff,
    action: 'door.issued' | 'door.revoked',
    next?: { readonly digest: string },
  ): Promise<void> {
    const tree = await this.places.tree();
    const now = this.clock.now();
    await this.database.transaction(async (manager) => {
      const { id } = await subjectInScope(manager, handle, staff, tree);
      const { kind, handle: target } = await lockLive(manager, id);
      if (kind !== 'household' && kind !== 'building') throw new GatewayError('SUBJECT_KIND_WRONG');
      await manager.update(DoorEntity, { subjectId: id, revokedAt: IsNull() }, { revokedAt: now });
      if (next !== undefined)
        await manager.insert(DoorEntity, { ...next, subjectId: id, issuedAt: now, revokedAt: null });
      await this.audit.record(manager, { actor: staff.username, action, target });
    });
  }
}

/** No subject has this id: an unknown code costs the same two look-ups. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
