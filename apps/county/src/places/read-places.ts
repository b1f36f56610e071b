import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError, type JsonSchema, loadDocument } from '#libs/platform';
import type { PlaceEntity } from './place.entity.js';
import { kindOfLevel, mayLieIn, type PlaceKind, type PlaceLevel, PlaceTree } from './place-tree.js';

/** A place as `config/places.json` has it. */
interface WrittenPlace {
  readonly id: string;
  readonly code?: string;
  readonly level: PlaceLevel;
  readonly kind: PlaceKind;
  readonly name_zh: string;
  readonly parent?: string;
  readonly source: string;
}

/**
 * Reads the register of places and takes from it a county with all that lies in it, parents before children.
 * @param county its code
 * @throws GatewayError CONFIG_DOCUMENT_INVALID naming the file and the JSON Pointer of every fault
 */
export async function readPlaces(file: string, schemasFolder: string, county: string): Promise<readonly PlaceEntity[]> {
  const schema = JSON.parse(await readFile(path.join(schemasFolder, 'places.schema.json'), 'utf8')) as JsonSchema;
  const { places: written } = await loadDocument<{ readonly places: readonly WrittenPlace[] }>(file, schema);
  const faults = faultsOf(written);
  const places = written.map(({ id, code, level, kind, name_zh: name, parent, source }) => {
    return { id, code: code ?? null, level, kind, name, parent: parent ?? null, source };
  });
  const own = new Map(places.map((place) => [place.id, place]));
  if (own.get(county)?.level !== 'county') faults.push(`/places has no county ${county}`);
  if (faults.length > 0) throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: ${faults.join('; ')}` });
  return new PlaceTree(places).within(county).flatMap((id) => own.get(id) ?? []);
}

/** What a schema cannot say. */
function faultsOf(places: readonly WrittenPlace[]): string[] {
  const byId = new Map(places.map((place) => [place.id, place]));
  return places.flatMap((place, at) => {
    const parent = byId.get(place.parent ?? '');
    const faults: string[] = [];
    if (byId.get(place.id) !== place) faults.push('id stands twice');
    if (place.code === undefined ? !isUnderParent(place.id, place, byId) : place.id !== place.code)
      faults.push('id is neither the code nor below that of a place it lies in');
    if (place.kind !== kindOfLevel(place.level)) faults.push('kind does not go with the level');
    if (place.parent !== undefined && parent === undefined) faults.push('parent is not in the register');
    else if (parent === undefined ? place.level !== 'county' : !mayLieIn(place.level, parent.level))
      faults.push('parent is none a place of this level may lie in');
    return faults.map((fault) => `/places/${at}/${fault}`);
  });
}

/** Whether an id without a code begins with the id of a place it lies in. Levels rise on the way, so the way ends. */
function isUnderParent(id: string, { level, parent }: WrittenPlace, byId: ReadonlyMap<string, WrittenPlace>): boolean {
  const above = byId.get(parent ?? '');
  if (above === undefined || !mayLieIn(level, above.level)) return false;
  return id.startsWith(`${above.id}-`) || isUnderParent(id, above, byId);
}
