import { startGate } from '#apps/gate';
import type { Api } from '../api.js';
import type { SiteAccess } from '../visits/world.js';
import type { Ground } from './ground.js';

export const QR_HOST = 'XINQIAO.EXAMPLE';

const HEAD_POLL_SECONDS = 1;
const SESSION_LIFE_SECONDS = 600;
/** Several times in the life of the sample's lists: a revocation reaches the gate within one period. */
const STATUS_POLL_SECONDS = 1;

/** The sample's gates: a scenic spot's own machine, and one that the alliance hosts for small partners. */
const GATES = [
  { name: 'rugao', partners: ['rugao-spot'] },
  {
    name: 'hosted',
    partners: [
      'jiyuan-hotel',
      'xuecheng-live',
      'rushan-live',
      'xuecheng-spot',
      'rongcheng-spot',
      'daiyue-spot',
      'juxian-meals',
      'shanting-spot',
    ],
  },
];

export interface GatePlace {
  /** Also the name of its database and of its accounts. */
  readonly name: string;
  readonly partners: readonly string[];
  /** Absent: a gate without an address of the federation. */
  readonly federationUrl: string | undefined;
  /** Where the counties' status lists are served. */
  readonly origins: Readonly<Record<string, string>>;
}

export interface SampleGate {
  readonly sites: ReadonlyMap<string, SiteAccess>;
  close(): Promise<void>;
}

/** Starts the sample's gates; the sites by id. */
export async function startSampleGates(
  ground: Ground,
  common: Pick<GatePlace, 'federationUrl' | 'origins'>,
): Promise<ReadonlyMap<string, SiteAccess>> {
  const sites = new Map<string, SiteAccess>();
  for (const gate of await Promise.all(GATES.map(async (place) => startSampleGate(ground, { ...place, ...common })))) {
    ground.parts.closers.add(() => gate.close());
    for (const [id, site] of gate.sites) sites.set(id, site);
  }
  return sites;
}

/** Starts one gate with a manager, and at every site of its partners an account for its lanes and its shop. */
export async function startSampleGate(ground: Ground, place: GatePlace): Promise<SampleGate> {
  const { documents, folder, keyring, bus } = ground.parts;
  const partners = documents.partners.filter(({ id }) => place.partners.includes(id));
  const service = await startGate({
    ...(await ground.commonConfig(`xinqiao_gate_${place.name}`)),
    bus,
    federationId: documents.alliance.id,
    federationUrl: place.federationUrl,
    anchorFile: folder.path('anchor.json'),
    origins: place.origins,
    partners: await Promise.all(
      partners.map(async ({ id, sites }) => ({
        id,
        keysFile: (await keyring.gate(id)).file,
        sites: sites.map(({ id: site, lanes }) => ({ id: site, lanes })),
      })),
    ),
    pollSeconds: HEAD_POLL_SECONDS,
    statusPollSeconds: STATUS_POLL_SECONDS,
    qrHost: QR_HOST,
    sessionLifeSeconds: SESSION_LIFE_SECONDS,
  });
  try {
    ground.addresses.push(`gate ${place.name.padEnd(13)} ${service.url}  ${place.partners.join(', ')}`);
    const hire = (username: string, roles: readonly string[], displayName: string, scope?: string): Promise<Api> => {
      const person = {
        username,
        displayName,
        organisation: place.name,
        roles,
        ...(scope === undefined ? {} : { scope }),
      };
      return ground.hire(`gate ${place.name}`, service, person);
    };
    const manager = hire('manager', ['gate_manager'], `gate ${place.name}`);
    const staffed = partners.flatMap((partner) =>
      partner.sites.map(async ({ id, name }): Promise<[string, SiteAccess]> => {
        const devices = await hire(id, ['lane', 'shop'], name.zh, id);
        return [id, { partner: partner.id, lane: devices, shop: devices, manager: await manager }];
      }),
    );
    const sites = new Map(await Promise.all(staffed));
    return { sites, close: () => service.close() };
  } catch (failure) {
    await service.close();
    throw failure;
  }
}
