import { readFile } from 'node:fs/promises';
import { parseAnchor, type Anchor } from '#libs/alliance';
import { parseStrictJson } from '#libs/jose-profile';
import { GatewayError } from '#libs/platform';

export const ANCHOR = Symbol('anchor: the pinned root keys');

/** Reads the pinned root keys. @throws GatewayError CONFIG_DOCUMENT_INVALID naming the file */
export async function readAnchor(file: string): Promise<Anchor> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: cannot be read`, cause });
  });
  const json = parseStrictJson(bytes, { maxBytes: 65_536, maxDepth: 6, maxValues: 1_024 });
  const anchor = json.ok ? parseAnchor(json.value) : json;
  if (!anchor.ok) throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: ${anchor.fault}` });
  return anchor.value;
}
