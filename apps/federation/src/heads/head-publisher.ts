import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Bus, HEAD_PUBLISHED, type HeadPublishedHint } from '#libs/messaging';
import { ServiceLog } from '#libs/platform';
import { HeadChain } from './head-chain.js';
import type { HeadCause, HeadEntity } from './head.entity.js';
import { SerialWrites } from './serial-writes.js';

/** Publishes heads: whatever calls for one happens in the same transaction, and the hint goes out when all of it is kept. */
@Injectable()
export class HeadPublisher {
  constructor(
    private readonly writes: SerialWrites,
    private readonly chain: HeadChain,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  /**
   * Runs `work` and, when it says so, appends a head to the chain, all in one transaction of `SerialWrites`.
   * @param work resolves to its outcome and the reason for a head, if one is called for
   * @throws GatewayError as `work` and `HeadChain.append`
   */
  async publish<Outcome>(
    work: (manager: EntityManager) => Promise<{ readonly outcome: Outcome; readonly cause?: HeadCause | undefined }>,
  ): Promise<Outcome> {
    const { outcome, head } = await this.writes.run(async (manager) => {
      const done = await work(manager);
      const appended = done.cause && (await this.chain.append(manager, done.cause));
      return { outcome: done.outcome, head: appended };
    });
    if (head !== undefined) this.announce(head);
    return outcome;
  }

  private announce({ epoch, seq, cause }: HeadEntity): void {
    this.log.info('head.published', { epoch, seq, cause });
    this.bus.hint(HEAD_PUBLISHED, { epoch, seq } satisfies HeadPublishedHint);
  }
}
