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
 * Puts a new head together with its documents: those held when the `docs_root` is the same, else only the missing ones by
 * digest, else the whole bundle. Whether it all fits is for `acceptBundle`.
 */
export async function gatherBundle(
  source: HeadSource,
  { parts, docsRoot }: HeadParts,
  held: AllianceTrust | undefined,
): Promise<Result<GatheredBundle, SourceFault>> {
  if (held === undefined) return gatherWhole(source);
  if (docsRoot === held.docsRoot) {
    const documents = [...held.documents.values()].map(({ signed }) => signed);
    return pass({ bundle: { ...parts, documents }, isFromHeld: true });
  }
  const digests = await source.digests(docsRoot);
  if (!digests.ok) return digests;
  // Only what the round itself names is worth fetching.
  if ((await rootOf(digests.value, nodeCrypto)) !== docsRoot) return fail('SOURCE_MALFORMED');
  const missing = digests.value.filter((digest) => !held.documents.has(digest));
  if (missing.length > MOST_SINGLE_FETCHES) return gatherWhole(source);
  const documents: SignedDocument[] = [];
  for (const digest of digests.value) {
    const known = held.documents.get(digest);
    const document = known === undefined ? await source.document(digest) : pass(known.signed);
    if (!document.ok) return document;
    documents.push(document.value);
  }
  return pass({ bundle: { ...parts, documents }, isFromHeld: true });
}

export async function gatherWhole(source: HeadSource): Promise<Result<GatheredBundle, SourceFault>> {
  const bundle = await source.bundle();
  return bundle.ok ? pass({ bundle: bundle.value, isFromHeld: false }) : bundle;
}
