import {
  docsRoot as rootOf,
  restsOnNamed,
  type AllianceTrust,
  type NextBundle,
  type SignedDocument,
  type VerifiedParts,
} from '#libs/alliance';
import { fail, pass, type Result } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { HeadParts, HeadSource, SourceFault } from './head-source.js';

/** For more documents than this the whole bundle is one request instead. */
const MOST_SINGLE_FETCHES = 64;

/** Puts new heads together with their documents, and fetches of these what it must. */
export class BundleGatherer {
  /** The digest of the round under which the whole bundle was fetched last. */
  private wholeUnder: string | undefined;

  /**
   * A head with the digests of its documents, and of these the ones that are not held, or that new signatures may have made
   * sound (`docs/wire.md`, Standing); else the whole bundle. Whether it all fits is for `acceptBundle`.
   * @param verified what `parts` say
   */
  async gather(
    source: HeadSource,
    { parts, docsRoot }: HeadParts,
    { head, round }: VerifiedParts,
    held: AllianceTrust | undefined,
  ): Promise<Result<NextBundle, SourceFault>> {
    if (held === undefined) return this.gatherWhole(source, round.digest);
    const digests = await digestsUnder(source, docsRoot, held);
    if (!digests.ok) return digests;
    const named = new Set(head.payload.suspended);
    const missing = digests.value.filter((digest) => !held.documents.has(digest));
    const unsigned = digests.value.filter((digest) => isUnsigned(digest, held, named));
    // Many are asked for once in a round, which officers adopt when they are signed anew, and not with every head.
    const isAskedFor = unsigned.length > MOST_SINGLE_FETCHES && this.wholeUnder === round.digest;
    const wanted = isAskedFor ? missing : [...missing, ...unsigned];
    if (wanted.length > MOST_SINGLE_FETCHES) return this.gatherWhole(source, round.digest);
    const fetched: SignedDocument[] = [];
    for (const digest of wanted) {
      const document = await source.document(digest);
      if (document.ok) fetched.push(document.value);
      // A head that narrows does not wait for a document that says nothing.
      else if (!held.documents.has(digest)) return document;
    }
    return pass({ ...parts, documents: fetched, digests: new Set(digests.value) });
  }

  /** @param roundDigest of the round that calls for it */
  async gatherWhole(source: HeadSource, roundDigest: string): Promise<Result<NextBundle, SourceFault>> {
    const bundle = await source.bundle();
    if (bundle.ok) this.wholeUnder = roundDigest;
    return bundle;
  }
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

/** Whether a document held says nothing for want of a signature. What is suspended, or rests on what is, no signature makes sound. */
function isUnsigned(digest: string, held: AllianceTrust, named: ReadonlySet<string>): boolean {
  const document = held.documents.get(digest);
  return document?.inert === true && !named.has(digest) && !restsOnNamed(document, held, named);
}
