import type { EntityManager } from 'typeorm';
import { GatewayError } from '#libs/platform';
import { ActivityEntity } from './activity.entity.js';

/**
 * Locks an activity until the caller's transaction ends: nobody signs up, withdraws or posts its sheet meanwhile.
 * @throws GatewayError NOT_FOUND
 */
export async function lockActivity(manager: EntityManager, id: string): Promise<ActivityEntity> {
  const [activity] = await manager.find(ActivityEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
  if (activity === undefined) throw new GatewayError('NOT_FOUND');
  return activity;
}
