import { openSample, type SampleWorld } from '#apps/standalone';

/** The alliance of `config/alliance` as services, founded through HTTP by its officers and counties. */
export type Alliance = SampleWorld;

export interface AllianceStand {
  readonly world: Alliance;
  close(): Promise<void>;
}

/**
 * Starts the federation, its counties and gates, each on a database of its own; residents get their grades by entries,
 * assessment and release. Its clock is the machine's.
 */
export function openAlliance(databaseUrl: string, folder: string): Promise<AllianceStand> {
  return openSample(folder, databaseUrl);
}
