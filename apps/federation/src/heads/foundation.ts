import type { EntityManager } from 'typeorm';
import { shanghaiDayStart } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { HeadEntity } from './head.entity.js';

/**
 * The time before the first head. An alliance that was founded on paper before this registry ran may be entered as of the
 * day it was founded: the notice of its first tables counts from then, and its first head is dated then (and so is long
 * expired). Once any head is published, nothing can be dated back any more.
 */
export class Foundation {
  /** Unix seconds: the start of the founding day. */
  readonly foundedAt: number | undefined;

  /** @param day `YYYY-MM-DD`, Asia/Shanghai */
  constructor(
    day: string | undefined,
    private readonly clock: Clock,
  ) {
    this.foundedAt = day === undefined ? undefined : Math.min(shanghaiDayStart(day), clock.now());
  }

  /**
   * When a document counts as submitted: now, or before the first head the founding day, or the moment asked for.
   * @param asked Unix seconds
   * @throws GatewayError FOUNDING_CLOSED when a moment is asked for after the first head; BODY_INVALID when it is to come
   */
  async submissionTime(manager: EntityManager, asked: number | undefined): Promise<number> {
    const now = this.clock.now();
    if (!(await this.isOpen(manager))) {
      if (asked !== undefined) throw new GatewayError('FOUNDING_CLOSED');
      return now;
    }
    if (asked !== undefined && asked > now)
      throw new GatewayError('BODY_INVALID', { fields: [{ path: '/submittedAt', message: 'lies in the future' }] });
    return asked ?? this.foundedAt ?? now;
  }

  /** Whether no head has ever been published. */
  async isOpen(manager: EntityManager): Promise<boolean> {
    return !(await manager.exists(HeadEntity));
  }
}
