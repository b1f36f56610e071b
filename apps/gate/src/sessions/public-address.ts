import { Inject, Injectable } from '@nestjs/common';
import { GATE_CONFIG, type GateConfig } from '../gate.config.js';

/** Under which address wallets reach this service. */
@Injectable()
export class PublicAddress {
  private url: string | undefined;

  constructor(@Inject(GATE_CONFIG) config: GateConfig) {
    this.url = config.publicUrl?.replace(/\/$/, '');
  }

  /** Where the service listens serves when no public address is configured. */
  listeningAt(url: string): void {
    this.url ??= url;
  }

  get base(): string {
    if (this.url === undefined) throw new TypeError('the service does not listen yet');
    return this.url;
  }
}
