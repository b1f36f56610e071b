import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SignedDocument } from '#libs/alliance';
import { jwkThumbprint } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
import { Delegations } from '../delegation/delegations.js';
import { payloadOfText } from './document-store.js';

/** Gates take no more per document (`docs/wire.md`). */
export const MAX_SIGNATURES = 16;

interface SignedRow {
  readonly payload: string;
  readonly signatures: readonly string[];
}

/**
 * Documents with their signatures, as gates are served them. Every signature stays on record; of one that has been signed again
 * and again, as officers and keys changed, those by keys that are listed now go out first.
 */
@Injectable()
export class ServedDocuments {
  constructor(private readonly delegations: Delegations) {}

  /** The signed documents of these digests, in the order of the digests. */
  async signed(manager: EntityManager, digests: readonly string[]): Promise<readonly SignedDocument[]> {
    const crowded = await manager.query<{ readonly digest: string }[]>(
      `SELECT digest FROM document_signature WHERE digest = ANY($1)
      GROUP BY digest HAVING count(*) > ${MAX_SIGNATURES}`,
      [[...digests]],
    );
    const toChoose = crowded.map(({ digest }) => digest);
    const listed = toChoose.length === 0 ? [] : [...(await this.listedKeys(manager, toChoose))];
    const rows = await manager.query<SignedRow[]>(
      `SELECT d.payload, ARRAY(
        SELECT s.jws FROM document_signature s LEFT JOIN unnest($2::text[]) AS listed (kid) USING (kid)
        WHERE s.digest = d.digest
        ORDER BY listed.kid IS NULL, s.role = 'officer', s.received_at DESC, s.kid LIMIT ${MAX_SIGNATURES}) AS signatures
      FROM unnest($1::text[]) WITH ORDINALITY AS wanted (digest, place) JOIN document d USING (digest)
      ORDER BY wanted.place`,
      [[...digests], listed],
    );
    if (rows.length !== digests.length) throw new GatewayError('INTERNAL', { detail: 'a document of a round is lost' });
    return rows.map(({ payload, signatures }) => ({ payload, signatures }));
  }

  /** The signed document of a digest that has ever been published. */
  async published(manager: EntityManager, digest: string): Promise<SignedDocument | undefined> {
    const rows = await manager.query<unknown[]>(
      "SELECT 1 FROM document WHERE digest = $1 AND state IN ('published', 'superseded')",
      [digest],
    );
    return rows.length === 0 ? undefined : (await this.signed(manager, [digest]))[0];
  }

  /**
   * Thumbprints of the keys whose signatures on these documents may still count: officers of the delegation in force and of a
   * prepared one, and the statement keys, retired ones too, of owners as they are published and as they will be next.
   */
  async listedKeys(manager: EntityManager, digests: readonly string[]): Promise<ReadonlySet<string>> {
    const listed = new Set<string>();
    const inUse = await this.delegations.inUse(manager);
    for (const delegation of [inUse.inForce, inUse.prepared])
      if (delegation !== undefined)
        for (const kid of (await this.delegations.keysOf(manager, delegation, inUse)).officers.keys()) listed.add(kid);
    const owners = await manager.query<{ readonly payload: string }[]>(
      `SELECT payload FROM document WHERE type IN ('member', 'partner') AND state IN ('complete', 'published')
        AND subject_id IN (SELECT organisation FROM document_signature WHERE role = 'owner' AND digest = ANY($1))`,
      [[...digests]],
    );
    for (const { payload } of owners) {
      const owner = payloadOfText(payload);
      if (owner.type !== 'member' && owner.type !== 'partner') continue;
      for (const { jwk, purpose } of owner.keys)
        if (purpose === 'statement') listed.add(await jwkThumbprint(jwk, nodeCrypto));
    }
    return listed;
  }
}
