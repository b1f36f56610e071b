import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Bundle, SignedDocument } from '#libs/alliance';
import { GatewayError } from '#libs/platform';
import { Anchors } from '../anchors/anchors.js';
import { DelegationEntity } from '../delegation/delegation.entity.js';
import { Delegations } from '../delegation/delegations.js';
import { ServedDocuments } from '../documents/served-documents.js';
import { RoundSignatureEntity } from '../rounds/round-signature.entity.js';
import { RoundEntity } from '../rounds/round.entity.js';
import { HeadEntity } from './head.entity.js';

/** A head with the documents it is verified under. */
export type HeadWithProof = Omit<Bundle, 'documents'>;

/** Reads what has been published: any head of any time, and the bundle of the latest. */
@Injectable()
export class PublishedHeads {
  constructor(
    private readonly database: DataSource,
    private readonly documents: ServedDocuments,
    private readonly anchors: Anchors,
    private readonly delegations: Delegations,
  ) {}

  /** The latest head by (epoch, seq), or none before the first. */
  async latest(manager: EntityManager = this.database.manager): Promise<HeadEntity | undefined> {
    const [latest] = await manager.find(HeadEntity, { order: { epoch: 'DESC', seq: 'DESC' }, take: 1 });
    return latest;
  }

  /** @throws GatewayError HEAD_NOT_PUBLISHED */
  async latestOrRefuse(): Promise<HeadEntity> {
    const latest = await this.latest();
    if (latest === undefined) throw new GatewayError('HEAD_NOT_PUBLISHED');
    return latest;
  }

  /** @throws GatewayError NOT_FOUND */
  async at(epoch: number, seq: number): Promise<HeadEntity> {
    const head = await this.database.manager.findOneBy(HeadEntity, { epoch, seq });
    if (head === null) throw new GatewayError('NOT_FOUND');
    return head;
  }

  async withProof(
    { epoch, roundDigest, jws }: Pick<HeadEntity, 'epoch' | 'roundDigest' | 'jws'>,
    manager: EntityManager = this.database.manager,
  ): Promise<HeadWithProof> {
    const delegation = await manager.findOneByOrFail(DelegationEntity, { epoch });
    const round = await manager.findOneByOrFail(RoundEntity, { digest: roundDigest });
    const signatures = await manager.find(RoundSignatureEntity, {
      where: { digest: roundDigest },
      order: { kid: 'ASC' },
    });
    const anchors = await this.anchors.documents(manager);
    return {
      ...(anchors.length > 0 && { anchors }),
      delegation: await this.delegations.served(manager, delegation),
      round: { payload: round.payload, signatures: signatures.map((signature) => signature.jws) },
      head: jws,
    };
  }

  async bundle(
    head: Pick<HeadEntity, 'epoch' | 'roundDigest' | 'jws'>,
    manager: EntityManager = this.database.manager,
  ): Promise<Bundle> {
    const { documents } = await manager.findOneByOrFail(RoundEntity, { digest: head.roundDigest });
    return { ...(await this.withProof(head, manager)), documents: await this.documents.signed(manager, documents) };
  }

  /** The digests under a `docs_root` that was ever adopted. */
  async documentsUnder(docsRoot: string): Promise<readonly string[]> {
    const round = await this.database.manager
      .createQueryBuilder(RoundEntity, 'r')
      .where('r.docsRoot = :docsRoot AND r.adoptedAt IS NOT NULL', { docsRoot })
      .limit(1)
      .getOne();
    if (round === null) throw new GatewayError('NOT_FOUND');
    return round.documents;
  }

  /** @throws GatewayError NOT_FOUND */
  async document(digest: string): Promise<SignedDocument> {
    const document = await this.documents.published(this.database.manager, digest);
    if (document === undefined) throw new GatewayError('NOT_FOUND');
    return document;
  }
}
