import { Injectable } from '@nestjs/common';
import { DataSource, In, LessThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { AllianceTrust, Anchor, Bundle, SignedDocument } from '#libs/alliance';
import { decodeBase64url, encodeBase64url, parseStrictJson } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { BUNDLE_JSON_BOUNDS } from '#libs/alliance';
import { Clock } from '#libs/platform';
import { AcceptedAnchorEntity } from './accepted-anchor.entity.js';
import { AcceptedHeadEntity } from './accepted-head.entity.js';
import { AllianceDocumentEntity } from './alliance-document.entity.js';
import { anchorDigest, chainFrom, linksFrom } from './anchor-chain.js';
import { DocumentSetEntity } from './document-set.entity.js';
import { TimeFloor } from './time-floor.js';

/** Rows of one INSERT; PostgreSQL takes at most 65,535 parameters. */
const BATCH = 1_000;

/** What a trust is taken in after. */
export interface Before {
  /** The newest anchor followed until then. */
  readonly anchor: Anchor;
  readonly trust: AllianceTrust | undefined;
}

/** Keeps accepted heads and every document under them across restarts, and for replays. */
@Injectable()
export class TrustStore {
  constructor(
    private readonly database: DataSource,
    private readonly floor: TimeFloor,
    private readonly clock: Clock,
  ) {}

  /**
   * The anchors kept that descend from the pinned one, ascending; untrusted like any others until `verifyAnchors`. Where another
   * is pinned than the one kept at its version, what descends from the kept one is as if it had never been.
   */
  async anchors(pinned: Anchor): Promise<readonly SignedDocument[]> {
    const chain = await this.chainOf(this.database.manager, pinned);
    return chain.map(({ payload, signatures }) => ({ payload, signatures }));
  }

  /**
   * The newest head kept by any process on this database: under the chain of anchors that leads from the pinned one, else under
   * an earlier anchor than that.
   */
  async newest(pinned: Anchor): Promise<AcceptedHeadEntity | undefined> {
    const { manager } = this.database;
    const names = [await anchorDigest(pinned), ...(await this.chainOf(manager, pinned)).map(({ digest }) => digest)];
    const named = await newestOf(manager, [{ anchor: In(names) }, { anchorVersion: LessThan(pinned.version) }]);
    // Kept before the names of anchors were recorded.
    return named ?? newestOf(manager, [{ anchor: '' }]);
  }

  /** The bundle of a kept head, whole but for the anchors; untrusted like any other until `acceptBundle`. */
  async bundleOf({ head, delegation, round, docsRoot }: AcceptedHeadEntity): Promise<Bundle> {
    const set = await this.database.manager.findOneByOrFail(DocumentSetEntity, { docsRoot });
    const documents = await this.database.manager.findBy(AllianceDocumentEntity, { digest: In(set.digests) });
    return {
      head,
      delegation,
      round,
      documents: documents.map(({ payload, signatures }) => ({ payload, signatures })),
    };
  }

  /**
   * Keeps an accepted head with what stands under it, in one transaction; nothing of it when another process on this database
   * has kept one that goes before, or has followed another anchor. So the documents kept always have the signatures with which the
   * newest head was accepted.
   * @returns whether it is kept now
   */
  async keep(trust: AllianceTrust, bundle: Bundle, before: Before): Promise<boolean> {
    const from = await anchorDigest(before.anchor);
    const links = await linksFrom(from, trust.followedAnchors);
    const names = [from, ...links.map(({ digest }) => digest)];
    const isKept = await this.database.transaction(async (manager) => {
      // One writer at a time: who comes second sees what the first has kept.
      await manager.query('LOCK TABLE accepted_head IN SHARE ROW EXCLUSIVE MODE');
      const kept = await this.chainOf(manager, before.anchor);
      if (kept.some(({ digest }, index) => digest !== links[index]?.digest)) return false;
      const newest = await newestOf(manager, [{ anchor: In(names) }]);
      const lead = newest === undefined ? -1 : leadOf(newest, trust);
      if (newest !== undefined && lead >= 0) return lead === 0 && newest.digest === trust.headDigest;
      const isFollower = newest !== undefined && newest.digest === before.trust?.headDigest;
      await this.keepDocuments(manager, trust, isFollower ? before.trust : undefined);
      if (links.length > kept.length) await manager.insert(AcceptedAnchorEntity, links.slice(kept.length));
      await manager.insert(AcceptedHeadEntity, this.rowOf(trust, bundle, names.at(-1) ?? from));
      await this.floor.keep(manager, trust.headIat);
      return true;
    });
    if (isKept) this.floor.rise(trust.headIat);
    return isKept;
  }

  /** @param before documents that stand in it with the same signatures are not written again */
  private async keepDocuments(
    manager: EntityManager,
    { documents, docsRoot }: AllianceTrust,
    before: AllianceTrust | undefined,
  ): Promise<void> {
    const fresh = [...documents.values()].filter(
      ({ digest, signed }) => before?.documents.get(digest)?.signed !== signed,
    );
    const rows = fresh.map(({ digest, type, signed: { payload, signatures } }) => {
      return { digest, type, payload, signatures: [...signatures] };
    });
    for (let at = 0; at < rows.length; at += BATCH)
      await manager.upsert(AllianceDocumentEntity, rows.slice(at, at + BATCH), ['digest']);
    await manager.upsert(DocumentSetEntity, { docsRoot, digests: [...documents.keys()] }, ['docsRoot']);
  }

  private rowOf(
    { epoch, seq, headDigest, docsRoot, anchor: { version } }: AllianceTrust,
    { head, delegation, round }: Bundle,
    anchor: string,
  ): AcceptedHeadEntity {
    const parts = { head, delegation, round, docsRoot };
    const acceptedAt = this.clock.now();
    return { anchor, anchorVersion: version, epoch, seq, digest: headDigest, ...parts, acceptedAt };
  }

  private async chainOf(manager: EntityManager, anchor: Anchor): Promise<readonly AcceptedAnchorEntity[]> {
    const rows = await manager.find(AcceptedAnchorEntity, { order: { version: 'ASC' } });
    return chainFrom({ digest: await anchorDigest(anchor), version: anchor.version }, rows);
  }

  /** The payload of a kept document, for a replay; `undefined` when it is not kept, or not what its digest says. */
  async payloadOf(digest: string): Promise<unknown> {
    const row = await this.database.manager.findOneBy(AllianceDocumentEntity, { digest });
    const bytes = row && decodeBase64url(row.payload);
    if (!bytes || encodeBase64url(await nodeCrypto.sha256(bytes)) !== digest) return undefined;
    const payload = parseStrictJson(bytes, BUNDLE_JSON_BOUNDS);
    return payload.ok ? payload.value : undefined;
  }
}

async function newestOf(
  manager: EntityManager,
  where: FindOptionsWhere<AcceptedHeadEntity>[],
): Promise<AcceptedHeadEntity | undefined> {
  const order = { anchorVersion: 'DESC', epoch: 'DESC', seq: 'DESC' } as const;
  const [newest] = await manager.find(AcceptedHeadEntity, { where, order, take: 1 });
  return newest;
}

/** Above 0 when the kept head goes before the trust, 0 when they are of one place. */
function leadOf(kept: AcceptedHeadEntity, { anchor, epoch, seq }: AllianceTrust): number {
  return kept.anchorVersion - anchor.version || kept.epoch - epoch || kept.seq - seq;
}
