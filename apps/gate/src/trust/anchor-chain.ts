import { readDocumentOf, type Anchor, type SignedDocument } from '#libs/alliance';
import { canonicalJson, encodeBase64url, jwkThumbprint } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { AcceptedAnchorEntity } from './accepted-anchor.entity.js';

/** The name of an anchor, base64url: the same for a pinned file and for the document that tells of it, whatever order the keys have. */
export async function anchorDigest({ version, threshold, keys }: Anchor): Promise<string> {
  const named: string[] = [];
  for (const { jwk, alg, organisation } of keys)
    named.push(JSON.stringify([await jwkThumbprint(jwk, nodeCrypto), alg, organisation]));
  return encodeBase64url(await nodeCrypto.sha256(canonicalJson({ version, threshold, keys: named.toSorted() })));
}

/**
 * Anchors as rows, each with the one it descends from.
 * @param parent `anchorDigest` of the one the first descends from
 * @param documents verified, ascending
 */
export async function linksFrom(
  parent: string,
  documents: readonly SignedDocument[],
): Promise<readonly AcceptedAnchorEntity[]> {
  const links: AcceptedAnchorEntity[] = [];
  for (const document of documents) {
    const read = await readDocumentOf('anchor', document, nodeCrypto);
    if (!read.ok) throw new TypeError(`not an anchor: ${read.fault}`);
    const digest = await anchorDigest(read.value.payload);
    const { payload, signatures } = document;
    const { version } = read.value.payload;
    links.push({ parent: links.at(-1)?.digest ?? parent, digest, version, payload, signatures: [...signatures] });
  }
  return links;
}

/**
 * Those of the rows that descend from an anchor, ascending. Rows of another descent, that of stolen roots say, are passed over.
 * @param rows ascending by version
 */
export function chainFrom(
  anchor: { readonly digest: string; readonly version: number },
  rows: readonly AcceptedAnchorEntity[],
): readonly AcceptedAnchorEntity[] {
  const chain: AcceptedAnchorEntity[] = [];
  for (const row of rows) {
    const last = chain.at(-1) ?? anchor;
    if (row.version === last.version + 1 && (row.parent === last.digest || row.parent === '')) chain.push(row);
  }
  return chain;
}
