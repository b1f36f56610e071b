import { type EntityManager, In, IsNull, MoreThan } from 'typeorm';
import { AttestationEntity } from './attestation.entity.js';

/** The attestations of these residents that gates still take: neither revoked nor expired. All epochs, so up to two a partner. */
export async function liveAttestations(
  manager: EntityManager,
  residentIds: readonly string[],
  now: number,
): Promise<readonly AttestationEntity[]> {
  return manager.findBy(AttestationEntity, { residentId: In(residentIds), revokedAt: IsNull(), exp: MoreThan(now) });
}
