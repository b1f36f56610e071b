/** What a fetch came to: an answer with at most the bytes allowed, or the one reason why there is none. */
export type Fetched =
  | { readonly kind: 'ok'; readonly bytes: Uint8Array; readonly etag: string | undefined }
  | { readonly kind: 'not_modified' }
  | { readonly kind: 'failed'; readonly code: FetchFault };

export type FetchFault = 'SOURCE_UNREACHABLE' | 'SOURCE_STATUS' | 'SOURCE_TOO_LARGE';

export interface FetchBounds {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly etag?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** GETs a resource within bounds of size and time; redirects are not followed. Never rejects: an outage is an expected outcome. */
export async function fetchBounded(url: string, bounds: FetchBounds): Promise<Fetched> {
  const deadline = AbortSignal.timeout(bounds.timeoutMs);
  const signal = bounds.signal === undefined ? deadline : AbortSignal.any([deadline, bounds.signal]);
  try {
    const headers = bounds.etag === undefined ? {} : { 'if-none-match': bounds.etag };
    const response = await fetch(url, { headers, redirect: 'error', signal });
    if (response.status === 304) return { kind: 'not_modified' };
    if (response.status !== 200) {
      await response.body?.cancel();
      return { kind: 'failed', code: 'SOURCE_STATUS' };
    }
    const bytes = await readBounded(response, bounds.maxBytes);
    if (bytes === undefined) return { kind: 'failed', code: 'SOURCE_TOO_LARGE' };
    return { kind: 'ok', bytes, etag: response.headers.get('etag') ?? undefined };
  } catch {
    return { kind: 'failed', code: 'SOURCE_UNREACHABLE' };
  }
}

async function readBounded({ body }: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let total = 0;
  // Leaving the loop cancels the rest of the body.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    total += chunk.length;
    if (total > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, total);
}
