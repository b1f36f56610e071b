import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { type JsonValue, jwkThumbprint, parsePublicJwk, type PublicJwk } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import { Revocations } from '../attestations/revocations.service.js';
import { maskedName } from '../residents/masked-name.js';
import { lockResident } from '../residents/residents.service.js';
import { isClosed } from '../subjects/find-subjects.js';
import { EnrolmentCodeEntity } from './enrolment-code.entity.js';
import { EnrolmentCodes } from './enrolment-codes.service.js';
import { EnrolmentEntity } from './enrolment.entity.js';

export interface MadeEnrolment {
  readonly enrolment: string;
  /** Masked name, for display. */
  readonly person: string;
}

type DeviceKey = Pick<EnrolmentEntity, 'deviceThumbprint' | 'deviceX' | 'deviceY'>;

/** Binds a resident to the phone in the resident's hand. */
@Injectable()
export class Enrolments {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly codes: EnrolmentCodes,
    private readonly revocations: Revocations,
  ) {}

  /**
   * Enrols a phone against a one-time code. The resident's earlier enrolment ends and everything on the old phone is revoked,
   * in the same transaction (design §4.1). The same code from the same phone, while the code lives, gets the same answer.
   * @param deviceJwk untrusted
   * @throws GatewayError ENROLMENT_CODE_REFUSED, DEVICE_KEY_INVALID
   */
  async enrol(codeText: string, deviceJwk: JsonValue): Promise<MadeEnrolment> {
    const device = await parseDeviceKey(deviceJwk);
    const code = await this.codes.resolve(codeText);
    return this.revocations.transaction(async (manager) => {
      const resident = await lockResident(manager, code.residentId);
      // Whoever closes an account holds this lock, so it is not closed under us.
      if (await isClosed(manager, resident.id)) throw new GatewayError('ENROLMENT_CODE_REFUSED');
      const enrolment =
        (await this.madeBefore(manager, code.selector, device)) ?? (await this.replace(manager, code, device));
      return { enrolment, person: maskedName(resident.name) };
    });
  }

  /** A live enrolment, or `null`. */
  async findLive(id: string, manager: EntityManager = this.database.manager): Promise<EnrolmentEntity | null> {
    return manager.findOneBy(EnrolmentEntity, { id, endedAt: IsNull() });
  }

  /** Ends a resident's enrolment: the phone is a stranger from then on. The caller revokes what was issued to it. */
  async end(manager: EntityManager, residentId: string): Promise<void> {
    await manager.update(EnrolmentEntity, { residentId, endedAt: IsNull() }, { endedAt: this.clock.now() });
  }

  /** The enrolment this code already made for this phone: its answer was lost. */
  private async madeBefore(manager: EntityManager, selector: string, device: DeviceKey): Promise<string | undefined> {
    const { enrolmentId } = await manager.findOneByOrFail(EnrolmentCodeEntity, { selector });
    if (enrolmentId === null) return undefined;
    const enrolment = await this.findLive(enrolmentId, manager);
    if (enrolment?.deviceThumbprint !== device.deviceThumbprint) throw new GatewayError('ENROLMENT_CODE_REFUSED');
    return enrolment.id;
  }

  private async replace(manager: EntityManager, code: EnrolmentCodeEntity, device: DeviceKey): Promise<string> {
    const { residentId, selector } = code;
    const now = this.clock.now();
    await this.end(manager, residentId);
    const revoked = await this.revocations.endKeys(manager, { residentId }, 're_enrolled');
    const enrolment = { id: randomUUID(), residentId, ...device, madeAt: now, endedAt: null };
    await manager.insert(EnrolmentEntity, enrolment);
    await manager.update(EnrolmentCodeEntity, { selector }, { enrolmentId: enrolment.id });
    const audited = { actor: 'resident', action: 'enrolment.made', target: enrolment.id, detail: { revoked } };
    await this.audit.record(manager, audited);
    return enrolment.id;
  }
}

/** The public key of a device, as the county keeps it. */
export function deviceKeyOf({ deviceX: x, deviceY: y }: DeviceKey): PublicJwk {
  return { kty: 'EC', crv: 'P-256', x, y };
}

async function parseDeviceKey(value: JsonValue): Promise<DeviceKey> {
  const parsed = parsePublicJwk(value, 'ES256');
  if (!parsed.ok || parsed.value.kty !== 'EC') throw new GatewayError('DEVICE_KEY_INVALID');
  const jwk = parsed.value;
  await nodeCrypto.importPublicKey('ES256', jwk).catch(() => {
    throw new GatewayError('DEVICE_KEY_INVALID');
  });
  return { deviceThumbprint: await jwkThumbprint(jwk, nodeCrypto), deviceX: jwk.x, deviceY: jwk.y };
}
