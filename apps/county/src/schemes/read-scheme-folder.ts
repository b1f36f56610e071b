import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError, type JsonSchema, loadDocument } from '#libs/platform';
import {
  checkScheme,
  explainFinding,
  resolveScheme,
  type SchemeDocument,
  type SchemeFault,
  type WrittenScheme,
} from '#libs/scheme';

type Read = readonly [file: string, written: WrittenScheme];

/** A sound document: as it is written, and with what it inherits. */
export interface ReadScheme {
  readonly written: WrittenScheme;
  readonly document: SchemeDocument;
}

/**
 * Every scheme document of a county's folder (`*.json`, parents included), with what it inherits, drafts left out.
 * @throws GatewayError CONFIG_DOCUMENT_INVALID naming file and path of every fault of the first faulty file; for a
 *   version that stands in two files; for a folder that cannot be read
 */
export async function readSchemeFolder(
  county: string,
  folder: string,
  schemasFolder: string,
): Promise<readonly ReadScheme[]> {
  const schema = await readSchemeSchema(schemasFolder);
  const read = await Promise.all(
    (await filesOf(folder)).map(async (file): Promise<Read> => [file, await loadDocument<WrittenScheme>(file, schema)]),
  );
  refuseTwins(read);
  const written = read.map(([, document]) => document);
  const elsewhere = written.find(({ place }) => !place.startsWith(county));
  if (elsewhere !== undefined)
    throw new GatewayError('CONFIG_DOCUMENT_INVALID', {
      detail: `${folder}: ${elsewhere.id} is of ${elsewhere.place}, not of ${county}`,
    });
  return read
    .map(([file, each]) => ({ written: each, document: resolveSound(file, each, written) }))
    .filter(({ document }) => document.adopted_by !== undefined);
}

async function filesOf(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => join(folder, name));
  } catch (cause) {
    throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${folder}: the folder cannot be read`, cause });
  }
}

function refuseTwins(read: readonly Read[]): void {
  const seen = new Map<string, string>();
  for (const [file, { id, version }] of read) {
    const name = `${id}, version ${version}`;
    const other = seen.get(name);
    if (other !== undefined)
      throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: ${name} stands in ${other} as well` });
    seen.set(name, file);
  }
}

function resolveSound(file: string, document: WrittenScheme, parents: readonly WrittenScheme[]): SchemeDocument {
  const resolved = resolveScheme(document, parents);
  if (!resolved.ok) throw invalid(file, resolved.faults);
  const faults = checkScheme(resolved.value);
  if (faults.length > 0) throw invalid(file, faults);
  return resolved.value;
}

function invalid(file: string, faults: readonly SchemeFault[]): GatewayError {
  const list = faults.map((fault) => `${fault.path} ${explainFinding(fault, 'en')} (${fault.code})`).join(' ');
  return new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: ${list}` });
}

/** The JSON Schema of scheme documents. */
export async function readSchemeSchema(schemasFolder: string): Promise<JsonSchema> {
  const file = join(schemasFolder, 'scheme.schema.json');
  try {
    const schema: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof schema === 'object' && schema !== null) return { ...schema };
    throw new TypeError('not an object');
  } catch (cause) {
    throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: no JSON Schema can be read from it`, cause });
  }
}
