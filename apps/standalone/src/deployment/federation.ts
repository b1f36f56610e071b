import { startFederation } from '#apps/federation';
import type { BusOptions } from '#libs/messaging';
import { apiAt, type Api } from '../api.js';
import { AllianceDesk, type Officer } from '../sample-alliance/alliance-desk.js';
import type { Ground } from './ground.js';

const HEAD_INTERVAL_SECONDS = 3_600;

export interface SampleFederation {
  readonly url: string;
  readonly api: Api;
  /** Where counties reach it over the bus. */
  readonly bus: BusOptions;
  readonly desk: AllianceDesk;
}

/** Starts the registry and signs its officers in. */
export async function startSampleFederation(ground: Ground): Promise<SampleFederation> {
  const { documents, folder, keyring, bus, closers } = ground.parts;
  const { id, foundedAt, officers: people } = documents.alliance;
  const service = await startFederation({
    ...(await ground.commonConfig('xinqiao_federation')),
    bus,
    id,
    foundedAt,
    anchorFile: folder.path('anchor.json'),
    keysFile: (await keyring.online()).file,
    headIntervalSeconds: HEAD_INTERVAL_SECONDS,
  });
  closers.add(() => service.close());
  ground.addresses.push(`federation         ${service.url}  ${id}`);
  const officers = await Promise.all(
    people.map(async ({ id: officer, organisation, title_zh: displayName }): Promise<Officer> => {
      const person = { username: officer, displayName, organisation, roles: ['alliance_officer'] };
      const api = await ground.hire('federation', service, person);
      return { id: officer, signer: (await keyring.officer(officer)).signer('officer'), api };
    }),
  );
  return { url: service.url, bus: service.bus ?? bus, api: apiAt(service.url), desk: new AllianceDesk(officers) };
}
