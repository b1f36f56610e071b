import { type EntityManager, IsNull } from 'typeorm';
import { GatewayError } from '#libs/platform';
import type { ResidentEntity } from '../residents/resident.entity.js';
import { lockResident } from '../residents/residents.service.js';
import type { EnrolledResident } from './device-proof.guard.js';
import { EnrolmentEntity } from './enrolment.entity.js';

/**
 * Locks the resident (see `lockResident`) and makes sure that the phone that asks is still the enrolled one: between its
 * proof and this lock a new phone may have taken its place.
 * @throws GatewayError DEVICE_PROOF_REFUSED
 */
export async function lockEnrolled(
  manager: EntityManager,
  { residentId, enrolmentId }: EnrolledResident,
): Promise<ResidentEntity> {
  const resident = await lockResident(manager, residentId);
  const isLive = await manager.existsBy(EnrolmentEntity, { id: enrolmentId, residentId, endedAt: IsNull() });
  if (!isLive) throw new GatewayError('DEVICE_PROOF_REFUSED');
  return resident;
}
