import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '#libs/local-services';
import type { WrittenScheme } from '#libs/scheme';
import { type Alliance, type AllianceStand, openAlliance } from './alliance.js';
import { type CountyStand, openCounty } from './county-stand.js';
import { countyOf, DOCUMENTS } from './documents.js';
import { type Recast, Scene, type Stands } from './scene.js';

/** One PostgreSQL and the counties that rows have asked for so far, each with its own database and clock; and the alliance. */
export interface Stage extends Stands {
  /** A fresh play in whatever runs already: people, places and keys of its own. */
  scene(row: string, recast?: Recast): Scene;
  /** A play in a county of its own that runs this document, under its own name, in place of the one that is written. */
  changed<Answer>(document: WrittenScheme, play: (sceneOf: (row: string) => Scene) => Promise<Answer>): Promise<Answer>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-acceptance-'));
  // Started by root, PostgreSQL runs as another user, who must be able to enter; then all of it goes with the folder.
  await chmod(folder, 0o711);
  const postgres = await startPostgres({ dataFolder: path.join(folder, 'postgres') });
  const counties = new Map<string, Promise<CountyStand>>();
  let scenes = 0;
  const open = async (code: string, name: string, schemes?: { readonly schemesFolder: string }) => {
    await postgres.ensureDatabase(name);
    return openCounty(code, { databaseUrl: postgres.urlFor(name), folder: path.join(folder, name), ...schemes });
  };
  const county = (code: string): Promise<CountyStand> => {
    const known = counties.get(code);
    if (known !== undefined) return known;
    const opened = open(code, `county_${code}`);
    counties.set(code, opened);
    return opened;
  };
  let founded: Promise<AllianceStand> | undefined;
  const alliance = async (): Promise<Alliance> => {
    founded ??= openAlliance(postgres.urlFor('postgres'), path.join(folder, 'alliance'));
    return (await founded).world;
  };
  const tagOf = (row: string): string => `${row.toLowerCase()}-${(scenes += 1)}`;
  return {
    county,
    alliance,
    scene: (row, recast) => new Scene({ county, alliance }, tagOf(row), recast),
    changed: async (document, play) => {
      const code = countyOf(document);
      const name = `county_${code}_${(scenes += 1)}`;
      const schemesFolder = path.join(folder, `${name}_schemes`);
      await writeSchemes(schemesFolder, document);
      const own = await open(code, name, { schemesFolder });
      const stands = { county: (asked: string) => (asked === code ? Promise.resolve(own) : county(asked)), alliance };
      try {
        return await play((row) => new Scene(stands, tagOf(row)));
      } finally {
        await own.close();
      }
    },
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

/** All documents of a county, one of them changed. */
async function writeSchemes(folder: string, changed: WrittenScheme): Promise<void> {
  await mkdir(folder);
  const own = [...DOCUMENTS.values()].filter((document) => countyOf(document) === countyOf(changed));
  for (const document of own) {
    const written = document.id === changed.id ? changed : document;
    await writeFile(path.join(folder, `${document.id}.json`), JSON.stringify(written));
  }
}
