import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { GatewayError } from '#libs/platform';
import { StaffAccountEntity } from './staff-account.entity.js';
import { STAFF_OPTIONS, type StaffOptions } from './staff-options.js';

/** Stops the boot of a production service whose database still holds a sample account that is not disabled. */
@Injectable()
export class SampleAccountCheck implements OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    @Inject(STAFF_OPTIONS) private readonly options: StaffOptions,
  ) {}

  /** @throws GatewayError STAFF_SAMPLE_ACCOUNTS_IN_PRODUCTION */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.production) return;
    const count = await this.database.manager.countBy(StaffAccountEntity, { sample: true, disabledAt: IsNull() });
    if (count > 0) throw new GatewayError('STAFF_SAMPLE_ACCOUNTS_IN_PRODUCTION', { detail: `${count} not disabled` });
  }
}
