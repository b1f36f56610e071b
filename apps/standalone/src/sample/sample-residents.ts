import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { shanghaiDay } from '#libs/calendar';
import { loadDocument, type JsonSchema } from '#libs/platform';
import type { SchemeDocument } from '#libs/scheme';
import type { Api } from '../api.js';
import { samplePopulation, type PopulationConfig, type SampleResident } from './population.js';

const RESIDENTS_AT_ONCE = 500;
const ENTRIES_AT_ONCE = 250;

export interface CountyRegister {
  readonly id: string;
  readonly scheme: SchemeDocument;
  /** Signed in with every role of the county's desk. */
  readonly desk: Api;
}

/** The population of `config/`, checked against its schema. */
export async function loadPopulation(configFolder: string): Promise<PopulationConfig> {
  const schema = path.join(configFolder, 'schemas', 'population.schema.json');
  return loadDocument(
    path.join(configFolder, 'population.json'),
    JSON.parse(await readFile(schema, 'utf8')) as JsonSchema,
  );
}

/**
 * Registers the residents of every county, one county after the other, in the background: who needs residents waits for
 * those of their county. By the county's entity id.
 */
export function registerAll(
  counties: readonly CountyRegister[],
  population: PopulationConfig,
): ReadonlyMap<string, Promise<readonly SampleResident[]>> {
  const now = Math.floor(Date.now() / 1000);
  const registered = new Map<string, Promise<readonly SampleResident[]>>();
  let before: Promise<unknown> = Promise.resolve();
  for (const county of counties) {
    const residents = before.then(() => registerResidents(county, population, now));
    // Whoever waits for it is told; until somebody does, a failure must not count as unhandled.
    before = residents.catch(() => undefined);
    registered.set(county.id, residents);
  }
  return registered;
}

/**
 * Registers a county's invented residents and this year's entries through the desk's interface, and assesses the year.
 * Everything is idempotent by the residents' handles and the entries' ids, so a restart adds only what a new year needs.
 */
async function registerResidents(
  { scheme, desk }: CountyRegister,
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
    own.map(({ id, ruleId, occurredOn, qty }) => ({ id, resident: handle, rule: ruleId, occurredOn, quantity: qty })),
  );
  for (const part of slices(entries, ENTRIES_AT_ONCE)) await desk.post('/v1/admin/entries', { entries: part });
  await desk.post('/v1/admin/assessments', { year });
  return residents;
}

function* slices<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
