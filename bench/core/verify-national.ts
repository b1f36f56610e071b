import { buildVisitWorld, largeAlliance, type VisitWorld } from '#libs/testing/alliance';
import { inTurn, rateRatio } from '../measure.js';
import { nationalWorld } from './national-world.js';

const SHOWN = 64;
/** So many in both alliances: what differs is how much the gate trusts, not how many keys it has just used. */
const COUNTIES = 8;

/** One presentation at a gate that trusts the whole country, as rate against the same where eight counties are all there is. */
export async function verifyNational(): Promise<number> {
  const national = await nationalWorld();
  const small = await buildVisitWorld(national.now, largeAlliance({ members: 8, tables: 8, partners: 6, offers: 14 }));
  return rateRatio(await visits(national), await visits(small));
}

/** Residents of eight counties come to one gate; of the whole country, such that lie far apart in its lists. */
async function visits(world: VisitWorld): Promise<() => Promise<void>> {
  const { schemes } = world.alliance.plan;
  const texts: string[] = [];
  for (let idx = 0; idx < SHOWN; idx += 1) {
    const scheme = schemes[Math.floor(((idx % COUNTIES) * schemes.length) / COUNTIES)]!.id;
    texts.push(await world.present({ scheme, idx }));
  }
  const next = inTurn(texts);
  return async () => {
    const { code, failed } = await world.verdictOf(next());
    if (code !== 'granted') throw new Error(`bench: ${code} ${failed.join()}`);
  };
}
