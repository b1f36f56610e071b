import type { Anchor, Bundle } from '#libs/alliance';
import type { AllianceKeyring } from './sample-alliance/found-alliance.js';
import { shortName, type SampleDocuments } from './sample-alliance/sample-documents.js';
import type { SampleResident } from './sample/population.js';
import type { Residents } from './sample/sample-residents.js';
import { STATUS_TTL_SECONDS, type SampleCounty } from './deployment/counties.js';
import type { SampleFederation } from './deployment/federation.js';
import { QR_HOST, startSampleGate } from './deployment/gates.js';
import type { Ground } from './deployment/ground.js';
import { serveMirror } from './deployment/mirror.js';
import type { SampleWorld, SiteAccess } from './visits/world.js';

/** One period of the status lists: a revocation has reached every gate by then. */
const STATUS_PERIOD_MS = STATUS_TTL_SECONDS * 1_000;

export interface WorldParts {
  readonly ground: Ground;
  readonly anchor: Anchor;
  readonly documents: SampleDocuments;
  readonly keyring: AllianceKeyring;
  readonly federation: SampleFederation;
  readonly counties: readonly SampleCounty[];
  readonly residents: Residents;
  readonly sites: ReadonlyMap<string, SiteAccess>;
  readonly origins: Readonly<Record<string, string>>;
}

/** What the visits can reach: the public addresses and signed-in desks of the running sample. */
export function sampleWorld(parts: WorldParts): SampleWorld {
  const { ground, anchor, documents, keyring, federation, counties, residents, sites, origins } = parts;
  const taken = new Set<string>();
  const idOf = (name: string): string => {
    const member = documents.members.find(({ name: { zh } }) => zh.startsWith(name));
    return member?.id ?? missing(`a member ${name}`);
  };
  return {
    federation: federation.api,
    federationId: documents.alliance.id,
    anchor,
    desk: federation.desk,
    qrHost: QR_HOST,
    statusPeriodMs: STATUS_PERIOD_MS,
    county: (name) => counties.find(({ id }) => id === idOf(name)) ?? missing(`a county ${name}`),
    site: (id) => sites.get(id) ?? missing(`a site ${id}`),
    keysOf: (name) => keyring.county(idOf(name)),
    resident: async (name, wanted) => {
      const registered = await residents(idOf(name));
      const found = registered.find(({ handle, intended }) => !taken.has(handle) && isWanted(intended, wanted));
      if (found === undefined) throw new RangeError(`no resident of ${name} is left for ${JSON.stringify(wanted)}`);
      taken.add(found.handle);
      return found.handle;
    },
    mirrorOfFirstHead: async () => {
      const { documents: all } = await federation.api.get<Bundle>('/v1/bundle');
      const first = await federation.api.get<Omit<Bundle, 'documents'>>('/v1/heads/1/1');
      return serveMirror({ '/v1/head': first, '/v1/bundle': { ...first, documents: all } });
    },
    withSpareGate: async ({ site, federationUrl }, play) => {
      const partner = documents.partners.find(({ sites: own }) => own.some(({ id }) => id === site));
      const partners = [partner?.id ?? missing(`a partner at ${site}`)];
      const reached = federationUrl === undefined ? nowhere(origins) : origins;
      const gate = await startSampleGate(ground, { name: 'spare', partners, federationUrl, origins: reached });
      try {
        return await play(gate.sites.get(site) ?? missing('the spare gate'));
      } finally {
        await gate.close();
      }
    },
  };
}

/** Where a gate finds each county's status lists. */
export function originsOf(counties: readonly SampleCounty[]): Readonly<Record<string, string>> {
  return Object.fromEntries(counties.map(({ id, url }) => [new URL(id).origin, url]));
}

/** Nobody listens on the discard port. */
function nowhere(origins: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(origins).map((origin) => [origin, 'http://127.0.0.1:9']));
}

/** The databases of the sample, one per service. */
export function databasesOf(documents: SampleDocuments): readonly string[] {
  const issuers = documents.members.filter(({ statusLists }) => statusLists.length > 0);
  const counties = issuers.map(({ id }) => `county_${shortName(id)}`);
  return ['federation', 'gate_rugao', 'gate_hosted', 'gate_spare', ...counties].map((name) => `xinqiao_${name}`);
}

function isWanted(
  intended: SampleResident['intended'],
  wanted: { readonly grade: string } | { readonly score: number },
): boolean {
  return 'grade' in wanted ? intended.grade === wanted.grade : intended.score === wanted.score;
}

function missing(what: string): never {
  throw new RangeError(`the sample has no ${what}`);
}
