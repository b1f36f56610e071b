import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import type { AllianceTrust, Bundle, SignedDocument } from '#libs/alliance';
import { decodeBase64url, encodeBase64url, parseStrictJson } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { BUNDLE_JSON_BOUNDS } from '#libs/alliance';
import { Clock } from '#libs/platform';
import { AcceptedAnchorEntity } from './accepted-anchor.entity.js';
import { AcceptedHeadEntity } from './accepted-head.entity.js';
import { AllianceDocumentEntity } from './alliance-document.entity.js';
import { DocumentSetEntity } from './document-set.entity.js';
import { TimeFloor } from './time-floor.js';

/** Rows of one INSERT; PostgreSQL takes at most 65,535 parameters. */
const BATCH = 1_000;

/** Keeps accepted heads and every document under them across restarts, and for replays. */
@Injectable()
export class TrustStore {
  constructor(
    private readonly database: DataSource,
    private readonly floor: TimeFloor,
    private readonly clock: Clock,
  ) {}

  /** The digest of the newest head kept by any process on this database. */
  async newestHead(): Promise<string | undefined> {
    return (await this.newest())?.digest;
  }

  /** The anchors kept, ascending; untrusted like any others until `verifyAnchors`. */
  async anchors(): Promise<readonly SignedDocument[]> {
    const rows = await this.database.manager.find(AcceptedAnchorEntity, { order: { version: 'ASC' } });
    return rows.map(({ payload, signatures }) => ({ payload, signatures }));
  }

  /** The newest bundle kept, whole but for the anchors; untrusted like any other until `acceptBundle`. */
  async newestBundle(): Promise<Bundle | undefined> {
    const newest = await this.newest();
    if (newest === undefined) return undefined;
    const { head, delegation, round, docsRoot } = newest;
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
   * Keeps an accepted head with what stands under it, in one transaction.
   * @param before what was held until now: documents unchanged since then are not written again
   */
  async keep(trust: AllianceTrust, bundle: Bundle, before: AllianceTrust | undefined): Promise<void> {
    const fresh = [...trust.documents.values()].filter(
      ({ digest, signed }) => before?.documents.get(digest)?.signed !== signed,
    );
    const rows = fresh.map(({ digest, type, signed: { payload, signatures } }) => {
      return { digest, type, payload, signatures: [...signatures] };
    });
    await this.database.transaction(async (manager) => {
      for (let at = 0; at < rows.length; at += BATCH)
        await manager.upsert(AllianceDocumentEntity, rows.slice(at, at + BATCH), ['digest']);
      const digests = [...trust.documents.keys()];
      await manager.upsert(DocumentSetEntity, { docsRoot: trust.docsRoot, digests }, ['docsRoot']);
      await this.keepAnchors(manager, trust);
      await this.keepHead(manager, trust, bundle);
      await this.floor.keep(manager, trust.headIat);
    });
    this.floor.rise(trust.headIat);
  }

  /** What another process on this database has kept stays. */
  private async keepAnchors(manager: EntityManager, { anchor, followedAnchors }: AllianceTrust): Promise<void> {
    const first = anchor.version - followedAnchors.length + 1;
    const rows = followedAnchors.map(({ payload, signatures }, index) => {
      return { version: first + index, payload, signatures: [...signatures] };
    });
    if (rows.length === 0) return;
    await manager.createQueryBuilder().insert().into(AcceptedAnchorEntity).values(rows).orIgnore().execute();
  }

  /** A head kept already is written again only for a newer anchor: its delegation then carries the signatures of new roots. */
  private async keepHead(manager: EntityManager, trust: AllianceTrust, bundle: Bundle): Promise<void> {
    const { epoch, seq, headDigest, docsRoot, anchor } = trust;
    await manager.query(
      `INSERT INTO accepted_head AS kept
        (epoch, seq, digest, head, delegation, round, docs_root, accepted_at, anchor_version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (epoch, seq) DO UPDATE SET digest = EXCLUDED.digest, head = EXCLUDED.head,
         delegation = EXCLUDED.delegation, round = EXCLUDED.round, docs_root = EXCLUDED.docs_root,
         anchor_version = EXCLUDED.anchor_version
       WHERE kept.anchor_version < EXCLUDED.anchor_version`,
      [
        epoch,
        seq,
        headDigest,
        bundle.head,
        bundle.delegation,
        bundle.round,
        docsRoot,
        this.clock.now(),
        anchor.version,
      ],
    );
  }

  /** The payload of a kept document, for a replay; `undefined` when it is not kept, or not what its digest says. */
  async payloadOf(digest: string): Promise<unknown> {
    const row = await this.database.manager.findOneBy(AllianceDocumentEntity, { digest });
    const bytes = row && decodeBase64url(row.payload);
    if (!bytes || encodeBase64url(await nodeCrypto.sha256(bytes)) !== digest) return undefined;
    const payload = parseStrictJson(bytes, BUNDLE_JSON_BOUNDS);
    return payload.ok ? payload.value : undefined;
  }

  private async newest(): Promise<AcceptedHeadEntity | undefined> {
    const [newest] = await this.database.manager.find(AcceptedHeadEntity, {
      order: { anchorVersion: 'DESC', epoch: 'DESC', seq: 'DESC' },
      take: 1,
    });
    return newest;
  }
}
