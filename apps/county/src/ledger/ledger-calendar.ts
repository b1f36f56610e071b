import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ServiceLog } from '#libs/platform';
import { EntryActs } from './entry-acts.service.js';

const EVERY_MS = 60_000;

/** Takes due entries into effect now and then, so that boards and wallets move on without anybody asking. Nothing depends on it. */
@Injectable()
export class LedgerCalendar implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(
    private readonly acts: EntryActs,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.running = this.strike();
    }, EVERY_MS);
  }

  private async strike(): Promise<void> {
    try {
      await this.acts.bringUpToDate();
    } catch (fault) {
      this.log.fault('ledger.due_not_moved', fault);
    }
    this.schedule();
  }
}
