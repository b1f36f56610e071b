import { Injectable } from '@nestjs/common';
import { GatewayError, HealthRegistry } from '#libs/platform';
import { Delegations } from './delegations.js';

/** The federation takes requests once the roots have delegated to it. */
@Injectable()
export class OpeningHealth {
  constructor(registry: HealthRegistry, delegations: Delegations) {
    registry.add('delegation', async () => {
      if ((await delegations.inUse()).inForce === undefined) throw new GatewayError('FEDERATION_NOT_OPEN');
    });
  }
}
