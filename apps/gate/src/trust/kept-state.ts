import { Injectable, type OnModuleInit } from '@nestjs/common';
import { StatusListKeeper } from '../status-lists/status-list-keeper.js';
import { TimeFloor } from './time-floor.js';
import { TrustKeeper } from './trust-keeper.js';

/** Takes up what was kept before the service answers anything: the floor first, then the trust, then what it vouches for. */
@Injectable()
export class KeptState implements OnModuleInit {
  constructor(
    private readonly floor: TimeFloor,
    private readonly trust: TrustKeeper,
    private readonly lists: StatusListKeeper,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.floor.load();
    await this.trust.load();
    await this.lists.load();
  }
}
