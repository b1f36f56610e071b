import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { HEAD_PUBLISHED, STATUS_CHANGED } from '#libs/messaging';
import { StatusListKeeper } from '../status-lists/status-list-keeper.js';
import { TrustKeeper } from './trust-keeper.js';

/** A hint says that something may be worth fetching; it is never believed. */
@Controller()
export class HintsController {
  constructor(
    private readonly trust: TrustKeeper,
    private readonly lists: StatusListKeeper,
  ) {}

  @EventPattern(HEAD_PUBLISHED)
  headPublished(@Payload() _hint: unknown): void {
    this.trust.wake();
  }

  @EventPattern(STATUS_CHANGED)
  statusChanged(@Payload() hint: unknown): void {
    if (typeof hint === 'object' && hint !== null && 'uri' in hint && typeof hint.uri === 'string')
      this.lists.wake(hint.uri);
  }
}
