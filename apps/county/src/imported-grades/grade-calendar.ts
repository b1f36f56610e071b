import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { shanghaiDay } from '#libs/calendar';
import { Clock, ServiceLog } from '#libs/platform';
import { Releases } from '../assessment/releases.service.js';

const EVERY_MS = 60_000;

/** Once a day, and when the service starts, takes back what rests on imported grades that have ended. */
@Injectable()
export class GradeCalendar implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isClosed = false;
  private doneOn = '';

  constructor(
    private readonly releases: Releases,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.strike();
  }

  async onModuleDestroy(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async strike(): Promise<void> {
    const today = shanghaiDay(this.clock.now());
    try {
      if (this.doneOn !== today) await this.releases.revokeOutdated();
      this.doneOn = today;
    } catch (fault) {
      this.log.fault('grades.ended_not_revoked', fault);
    }
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.running = this.strike();
    }, EVERY_MS);
  }
}
