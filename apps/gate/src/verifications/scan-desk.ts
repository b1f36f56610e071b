import { Injectable } from '@nestjs/common';
import { decodePresentationQr } from '#libs/attestation';
import { shanghaiDay } from '#libs/calendar';
import type { Party } from '#libs/offers';
import { Clock, GatewayError } from '#libs/platform';
import { MemoryTransaction } from '../site-memory/memory-transaction.js';
import type { Place } from '../sites/site-directory.js';
import { TrustKeeper } from '../trust/trust-keeper.js';
import { VerdictDesk, type Answer } from './verdict-desk.js';
import type { Scanned } from './verification-request.schema.js';

const ONE_ADULT: Party = { adults: 1, children: 0, seniors: 0 };

/** Decides what is scanned at a lane. */
@Injectable()
export class ScanDesk {
  constructor(
    private readonly desk: VerdictDesk,
    private readonly memory: MemoryTransaction,
    private readonly trust: TrustKeeper,
    private readonly clock: Clock,
  ) {}

  /** @throws GatewayError OFFER_UNKNOWN when the clerk names none of this partner's, SITE_MEMORY_UNAVAILABLE; whatever was scanned is answered with a verdict */
  async scan(place: Place, scanned: Scanned, party: Party = ONE_ADULT): Promise<Answer> {
    if (scanned.way === 'card') this.checkIsPartners(place, scanned.offer);
    const presented = await this.desk.read(decodePresentationQr(scanned.qr) ?? '', {
      place,
      party,
      day: shanghaiDay(this.clock.now()),
      orderRef: undefined,
      expectation: {
        way: scanned.way,
        audience: place.site,
        nonce: undefined,
        // A rotating code serves every lane of a site, and names the offer it is shown for.
        offer: scanned.way === 'card' ? scanned.offer : undefined,
      },
    });
    return this.memory.run((manager) =>
      presented === undefined ? this.desk.turnAway(manager, place.site, 'stale') : this.desk.decide(manager, presented),
    );
  }

  /** A clerk asks for an offer of the own partner, as a shop does; how another partner's stands is nobody's business here. */
  private checkIsPartners({ partner }: Place, offer: string): void {
    const trust = this.trust.current();
    if (trust !== undefined && trust.offer(offer)?.payload.partner !== partner) throw new GatewayError('OFFER_UNKNOWN');
  }
}
