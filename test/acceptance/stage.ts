import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '#libs/local-services';
import { type Alliance, type AllianceStand, openAlliance } from './alliance.js';
import { type CountyStand, openCounty } from './county-stand.js';
import { type Recast, Scene, type Stands } from './scene.js';

/** One PostgreSQL and the counties that rows have asked for so far, each with its own database and clock; and the alliance. */
export interface Stage extends Stands {
  /** A fresh play in whatever runs already: people, places and keys of its own. */
  scene(row: string, recast?: Recast): Scene;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-acceptance-'));
  // Started by root, PostgreSQL runs as another user, who must be able to enter; then all of it goes with the folder.
  await chmod(folder, 0o711);
  const postgres = await startPostgres({ dataFolder: path.join(folder, 'postgres') });
  const counties = new Map<string, Promise<CountyStand>>();
  let scenes = 0;
  const county = (code: string): Promise<CountyStand> => {
    const known = counties.get(code);
    if (known !== undefined) return known;
    const database = `county_${code}`;
    const opened = postgres
      .ensureDatabase(database)
      .then(() => openCounty(code, postgres.urlFor(database), path.join(folder, code)));
    counties.set(code, opened);
    return opened;
  };
  let founded: Promise<AllianceStand> | undefined;
  const alliance = async (): Promise<Alliance> => {
    founded ??= openAlliance(postgres.urlFor('postgres'), path.join(folder, 'alliance'));
    return (await founded).world;
  };
  return {
    county,
    alliance,
    scene: (row, recast) => new Scene({ county, alliance }, `${row.toLowerCase()}-${(scenes += 1)}`, recast),
    close: async () => {
      await founded?.then(
        (stand) => stand.close(),
        () => undefined,
      );
      const opened = await Promise.allSettled(counties.values());
      for (const each of opened) if (each.status === 'fulfilled') await each.value.close();
      await postgres.stop();
      await rm(folder, { recursive: true });
    },
  };
}
