import { fail, pass, type JsonBounds, type JsonValue, type Result } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import { integer, list, object, text, where } from './form.js';
import type { Anchor } from './payloads.js';
import { organisationKeys } from './shared-forms.js';
import { parseSignedDocument, type SignedDocument } from './signed-document.js';

/** All that a gate needs, as it travels over HTTP and lies on a gate's disk. */
export interface Bundle {
  readonly delegation: SignedDocument;
  readonly round: SignedDocument;
  /** Compact JWS. */
  readonly head: string;
  readonly documents: readonly SignedDocument[];
}

const MAX_DOCUMENTS = 200_000;
const MAX_HEAD_CHARS = 800_000;

/** For `parseStrictJson` on a bundle's bytes: many times the national size (design §4.5). */
export const BUNDLE_JSON_BOUNDS: JsonBounds = { maxBytes: 128 * 1024 * 1024, maxDepth: 8 };

const signedDocument = (value: JsonValue | undefined): SignedDocument | undefined => {
  const parsed = parseSignedDocument(value);
  return parsed.ok ? parsed.value : undefined;
};

const bundleForm = object<Bundle>({
  delegation: signedDocument,
  round: signedDocument,
  head: text(MAX_HEAD_CHARS),
  documents: list(signedDocument, { max: MAX_DOCUMENTS }),
});

const anchorForm = where(
  object<Anchor>({ threshold: integer(2, 16), keys: organisationKeys }),
  ({ threshold, keys }) => new Set(keys.map((key) => key.organisation)).size >= threshold,
);

/** Checks the outer form of a bundle; every part is untrusted until `acceptBundle`. */
export function parseBundle(value: JsonValue | undefined): Result<Bundle, AllianceFault> {
  const bundle = bundleForm(value);
  return bundle ? pass(bundle) : fail('BUNDLE_MALFORMED');
}

/** Checks an anchor: a threshold of at least two that its organisations can meet, no key twice. */
export function parseAnchor(value: JsonValue | undefined): Result<Anchor, AllianceFault> {
  const anchor = anchorForm(value);
  return anchor ? pass(anchor) : fail('ANCHOR_MALFORMED');
}
