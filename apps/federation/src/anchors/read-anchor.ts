import { readFile } from 'node:fs/promises';
import { parseAnchor, type Anchor } from '#libs/alliance';
import { parseStrictJson, TOKEN_JSON_BOUNDS } from '#libs/jose-profile';
import { GatewayError } from '#libs/platform';

export const PINNED_ANCHOR = Symbol('the anchor file: the root keys before any rotation');

/**
 * Reads the anchor, the same file that gates pin.
 * @throws GatewayError CONFIG_DOCUMENT_INVALID naming the file
 */
export async function readAnchor(file: string): Promise<Anchor> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: cannot be read`, cause });
  });
  const json = parseStrictJson(bytes, { ...TOKEN_JSON_BOUNDS, maxBytes: 262_144 });
  if (!json.ok)
    throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: not strict JSON (${json.fault})` });
  const anchor = parseAnchor(json.value);
  if (!anchor.ok) throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: not an anchor` });
  return anchor.value;
}
