import { readFileSync } from 'node:fs';
import type { WrittenScheme } from '#libs/scheme';
import { adopt } from './adoption.js';
import { countyOf, DOCUMENTS, documentOf } from './documents.js';
import { type Mutant, mutantsOf } from './mutants.js';
import { granted, RowFault } from './expectations.js';
import type { Row } from './row.js';
import type { Recast, Scene } from './scene.js';
import type { Stage } from './stage.js';

export interface Mutated {
  readonly scheme: string;
  readonly path: string;
  readonly change: string;
  /** What noticed it, or `undefined`: it survived. */
  readonly caught: string | undefined;
}

/**
 * Changes each number and operator of the documents that rows hold to, one after another, makes the changed document known
 * under another id in another place of the same running county, and plays the rows with it.
 * @throws RowFault where rows fail already with a document that was only renamed
 */
export async function* mutate(stage: Stage, rows: readonly Row[]): AsyncGenerator<Mutated> {
  for (const [scheme, document] of DOCUMENTS) {
    const holding = rows.filter(({ documents }) => documents.includes(scheme));
    if (holding.length === 0) continue;
    const unchanged = await caughtBy(stage, holding, document);
    if (unchanged !== undefined) throw new RowFault(`${scheme} only renamed: ${unchanged}`);
    for (const mutant of mutantsOf(document))
      yield { ...named(scheme, mutant), caught: await caught(stage, holding, mutant) };
  }
}

function named(scheme: string, { path, change }: Mutant): Omit<Mutated, 'caught'> {
  return { scheme, path, change };
}

/** Only one scheme of a county may leave it: what is the lowest grade to do so is tried in a county of its own. */
function caught(stage: Stage, rows: readonly Row[], { document, path }: Mutant): Promise<string | undefined> {
  const isOfExport = document.export === 'band' && path.endsWith('/positive_floor');
  if (!isOfExport) return caughtBy(stage, rows, document);
  return stage.changed(document, (sceneOf) => firstFault(rows, sceneOf));
}

/** What notices a changed document: its check, or the first row that fails. */
async function caughtBy(stage: Stage, rows: readonly Row[], document: WrittenScheme): Promise<string | undefined> {
  const family = familyOf(document, new Set(rows.flatMap(({ documents }) => documents)));
  const recast = await recastOf(stage, document.id, family);
  const county = await stage.county(countyOf(document));
  county.beginPlay();
  for (const member of inOrder([...recast.schemes.values()])) {
    const answer = await adopt(county, member);
    if (answer.status === 422 || answer.status === 400) return `lint: ${String(answer.body['code'])}`;
    granted(`adopting ${member.id}`, answer);
  }
  return firstFault(rows, (row) => stage.scene(row, recast));
}

async function firstFault(rows: readonly Row[], sceneOf: (row: string) => Scene): Promise<string | undefined> {
  for (const { row, play } of rows) {
    try {
      await play(sceneOf(row));
    } catch (fault) {
      if (!(fault instanceof RowFault)) throw fault;
      return `${row}: ${fault.message}`;
    }
  }
  return undefined;
}

/** The document and those it stands beside: parents and children, and the others of its area. */
function familyOf(document: WrittenScheme, played: ReadonlySet<string>): readonly WrittenScheme[] {
  const family = new Map([[document.id, document]]);
  const take = (id: string | undefined): void => {
    if (id === undefined || family.has(id)) return;
    family.set(id, documentOf(id));
    tiesOf(documentOf(id)).forEach(take);
  };
  tiesOf(document).forEach(take);
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const [id, other] of DOCUMENTS) if (played.has(id) && tiesOf(other).some((tie) => family.has(tie))) take(id);
  }
  return [...family.values()];
}

function tiesOf({ parent, area }: WrittenScheme): readonly string[] {
  return [...(parent === undefined ? [] : [parent.id]), ...(area?.schemes ?? [])];
}

let recasts = 0;

/** The same documents under ids of their own, in places of their own that lie in one another as theirs do. */
async function recastOf(stage: Stage, tried: string, family: readonly WrittenScheme[]): Promise<Recast> {
  const tag = `m${(recasts += 1)}`;
  const places = new Map<string, string>();
  const wanted = new Set(family.map(({ place }) => place));
  for (const { place } of family) await addPlace(stage, place, { tag, places, wanted });
  const ids = new Map(family.map(({ id }) => [id, `${id}-${tag}`]));
  const renamed = family.map((document): [string, WrittenScheme] => {
    const { parent, area, place } = document;
    const others = area?.schemes.map((id) => ids.get(id) ?? id) ?? [];
    return [
      document.id,
      {
        ...document,
        id: ids.get(document.id) ?? document.id,
        place: places.get(place) ?? place,
        ...(parent && { parent: { ...parent, id: ids.get(parent.id) ?? parent.id } }),
        ...(area && { area: { ...area, id: `${area.id}-${tag}`, schemes: others } }),
        // Only one scheme of a county may leave it, and it does already.
        ...(document.export === 'band' && { export: 'none' as const }),
      },
    ];
  });
  return { tried, schemes: new Map(renamed), places };
}

interface RegisteredPlace {
  readonly id: string;
  readonly level: string;
  readonly parent?: string;
}

const REGISTER = (
  JSON.parse(readFileSync('config/places.json', 'utf8')) as { readonly places: readonly RegisteredPlace[] }
).places;

async function addPlace(
  stage: Stage,
  id: string,
  made: { readonly tag: string; readonly places: Map<string, string>; readonly wanted: ReadonlySet<string> },
): Promise<string> {
  const known = made.places.get(id);
  if (known !== undefined) return known;
  const { level, parent = id } = REGISTER.find((each) => each.id === id) ?? { level: 'village' };
  const above = made.wanted.has(parent) && parent !== id ? await addPlace(stage, parent, made) : parent;
  const fresh = `${above}-${made.tag}x${made.places.size}`;
  // Counties and towns come with the register only.
  const isOfficial = ['county', 'town', 'subdistrict'].includes(level);
  const place = { id: fresh, level: isOfficial ? 'functional_zone' : level, parent: above, name: `另${made.tag}` };
  const manager = await (await stage.county(id.slice(0, 6))).as({ role: 'manager' });
  granted('adding a place', await manager('POST', '/v1/admin/places', place));
  made.places.set(id, fresh);
  return fresh;
}

/** Parents before children. */
function inOrder(documents: readonly WrittenScheme[]): readonly WrittenScheme[] {
  const ids = new Set(documents.map(({ id }) => id));
  const depth = ({ parent }: WrittenScheme): number => {
    const above = documents.find(({ id }) => id === parent?.id);
    return parent === undefined || above === undefined || !ids.has(parent.id) ? 0 : depth(above) + 1;
  };
  return documents.toSorted((one, other) => depth(one) - depth(other));
}
