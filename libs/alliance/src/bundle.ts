import { fail, pass, type JsonBounds, type JsonValue, type Result } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import { integer, list, object, optional, text, where } from './form.js';
import type { Anchor } from './payloads.js';
import { hasQuorum, organisationKeys, version } from './shared-forms.js';
import { parseSignedDocument, type SignedDocument } from './signed-document.js';

/** All that a gate needs, as it travels over HTTP and lies on a gate's disk. */
export interface Bundle {
  /** Every anchor since the roots were first rotated, ascending; absent where they never were. */
  readonly anchors?: readonly SignedDocument[];
  readonly delegation: SignedDocument;
  readonly round: SignedDocument;
  /** Compact JWS. */
  readonly head: string;
  readonly documents: readonly SignedDocument[];
}

/** A bundle whole, or as it differs from the one held. */
export interface NextBundle extends Bundle {
  /** Of all its documents. With it, `documents` need only be those that are new or signed anew: the others are the held ones. */
  readonly digests?: ReadonlySet<string>;
}

export const MAX_DOCUMENTS = 200_000;
/** Of roots that are rotated every year, a lifetime; bounds what a mirror can make a gate verify. */
export const MAX_ANCHORS = 64;
const MAX_HEAD_CHARS = 800_000;

/** For `parseStrictJson` on a bundle's bytes: several times the national size (17 MB, 80,000 values; design §4.5). */
export const BUNDLE_JSON_BOUNDS: JsonBounds = { maxBytes: 128 * 1024 * 1024, maxDepth: 8, maxValues: 2_000_000 };

const signedDocument = (value: JsonValue | undefined): SignedDocument | undefined => {
  const parsed = parseSignedDocument(value);
  return parsed.ok ? parsed.value : undefined;
};

const bundleForm = object<Bundle>({
  anchors: optional(list(signedDocument, { max: MAX_ANCHORS })),
  delegation: signedDocument,
  round: signedDocument,
  head: text(MAX_HEAD_CHARS),
  documents: list(signedDocument, { max: MAX_DOCUMENTS }),
});

const anchorFile = where(
  object<Omit<Anchor, 'version'> & { readonly version?: number }>({
    version: optional(version),
    threshold: integer(2, 16),
    keys: organisationKeys,
  }),
  hasQuorum,
);

/** Checks the outer form of a bundle; every part is untrusted until `acceptBundle`. */
export function parseBundle(value: JsonValue | undefined): Result<Bundle, AllianceFault> {
  const bundle = bundleForm(value);
  return bundle ? pass(bundle) : fail('BUNDLE_MALFORMED');
}

/**
 * Checks an anchor as it is pinned: a threshold of at least two that its organisations can meet, no key twice. A file without
 * a version is from before the first rotation.
 */
export function parseAnchor(value: JsonValue | undefined): Result<Anchor, AllianceFault> {
  const anchor = anchorFile(value);
  return anchor ? pass({ version: 1, ...anchor }) : fail('ANCHOR_MALFORMED');
}
