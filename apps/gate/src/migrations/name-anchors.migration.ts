import type { MigrationInterface, QueryRunner } from 'typeorm';
import { linksFrom } from '../trust/anchor-chain.js';

interface KeptAnchor {
  readonly version: number;
  readonly payload: string;
  readonly signatures: string[];
}

/**
 * Which anchor each anchor and each head descends from, by digest: a version alone does not tell the alliance's from a thief's.
 * The anchor that was pinned so far is in no table; what descends from it is left without a name.
 */
export class NameAnchors1795000700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE accepted_anchor ADD COLUMN parent text, ADD COLUMN digest text`);
    const kept = (await runner.query(
      'SELECT version, payload, signatures FROM accepted_anchor ORDER BY version',
    )) as readonly KeptAnchor[];
    for (const { parent, digest, version } of await linksFrom('', kept))
      await runner.query('UPDATE accepted_anchor SET parent = $1, digest = $2 WHERE version = $3', [
        parent,
        digest,
        version,
      ]);
    await runner.query(`ALTER TABLE accepted_anchor ALTER COLUMN parent SET NOT NULL, ALTER COLUMN digest SET NOT NULL,
      DROP CONSTRAINT accepted_anchor_pkey, ADD PRIMARY KEY (parent)`);
    await runner.query(`ALTER TABLE accepted_head ADD COLUMN anchor text NOT NULL DEFAULT ''`);
    await runner.query(`UPDATE accepted_head SET anchor = accepted_anchor.digest FROM accepted_anchor
      WHERE accepted_anchor.version = anchor_version`);
    await runner.query(`ALTER TABLE accepted_head ALTER COLUMN anchor DROP DEFAULT,
      DROP CONSTRAINT accepted_head_pkey, DROP CONSTRAINT accepted_head_digest_key, ADD PRIMARY KEY (anchor, epoch, seq)`);
  }

  /** Fails where both descents are kept: which of them to forget is nothing a program decides. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE accepted_head DROP CONSTRAINT accepted_head_pkey, DROP COLUMN anchor,
      ADD PRIMARY KEY (epoch, seq), ADD UNIQUE (digest)`);
    await runner.query(`ALTER TABLE accepted_anchor DROP CONSTRAINT accepted_anchor_pkey, DROP COLUMN parent,
      DROP COLUMN digest, ADD PRIMARY KEY (version)`);
  }
}
