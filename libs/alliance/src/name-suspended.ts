import { footingOf, type Standing } from './footing.js';
import type { DocumentType, PayloadOf } from './payloads.js';
import { MAX_SUSPENDED } from './shared-forms.js';

interface Named<Type extends DocumentType> {
  readonly digest: string;
  readonly payload: PayloadOf[Type];
}

type AnyNamed = { readonly [Type in DocumentType]: Named<Type> }[DocumentType];

/** Where a document finds what it rests on: a trust, or what a registry is about to publish. */
type Ground = Standing<Named<'member'>, Named<'partner'>, Named<'scheme'>, Named<'agreement'>>;

/**
 * Whether something that a document rests on, however far down, is named as suspended (`docs/wire.md`, Standing). Then it
 * counts as suspended itself, whether it is named or not and whoever has signed it.
 */
export function restsOnNamed({ payload }: AnyNamed, ground: Ground, named: ReadonlySet<string>): boolean {
  return groundOf(payload, ground).some((below) => named.has(below.digest) || restsOnNamed(below, ground, named));
}

/**
 * The digests that a head or round has to name so that everything to be suspended is: neither what rests on another of them, nor
 * what is no longer among the documents. To a gate both say exactly the same.
 * @param toSuspend kept in full by the caller, so that what is left out here comes back when what it rests on is lifted
 */
export function digestsToName(
  documents: Iterable<AnyNamed>,
  ground: Ground,
  toSuspend: ReadonlySet<string>,
): readonly string[] {
  const digests: string[] = [];
  for (const document of documents)
    if (toSuspend.has(document.digest) && !restsOnNamed(document, ground, toSuspend)) digests.push(document.digest);
  return digests;
}

/** Members and agreements do: whatever else there is stands under them. */
export function restsOnNothing({ payload }: AnyNamed, ground: Ground): boolean {
  return groundOf(payload, ground).length === 0;
}

/**
 * Whether a head that names these has room left for every document that rests on nothing, so that each of those can always be
 * named too.
 */
export function leavesRoom(named: ReadonlySet<string>, documents: Iterable<AnyNamed>, ground: Ground): boolean {
  let others = named.size;
  let reserved = 0;
  for (const document of documents) {
    if (!restsOnNothing(document, ground)) continue;
    reserved += 1;
    if (named.has(document.digest)) others -= 1;
  }
  return others === 0 || others + reserved <= MAX_SUSPENDED;
}

/** What a document rests on directly; of one whose references are missing nothing is known. */
function groundOf(payload: PayloadOf[DocumentType], ground: Ground): readonly AnyNamed[] {
  const footing = footingOf(payload, ground);
  return footing === undefined ? [] : [...footing.owners, ...footing.others];
}
