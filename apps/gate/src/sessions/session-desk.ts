import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, MoreThan } from 'typeorm';
import type { AllianceTrust } from '#libs/alliance';
import { shanghaiDay } from '#libs/calendar';
import type { Offer } from '#libs/offers';
import { Clock, GatewayError } from '#libs/platform';
import { decideOffer, rulesFor } from '#libs/verifier';
import { GATE_CONFIG, type GateConfig } from '../gate.config.js';
import { lockKey } from '../site-memory/memory-handles.js';
import { MemoryTransaction } from '../site-memory/memory-transaction.js';
import { SiteMemory } from '../site-memory/site-memory.js';
import type { Place } from '../sites/site-directory.js';
import { TrustKeeper } from '../trust/trust-keeper.js';
import { VerdictDesk, type Occasion } from '../verifications/verdict-desk.js';
import { PublicAddress } from './public-address.js';
import type { OfferVerdictAnswer, OpenedVerificationAnswer, SessionRequest } from './session.dto.js';
import { VerificationSessionEntity } from './verification-session.entity.js';

/** Opens sessions: one offer, one order, one nonce. The offer itself is decided first. */
@Injectable()
export class SessionDesk {
  constructor(
    @Inject(GATE_CONFIG) private readonly config: GateConfig,
    private readonly trust: TrustKeeper,
    private readonly transaction: MemoryTransaction,
    private readonly memory: SiteMemory,
    private readonly desk: VerdictDesk,
    private readonly address: PublicAddress,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a session, or gives back the open one of the same order.
   * @throws GatewayError VISIT_DAY_PAST, OFFER_UNKNOWN, ORDER_REF_REUSED, SITE_MEMORY_UNAVAILABLE
   */
  async open(place: Place, request: SessionRequest): Promise<OpenedVerificationAnswer | OfferVerdictAnswer> {
    const today = shanghaiDay(this.clock.now());
    if (request.visitDay !== undefined && request.visitDay < today) throw new GatewayError('VISIT_DAY_PAST');
    const trust = this.trust.current();
    if (trust === undefined) return { verdict: 'stale' };
    const offer = trust.offer(request.offer)?.payload;
    if (offer?.partner !== place.partner) throw new GatewayError('OFFER_UNKNOWN');
    return this.transaction.run(async (manager) => {
      const taken = await this.memory.takenOn(manager, offer, request.visitDay ?? today);
      const verdict = this.decideOffer(trust, offer, place, request, request.visitDay ?? today, taken);
      return verdict === undefined ? this.openedSession(await this.findOrMake(manager, place, request)) : { verdict };
    });
  }

  private decideOffer(
    trust: AllianceTrust,
    offer: Offer,
    place: Place,
    { party, orderRef }: SessionRequest,
    day: string,
    takenToday: number,
  ): 'not_available' | 'stale' | undefined {
    const expectation = { way: 'session', audience: '', nonce: undefined, offer: offer.id } as const;
    const occasion: Occasion = { place, party, day, orderRef, expectation };
    const facts = this.desk.factsBefore(trust, occasion, takenToday);
    return decideOffer(facts, rulesFor(trust, offer.id, place.partner, undefined));
  }

  private async findOrMake(
    manager: EntityManager,
    place: Place,
    request: SessionRequest,
  ): Promise<VerificationSessionEntity> {
    const { offer, orderRef } = request;
    await manager.query('SELECT pg_advisory_xact_lock($1)', [lockKey('session', offer, orderRef)]);
    const now = this.clock.now();
    const where = { offer, orderRef, verificationId: IsNull(), expiresAt: MoreThan(now) };
    const open = await manager.findOneBy(VerificationSessionEntity, where);
    if (open === null) return this.make(manager, place, request, now);
    if (!isSameOrder(open, request)) throw new GatewayError('ORDER_REF_REUSED');
    return open;
  }

  private async make(
    manager: EntityManager,
    { site, partner }: Place,
    { offer, orderRef, party: { adults, children, seniors }, visitDay }: SessionRequest,
    now: number,
  ): Promise<VerificationSessionEntity> {
    const id = randomUUID();
    const session: VerificationSessionEntity = {
      id,
      site,
      partner,
      offer,
      orderRef,
      party: { adults, children, seniors },
      visitDay: visitDay ?? null,
      // OpenID4VP 1.0 §5.9.3: the response URI itself identifies a verifier that signs no request.
      clientId: `redirect_uri:${responseUri(this.address.base, id)}`,
      nonce: randomBytes(16).toString('base64url'),
      createdAt: now,
      expiresAt: now + this.config.sessionLifeSeconds,
      verificationId: null,
      proof: null,
    };
    await manager.insert(VerificationSessionEntity, session);
    return session;
  }

  private openedSession({ id, clientId, nonce, expiresAt }: VerificationSessionEntity): OpenedVerificationAnswer {
    const requestUri = `${this.address.base}/v1/verification-sessions/${id}/request`;
    const query = new URLSearchParams({ client_id: clientId, request_uri: requestUri });
    return {
      id,
      clientId,
      nonce,
      requestUri,
      link: `https://${this.config.qrHost.toLowerCase()}/#${query.toString()}`,
      expiresAt,
    };
  }
}

function responseUri(base: string, id: string): string {
  return `${base}/v1/verification-sessions/${id}/response`;
}

function isSameOrder(session: VerificationSessionEntity, { site, party, visitDay }: SessionRequest): boolean {
  const isSameParty =
    session.party.adults === party.adults &&
    session.party.children === party.children &&
    session.party.seniors === party.seniors;
  return session.site === site && session.visitDay === (visitDay ?? null) && isSameParty;
}
