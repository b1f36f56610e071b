import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThanOrEqual, Not, type EntityManager } from 'typeorm';
import {
  documentTyp,
  readDocumentOf,
  verifyDelegation,
  type AllianceFault,
  type DelegationPayload,
  type SignedDocument,
  type VerifiedDelegation,
} from '#libs/alliance';
import { jwkThumbprint, parseDetachedJws } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import { Anchors } from '../anchors/anchors.js';
import type { DelegatedKeys, Officer } from '../documents/standing-documents.js';
import { SerialWrites } from '../heads/serial-writes.js';
import { RoundEntity } from '../rounds/round.entity.js';
import { DelegationEntity } from './delegation.entity.js';
import { OnlineKeys } from './online-keys.js';

/** Half of what a document takes, so that the next roots can add theirs to what they were served. */
const MAX_SERVED = 8;

/** The delegations that count at one moment. */
export interface DelegationsInUse {
  /** Of the last adopted round; before the first round the newest; none before the federation is open. */
  readonly inForce: DelegationEntity | undefined;
  /** The newest, while it waits for the first round of its epoch and another is in force. */
  readonly prepared: DelegationEntity | undefined;
}

/**
 * Takes in the delegations that the roots have signed offline. The first one opens the federation. A further one is
 * _prepared_: the epoch in force goes on, with its online key, officers and rounds, until the first round of the prepared
 * epoch is adopted, and from that moment on the prepared one is in force.
 */
@Injectable()
export class Delegations {
  constructor(
    private readonly database: DataSource,
    private readonly writes: SerialWrites,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly onlineKeys: OnlineKeys,
    private readonly anchors: Anchors,
  ) {}

  /**
   * Takes a delegation in. The same one again adds the signatures of roots that were not there, nothing else.
   * @throws GatewayError DELEGATION_REFUSED, DELEGATION_EXPIRED, DELEGATION_EPOCH_NOT_HIGHER, ONLINE_KEY_NOT_HELD
   */
  install(document: SignedDocument, actor: string): Promise<DelegationEntity> {
    return this.writes.run(async (manager) => {
      const verified = await this.verify(manager, document);
      const kept = await manager.findOneBy(DelegationEntity, { digest: verified.digest });
      return kept === null
        ? this.enter(manager, document, verified, actor)
        : this.addSignatures(manager, kept, verified.signatures, actor);
    });
  }

  /**
   * Adds the signatures of new roots to a delegation that is here, in a transaction of `SerialWrites`.
   * @throws GatewayError DELEGATION_REFUSED, NOT_FOUND
   */
  async cosign(manager: EntityManager, document: SignedDocument, actor: string): Promise<void> {
    const { digest, signatures } = await this.verify(manager, document);
    const kept = await manager.findOneBy(DelegationEntity, { digest });
    if (kept === null) throw new GatewayError('NOT_FOUND');
    await this.addSignatures(manager, kept, signatures, actor);
  }

  async inUse(manager: EntityManager = this.database.manager): Promise<DelegationsInUse> {
    const adopted = await manager.maximum(RoundEntity, 'epoch', { adoptedAt: Not(IsNull()) });
    if (adopted === null) return { inForce: await this.newest(manager), prepared: undefined };
    const since = await manager.find(DelegationEntity, {
      where: { epoch: MoreThanOrEqual(adopted) },
      order: { epoch: 'DESC' },
    });
    const inForce = since.at(-1);
    if (inForce?.epoch !== adopted) throw new GatewayError('INTERNAL', { detail: `delegation ${adopted} is lost` });
    return { inForce, prepared: since.length > 1 ? since[0] : undefined };
  }

  /** Who has a purpose by a delegation, and what keys are taken by the anchor and every one that is in use. */
  async keysOf(
    manager: EntityManager,
    delegation: DelegationEntity,
    { inForce, prepared }: DelegationsInUse,
  ): Promise<DelegatedKeys> {
    const { officers } = await payloadOf(delegation);
    const panel = new Map<string, Officer>();
    for (const { jwk, alg, organisation } of officers)
      panel.set(await jwkThumbprint(jwk, nodeCrypto), { organisation, key: { jwk, alg } });
    const taken = [...(await this.anchors.newest(manager)).keys];
    for (const each of [inForce, prepared]) {
      if (each === undefined) continue;
      const payload = await payloadOf(each);
      taken.push({ ...payload.online, organisation: '' }, ...payload.officers);
    }
    const kids = await Promise.all(taken.map(({ jwk }) => jwkThumbprint(jwk, nodeCrypto)));
    return { officers: panel, all: new Set(kids) };
  }

  /**
   * A delegation as it is served: with the signatures of present roots, and as many of former ones, the latest, as there is room
   * for. All of them stay on record.
   */
  async served(manager: EntityManager, delegation: DelegationEntity): Promise<SignedDocument> {
    const { payload, signatures } = delegation;
    const { keys } = await this.anchors.newest(manager);
    const roots = new Set(await Promise.all(keys.map(({ jwk }) => jwkThumbprint(jwk, nodeCrypto))));
    const isPresent = (signature: string) => roots.has(kidOf(signature, delegation) ?? '');
    const former = signatures.filter((signature) => !isPresent(signature)).toReversed();
    return { payload, signatures: [...signatures.filter(isPresent), ...former].slice(0, MAX_SERVED) };
  }

  private async newest(manager: EntityManager): Promise<DelegationEntity | undefined> {
    const [newest] = await manager.find(DelegationEntity, { order: { epoch: 'DESC' }, take: 1 });
    return newest;
  }

  /** Under the newest anchor; signatures of former roots stay where they make up their threshold, for gates that know no later one. */
  private async verify(manager: EntityManager, document: SignedDocument): Promise<SignedDelegation> {
    const verified = await verifyDelegation(document, await this.anchors.newest(manager), nodeCrypto);
    if (!verified.ok) throw refused(verified.fault);
    const valid = new Set(verified.value.signatures);
    for (const anchor of await this.anchors.all(manager)) {
      const former = await verifyDelegation(document, anchor, nodeCrypto);
      if (former.ok) for (const signature of former.value.signatures) valid.add(signature);
    }
    return { ...verified.value, signatures: document.signatures.filter((signature) => valid.has(signature)) };
  }

  private async addSignatures(
    manager: EntityManager,
    kept: DelegationEntity,
    signatures: readonly string[],
    actor: string,
  ): Promise<DelegationEntity> {
    const signedBy = new Set(kept.signatures.map((each) => kidOf(each, kept)));
    const added = signatures.filter((each) => !signedBy.has(kidOf(each, kept)));
    if (added.length === 0) return kept;
    const { epoch, digest } = kept;
    await manager.update(DelegationEntity, { epoch }, { signatures: [...kept.signatures, ...added] });
    const detail = { epoch, added: added.length };
    await this.audit.record(manager, { actor, action: 'delegation.cosigned', target: digest, detail });
    return manager.findOneByOrFail(DelegationEntity, { epoch });
  }

  private async enter(
    manager: EntityManager,
    document: SignedDocument,
    { payload, digest, online, signatures }: SignedDelegation,
    actor: string,
  ): Promise<DelegationEntity> {
    const newest = await this.newest(manager);
    const now = this.clock.now();
    if (payload.exp <= now) throw new GatewayError('DELEGATION_EXPIRED');
    if (newest !== undefined && payload.epoch <= newest.epoch) throw new GatewayError('DELEGATION_EPOCH_NOT_HIGHER');
    if (this.onlineKeys.find(online.kid) === undefined) throw new GatewayError('ONLINE_KEY_NOT_HELD');
    const entity = manager.create(DelegationEntity, {
      epoch: payload.epoch,
      digest,
      payload: document.payload,
      signatures: [...signatures],
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

type SignedDelegation = Omit<VerifiedDelegation, 'signatures'> & { readonly signatures: readonly string[] };

function refused(fault: AllianceFault): GatewayError {
  return new GatewayError('DELEGATION_REFUSED', { fields: [{ path: '/delegation', message: fault }] });
}

/** Of a signature that has been verified. */
function kidOf(signature: string, { payload }: Pick<DelegationEntity, 'payload'>): string | undefined {
  const parsed = parseDetachedJws(signature, payload, documentTyp('delegation'));
  return parsed.ok ? parsed.value.kid : undefined;
}

/** The payload of a delegation that was verified when it came in. */
export async function payloadOf({ payload }: DelegationEntity): Promise<DelegationPayload> {
  const read = await readDocumentOf('delegation', { payload, signatures: [] }, nodeCrypto);
  if (!read.ok) throw new GatewayError('INTERNAL', { detail: `a kept delegation is not readable: ${read.fault}` });
  return read.value.payload;
}
