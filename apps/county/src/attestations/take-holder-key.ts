import type { EntityManager } from 'typeorm';
import { GatewayError } from '#libs/platform';
import type { EnrolledResident } from '../enrolment/device-proof.guard.js';
import { EnrolmentEntity } from '../enrolment/enrolment.entity.js';
import { HolderKeyEntity } from './holder-key.entity.js';
import type { HolderProof } from './holder-proof.js';

/**
 * The holder key of this phone for this partner: once proven it stays, through renewals and through consent withdrawn and
 * given again. A gate counts uses by it, so a fresh key for the asking would be a fresh quota; a new one takes a new
 * enrolment, for which the resident stands at the desk. So does a key that an officer has revoked.
 * @param now Unix seconds
 * @throws GatewayError HOLDER_KEY_REFUSED
 */
export async function takeHolderKey(
  manager: EntityManager,
  { residentId, enrolmentId }: EnrolledResident,
  {
    partner,
    proof: { thumbprint, jwk },
    now,
  }: { readonly partner: string; readonly proof: HolderProof; readonly now: number },
): Promise<HolderKeyEntity> {
  const { x, y } = jwk;
  const known = await manager.findOneBy(HolderKeyEntity, { enrolmentId, partner });
  if (known !== null) {
    if (known.thumbprint !== thumbprint) throw new GatewayError('HOLDER_KEY_REFUSED');
    if (known.endedAt !== null && known.cause !== 'consent_withdrawn') throw new GatewayError('HOLDER_KEY_REFUSED');
    if (known.endedAt !== null) await manager.update(HolderKeyEntity, { thumbprint }, { endedAt: null, cause: null });
    return known;
  }
  // The device key is known under another name; as a holder key it would tie the partner's view to the phone.
  if (await manager.existsBy(EnrolmentEntity, { deviceThumbprint: thumbprint }))
    throw new GatewayError('HOLDER_KEY_REFUSED');
  const key = {
    thumbprint,
    residentId,
    enrolmentId,
    partner,
    x,
    y,
    addedAt: now,
    endedAt: null,
    cause: null,
  };
  const added = await manager
    .createQueryBuilder()
    .insert()
    .into(HolderKeyEntity)
    .values(key)
    .orIgnore()
    .returning('thumbprint')
    .execute();
  // Known already: to another partner, another resident, or an earlier enrolment. The whole transaction is undone.
  if (!Array.isArray(added.raw) || added.raw.length === 0) throw new GatewayError('HOLDER_KEY_REFUSED');
  return key;
}
