import {
  BUNDLE_JSON_BOUNDS,
  MAX_DOCUMENTS,
  parseBundle,
  parseSignedDocument,
  readDocumentOf,
  type Bundle,
  type BundleParts,
  type SignedDocument,
} from '#libs/alliance';
import {
  fail,
  isJsonObject,
  parseStrictJson,
  pass,
  type JsonBounds,
  type JsonValue,
  type Result,
} from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { fetchBounded, type FetchFault } from '../fetching/fetch-bounded.js';

export type SourceFault = FetchFault | 'SOURCE_MALFORMED';

/** A new head with its round, delegation and anchors; the documents come separately. */
export interface HeadParts {
  readonly parts: BundleParts;
  /** Of the round, which nobody has verified yet. */
  readonly docsRoot: string;
  readonly etag: string | undefined;
}

const TIMEOUT_MS = 10_000;
const BUNDLE_TIMEOUT_MS = 60_000;
/** Each answer as large as its form can be, so that a mirror without keys cannot keep a gate busy with more. */
const HEAD_BOUNDS: JsonBounds = { maxBytes: 4 * 1024 * 1024, maxDepth: 8, maxValues: 4_096 };
/** As many digests as a bundle has documents, each with its quotes and comma. */
const DIGESTS_BOUNDS: JsonBounds = {
  maxBytes: MAX_DOCUMENTS * 46 + 1_024,
  maxDepth: 2,
  maxValues: MAX_DOCUMENTS + 16,
};
const DOCUMENT_BOUNDS: JsonBounds = { maxBytes: 1024 * 1024, maxDepth: 3, maxValues: 64 };

/** Reads a federation's public interface, or a mirror of it. Whatever comes back is untrusted. */
export class HeadSource {
  private readonly aborted = new AbortController();

  /** @param base URL without a trailing slash */
  constructor(private readonly base: string) {}

  /** Ends every request under way. */
  stop(): void {
    this.aborted.abort();
  }

  /** @param etag of the last answer; `undefined` is answered when nothing has changed since */
  async head(etag: string | undefined): Promise<Result<HeadParts | undefined, SourceFault>> {
    const answer = await this.get('/v1/head', HEAD_BOUNDS, TIMEOUT_MS, etag);
    if (!answer.ok || answer.value === undefined) return answer as Result<undefined, SourceFault>;
    const { value, etag: next } = answer.value;
    const bundle = isJsonObject(value) ? parseBundle({ ...value, documents: [] }) : undefined;
    if (!bundle?.ok) return fail('SOURCE_MALFORMED');
    const { documents: _, ...parts } = bundle.value;
    const read = await readDocumentOf('round', parts.round, nodeCrypto);
    if (!read.ok) return fail('SOURCE_MALFORMED');
    return pass({ parts, docsRoot: read.value.payload.docs_root, etag: next });
  }

  async bundle(): Promise<Result<Bundle, SourceFault>> {
    const answer = await this.get('/v1/bundle', BUNDLE_JSON_BOUNDS, BUNDLE_TIMEOUT_MS);
    if (!answer.ok) return answer;
    const bundle = parseBundle(answer.value?.value);
    return bundle.ok ? bundle : fail('SOURCE_MALFORMED');
  }

  /** The digests of the documents under a `docs_root`. */
  async digests(docsRoot: string): Promise<Result<readonly string[], SourceFault>> {
    const answer = await this.get(`/v1/rounds/${docsRoot}/documents`, DIGESTS_BOUNDS, TIMEOUT_MS);
    if (!answer.ok) return answer;
    const value = answer.value?.value;
    const digests = isJsonObject(value) ? value['digests'] : undefined;
    return isDigestList(digests) ? pass(digests) : fail('SOURCE_MALFORMED');
  }

  async document(digest: string): Promise<Result<SignedDocument, SourceFault>> {
    const answer = await this.get(`/v1/documents/${digest}`, DOCUMENT_BOUNDS, TIMEOUT_MS);
    if (!answer.ok) return answer;
    const document = parseSignedDocument(answer.value?.value);
    return document.ok ? document : fail('SOURCE_MALFORMED');
  }

  private async get(
    path: string,
    bounds: JsonBounds,
    timeoutMs: number,
    etag?: string,
  ): Promise<Result<{ readonly value: JsonValue; readonly etag: string | undefined } | undefined, SourceFault>> {
    const fetched = await fetchBounded(this.base + path, {
      maxBytes: bounds.maxBytes,
      timeoutMs,
      etag,
      signal: this.aborted.signal,
    });
    if (fetched.kind === 'not_modified') return pass(undefined);
    if (fetched.kind === 'failed') return fail(fetched.code);
    const parsed = parseStrictJson(fetched.bytes, bounds);
    return parsed.ok ? pass({ value: parsed.value, etag: fetched.etag }) : fail('SOURCE_MALFORMED');
  }
}

function isDigestList(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((digest) => typeof digest === 'string' && /^[\w-]{43}$/.test(digest));
}
