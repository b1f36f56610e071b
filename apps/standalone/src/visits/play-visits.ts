import { ORDERED_VISITS, STATE_VISITS } from './ordered-visits.js';
import { ScannedVisits } from './scanned-visits.js';
import type { Outcome, PlayedVisit, Visit } from './visit.js';
import type { SampleWorld } from './world.js';

/**
 * Plays the sample visits one after the other and gives them back in the order of their numbers. A visit that breaks down is
 * an outcome too: `error`, and what went wrong.
 */
export async function playVisits(world: SampleWorld): Promise<readonly PlayedVisit<SampleWorld>[]> {
  const scannedVisits = new ScannedVisits();
  const visits = [...scannedVisits.atTheSpot, ...ORDERED_VISITS, ...scannedVisits.elsewhere, ...STATE_VISITS];
  const played: PlayedVisit<SampleWorld>[] = [];
  for (const visit of visits) played.push(await play(visit, world));
  return played.toSorted((one, other) => one.visit.visit.localeCompare(other.visit.visit));
}

async function play(visit: Visit<SampleWorld>, world: SampleWorld): Promise<PlayedVisit<SampleWorld>> {
  const outcome = await visit.play(world).catch((failure: unknown): Outcome => {
    return { actual: 'error', effect: failure instanceof Error ? failure.message : String(failure), repeat: false };
  });
  return { visit, ...outcome, atMs: performance.now() };
}
