import { footingOf } from '#libs/alliance';
import { jwkThumbprint, type CryptoPort } from '#libs/jose-profile';
import type { DocumentPayload } from './document-series.js';
import type { OwnerPayload, StandingDocuments } from './standing-documents.js';

/**
 * What the next version of a member or partner would strip of its owner's signature: documents that only a statement key has
 * signed which it lists no more. A compromised key is still listed: what it signed is inert, and stops no round. Nor is meant
 * what another owner must sign from now on, as under another host county: that one can sign once this version is complete.
 * @returns digests, ascending: for each that is published, gates would refuse the whole bundle
 */
export async function strippedDocuments(
  next: DocumentPayload,
  standing: StandingDocuments,
  port: CryptoPort,
): Promise<readonly string[]> {
  if (next.type !== 'member' && next.type !== 'partner') return [];
  const before = next.type === 'member' ? standing.member(next.id) : standing.partner(next.id);
  if (before === undefined) return [];
  const listed = await statementKids(next, port);
  const dropped = new Set([...(await statementKids(before.payload, port))].filter((kid) => !listed.has(kid)));
  return standing
    .forNextRound()
    .filter(({ payload, signedBy }) => {
      const isOwner = footingOf(payload, standing)?.owners.some((owner) => owner.digest === before.digest) === true;
      return isOwner && signedBy.some((kid) => dropped.has(kid)) && !signedBy.some((kid) => listed.has(kid));
    })
    .map(({ digest }) => digest)
    .toSorted();
}

async function statementKids({ keys }: OwnerPayload, port: CryptoPort): Promise<ReadonlySet<string>> {
  const statement = keys.filter(({ purpose }) => purpose === 'statement');
  return new Set(await Promise.all(statement.map(({ jwk }) => jwkThumbprint(jwk, port))));
}
