import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { Residents } from '../residents/residents.service.js';
import { isClosed } from '../subjects/find-subjects.js';
import { EnrolmentCodeEntity } from './enrolment-code.entity.js';
import { makeEnrolmentCode, parseEnrolmentCode } from './enrolment-code.js';

const LIFE_SECONDS = 600;
const MOST_ATTEMPTS = 5;

/** One-time codes that the desk gives to a resident whose document it has seen. */
@Injectable()
export class EnrolmentCodes {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly residents: Residents,
  ) {}

  /**
   * Makes a code for a resident; an earlier one that is unused is void from now on.
   * @returns the code, shown this once, and when it expires (Unix seconds)
   * @throws GatewayError NOT_FOUND (also outside the places of who asks), SUBJECT_ENDED
   */
  async make(handle: string, staff: Staff): Promise<{ readonly code: string; readonly expiresAt: number }> {
    const now = this.clock.now();
    const expiresAt = now + LIFE_SECONDS;
    return this.database.transaction(async (manager) => {
      const { id: residentId } = await this.residents.byHandle(handle, staff, manager);
      if (await isClosed(manager, residentId)) throw new GatewayError('SUBJECT_ENDED');
      await manager.update(EnrolmentCodeEntity, { residentId, voidedAt: IsNull() }, { voidedAt: now });
      const { text, kept } = await this.freshCode(manager);
      await manager.insert(EnrolmentCodeEntity, { ...kept, residentId, madeAt: now, expiresAt });
      await this.audit.record(manager, {
        actor: staff.username,
        action: 'enrolment_code.made',
        target: handle,
      });
      return { code: text, expiresAt };
    });
  }

  /**
   * Finds the code that a text is, and counts the try before it looks at the secret: five tries, right or wrong, are all a
   * code has. The count is kept whatever becomes of the request.
   * @throws GatewayError ENROLMENT_CODE_REFUSED, the same for every reason
   */
  async resolve(text: string): Promise<EnrolmentCodeEntity> {
    const given = parseEnrolmentCode(text);
    if (given === undefined) throw new GatewayError('ENROLMENT_CODE_REFUSED');
    const { selector } = given;
    await this.database.manager.increment(EnrolmentCodeEntity, { selector }, 'attempts', 1);
    const code = await this.database.manager.findOneBy(EnrolmentCodeEntity, { selector });
    const isOpen =
      code !== null &&
      code.secretDigest === given.secretDigest &&
      code.attempts <= MOST_ATTEMPTS &&
      code.voidedAt === null &&
      this.clock.now() < code.expiresAt;
    if (!isOpen) throw new GatewayError('ENROLMENT_CODE_REFUSED');
    return code;
  }

  /** A code whose selector nobody has at present; selectors of codes that are long over are free again. */
  private async freshCode(manager: EntityManager): Promise<ReturnType<typeof makeEnrolmentCode>> {
    for (;;) {
      const code = makeEnrolmentCode();
      const [taken] = await manager.findBy(EnrolmentCodeEntity, { selector: code.kept.selector });
      if (taken === undefined) return code;
      if (taken.expiresAt + LIFE_SECONDS < this.clock.now()) {
        await manager.delete(EnrolmentCodeEntity, { selector: taken.selector });
        return code;
      }
    }
  }
}
