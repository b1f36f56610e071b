import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  readDocumentOf,
  verifyDelegation,
  type Anchor,
  type DelegationPayload,
  type SignedDocument,
  type VerifiedDelegation,
} from '#libs/alliance';
import { jwkThumbprint } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import type { DelegatedKeys, Officer } from '../documents/standing-documents.js';
import { SerialWrites } from '../heads/serial-writes.js';
import { ANCHOR } from './anchor.js';
import { DelegationEntity } from './delegation.entity.js';
import { OnlineKeys } from './online-keys.js';

/** Takes in the delegations that the roots have signed offline. The first one opens the federation. */
@Injectable()
export class Delegations {
  constructor(
    private readonly database: DataSource,
    private readonly writes: SerialWrites,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly onlineKeys: OnlineKeys,
    @Inject(ANCHOR) private readonly anchor: Anchor,
  ) {}

  /**
   * Takes a delegation in. It holds for the next round and the heads after it; until then heads go on under the old one,
   * since a round belongs to one epoch. The same delegation again changes nothing.
   * @throws GatewayError DELEGATION_REFUSED, DELEGATION_EXPIRED, DELEGATION_EPOCH_NOT_HIGHER, ONLINE_KEY_NOT_HELD
   */
  async install(document: SignedDocument, actor: string): Promise<DelegationEntity> {
    const verified = await verifyDelegation(document, this.anchor, nodeCrypto);
    if (!verified.ok)
      throw new GatewayError('DELEGATION_REFUSED', { fields: [{ path: '/delegation', message: verified.fault }] });
    return this.writes.run((manager) => this.enter(manager, document, verified.value, actor));
  }

  /** The delegation of the highest epoch, or none before the federation is open. */
  async current(manager: EntityManager = this.database.manager): Promise<DelegationEntity | undefined> {
    const [current] = await manager.find(DelegationEntity, { order: { epoch: 'DESC' }, take: 1 });
    return current;
  }

  /** Who has a purpose by the anchor or by the present delegation. */
  async keysOf(delegation: DelegationEntity): Promise<DelegatedKeys> {
    const { online, officers } = await payloadOf(delegation);
    const panel = new Map<string, Officer>();
    for (const { jwk, alg, organisation } of officers)
      panel.set(await jwkThumbprint(jwk, nodeCrypto), { organisation, key: { jwk, alg } });
    const others = [online, ...this.anchor.keys];
    const kids = await Promise.all(others.map(({ jwk }) => jwkThumbprint(jwk, nodeCrypto)));
    return { officers: panel, all: new Set([...panel.keys(), ...kids]) };
  }

  private async enter(
    manager: EntityManager,
    document: SignedDocument,
    { payload, digest, online }: VerifiedDelegation,
    actor: string,
  ): Promise<DelegationEntity> {
    const current = await this.current(manager);
    if (current?.digest === digest) return current;
    const now = this.clock.now();
    if (payload.exp <= now) throw new GatewayError('DELEGATION_EXPIRED');
    if (current !== undefined && payload.epoch <= current.epoch) throw new GatewayError('DELEGATION_EPOCH_NOT_HIGHER');
    if (this.onlineKeys.find(online.kid) === undefined) throw new GatewayError('ONLINE_KEY_NOT_HELD');
    const entity = manager.create(DelegationEntity, {
      epoch: payload.epoch,
      digest,
      payload: document.payload,
      signatures: [...document.signatures],
      onlineKid: online.kid,
      receivedAt: now,
      receivedBy: actor,
    });
    await manager.insert(DelegationEntity, entity);
    await this.audit.record(manager, {
      actor,
      action: 'delegation.installed',
      target: digest,
      detail: { epoch: payload.epoch },
    });
    return entity;
  }
}

/** The payload of a delegation that was verified when it came in. */
export async function payloadOf({ payload, signatures }: DelegationEntity): Promise<DelegationPayload> {
  const read = await readDocumentOf('delegation', { payload, signatures }, nodeCrypto);
  if (!read.ok) throw new GatewayError('INTERNAL', { detail: `a kept delegation is not readable: ${read.fault}` });
  return read.value.payload;
}
