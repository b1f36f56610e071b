import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { shanghaiDay } from '#libs/calendar';
import { loadDocument, type JsonSchema } from '#libs/platform';
import type { SchemeDocument } from '#libs/scheme';
import { type Api, ApiProblem } from '../api.js';
import { samplePopulation, type PopulationConfig, type SampleResident } from './population.js';

const RESIDENTS_AT_ONCE = 500;
const ENTRIES_AT_ONCE = 250;

export interface CountyRegister {
  readonly id: string;
  readonly scheme: SchemeDocument;
  /** Signed in with every role of the county's desk. */
  readonly desk: Api;
  /** Signed in as verifier, approver and assessor. */
  readonly decider: Api;
}

/** The population of `config/`, checked against its schema. */
export async function loadPopulation(configFolder: string): Promise<PopulationConfig> {
  const schema = path.join(configFolder, 'schemas', 'population.schema.json');
  return loadDocument(
    path.join(configFolder, 'population.json'),
    JSON.parse(await readFile(schema, 'utf8')) as JsonSchema,
  );
}

/** The residents of a county by its entity id, registered when somebody first asks for them. */
export type Residents = (county: string) => Promise<readonly SampleResident[]>;

/** Registers each county's residents once; see `registerResidents`. */
export function residentsOf(counties: readonly CountyRegister[], population: PopulationConfig): Residents {
  const now = Math.floor(Date.now() / 1000);
  const registered = new Map<string, Promise<readonly SampleResident[]>>();
  return async (id) => {
    const county = counties.find((one) => one.id === id);
    if (county === undefined) return [];
    let residents = registered.get(id);
    if (residents === undefined) {
      residents = registerResidents(county, population, now);
      registered.set(id, residents);
    }
    return residents;
  };
}

/**
 * Registers a county's invented residents and this year's entries through the desk's interface, has them verified and approved by
 * somebody else, and assesses the year, which the latter releases.
 * Everything is idempotent by the residents' handles and the entries' ids, so a restart adds only what a new year needs.
 */
async function registerResidents(
  { scheme, desk, decider }: CountyRegister,
  population: PopulationConfig,
  now: number,
): Promise<readonly SampleResident[]> {
  const asOf = shanghaiDay(now);
  const year = Number(asOf.slice(0, 4));
  const residents = samplePopulation(population, scheme, { year, asOf });
  for (const part of slices(residents, RESIDENTS_AT_ONCE))
    await desk.post('/v1/admin/residents', {
      residents: part.map(({ handle, name, documentLast4, birthYear }) => ({ handle, name, documentLast4, birthYear })),
    });
  const entries = residents.flatMap(({ handle, entries: own }) =>
    own.map(({ id, ruleId, occurredOn, qty }) => ({
      id,
      scheme: scheme.id,
      subject: handle,
      rule: ruleId,
      occurredOn,
      quantity: qty,
    })),
  );
  for (const part of slices(entries, ENTRIES_AT_ONCE)) {
    await desk.post('/v1/admin/entries', { entries: part });
    const ids = part.map(({ id }) => id);
    for (const act of ['verify', 'approve'])
      await decider.post('/v1/admin/entries/acts', { key: `sample-${act}`, act, entries: ids }).catch(standsAlready);
  }
  const run = await desk.post<{ readonly run: string }>('/v1/admin/assessments', { period: String(year) });
  await decider.post(`/v1/admin/assessments/${run.run}/release`, {});
  return residents;
}

/** Entries of a data folder from before they were verified and approved have long been in effect. */
function standsAlready(problem: unknown): void {
  if (!(problem instanceof ApiProblem && problem.code === 'ENTRY_STATE_OTHER')) throw problem;
}

function* slices<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
