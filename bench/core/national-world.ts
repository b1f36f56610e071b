import { buildVisitWorld, largeAlliance, NATIONAL, type VisitWorld } from '#libs/testing/alliance';

let world: Promise<VisitWorld> | undefined;

/** An alliance of the whole country, every key, fingerprint and signature its own; made once for all benches of a run. */
export function nationalWorld(): Promise<VisitWorld> {
  return (world ??= buildVisitWorld(Math.floor(Date.now() / 1000), largeAlliance(NATIONAL)));
}
