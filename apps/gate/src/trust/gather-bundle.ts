import { docsRoot as rootOf, type AllianceTrust, type Bundle, type SignedDocument } from '#libs/alliance';
import { fail, pass, type Result } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { HeadParts, HeadSource, SourceFault } from './head-source.js';

export interface GatheredBundle {
  readonly bundle: Bundle;
  /** Some documents are the ones held already, as they were signed then. */
  readonly isFromHeld: boolean;
}

/** With more documents missing than this the whole bundle is one request instead. */
const MOST_SINGLE_FETCHES = 64;

/**
 * Puts a new head together with its documents: those held, and by digest the ones that are missing or inert, which may have
 * been signed anew meanwhile (`docs/wire.md`, Standing); else the whole bundle. Whether it all fits is for `acceptBundle`.
 */
export async function gatherBundle(
  source: HeadSource,
  { parts, docsRoot }: HeadParts,
  held: AllianceTrust | undefined,
): Promise<Result<GatheredBundle, SourceFault>> {
  if (held === undefined) return gatherWhole(source);
  const digests = await digestsUnder(source, docsRoot, held);
  if (!digests.ok) return digests;
  const wanted = digests.value.filter((digest) => held.documents.get(digest)?.inert !== false);
  if (wanted.length > MOST_SINGLE_FETCHES) return gatherWhole(source);
  const fetched = new Map<string, SignedDocument>();
  for (const digest of wanted) {
    const document = await source.document(digest);
    if (document.ok) fetched.set(digest, document.value);
    // A head that narrows does not wait for a document that says nothing.
    else if (!held.documents.has(digest)) return document;
  }
  const documents = digests.value.flatMap((digest) => fetched.get(digest) ?? held.documents.get(digest)?.signed ?? []);
  return pass({ bundle: { ...parts, documents }, isFromHeld: true });
}

async function digestsUnder(
  source: HeadSource,
  docsRoot: string,
  held: AllianceTrust,
): Promise<Result<readonly string[], SourceFault>> {
  if (docsRoot === held.docsRoot) return pass([...held.documents.keys()]);
  const digests = await source.digests(docsRoot);
  // Only what the round itself names is worth fetching.
  const isNamed = !digests.ok || (await rootOf(digests.value, nodeCrypto)) === docsRoot;
  return isNamed ? digests : fail('SOURCE_MALFORMED');
}

export async function gatherWhole(source: HeadSource): Promise<Result<GatheredBundle, SourceFault>> {
  const bundle = await source.bundle();
  return bundle.ok ? pass({ bundle: bundle.value, isFromHeld: false }) : bundle;
}
