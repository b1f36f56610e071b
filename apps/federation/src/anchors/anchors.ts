import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { MAX_ANCHORS, newerAnchor, readDocumentOf, type Anchor, type SignedDocument } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
import { AnchorEntity } from './anchor.entity.js';
import { PINNED_ANCHOR } from './read-anchor.js';

/** Reads which roots the alliance has, and had. */
@Injectable()
export class Anchors {
  constructor(
    private readonly database: DataSource,
    @Inject(PINNED_ANCHOR) private readonly pinned: Anchor,
  ) {}

  /** The anchor whose roots delegate now. */
  async newest(manager: EntityManager = this.database.manager): Promise<Anchor> {
    return newerAnchor(this.pinned, (await this.all(manager)).at(-1));
  }

  /** The pinned anchor and every one that followed. */
  async all(manager: EntityManager): Promise<readonly Anchor[]> {
    const documents = await this.documents(manager);
    return [this.pinned, ...(await Promise.all(documents.map(anchorOf)))];
  }

  /** The documents by which a gate follows from the anchor it has pinned, ascending; as many as a bundle carries. */
  async documents(manager: EntityManager): Promise<readonly SignedDocument[]> {
    const rows = await manager.find(AnchorEntity, { order: { version: 'DESC' }, take: MAX_ANCHORS });
    return rows.toReversed().map(({ payload, signatures }) => ({ payload, signatures }));
  }
}

/** Of a document that was verified when it came in. */
async function anchorOf(document: SignedDocument): Promise<Anchor> {
  const read = await readDocumentOf('anchor', document, nodeCrypto);
  if (!read.ok) throw new GatewayError('INTERNAL', { detail: `a kept anchor is not readable: ${read.fault}` });
  const { version, threshold, keys } = read.value.payload;
  return { version, threshold, keys };
}
