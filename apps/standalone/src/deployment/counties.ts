import path from 'node:path';
import { CountySchemes, startCounty } from '#apps/county';
import type { SchemeDocument } from '#libs/scheme';
import type { Api } from '../api.js';
import { type SampleDocuments, shortName } from '../sample-alliance/sample-documents.js';
import type { CountyAccess } from '../visits/world.js';
import type { SampleFederation } from './federation.js';
import type { Ground } from './ground.js';

/**
 * The sample's status lists live so short that a revocation can be watched, and long enough for it to reach a gate meanwhile, also
 * without hints on a busy machine: a county signs within a second of it, and a gate asks within the next.
 */
export const STATUS_TTL_SECONDS = 4;

/** Roles of the desk account of a sample county; a real office gives them to different people, but for who decides about entries and assessments. */
const DESK_ROLES = [
  'registrar',
  'collector',
  'manager',
  'shopkeeper',
  'provider',
  'assessor',
  'issuing_officer',
  'county_manager',
  'auditor',
];

/** Nobody decides about an entry that they declared, releases an assessment that they made, or adopts a scheme that they drafted. */
const DECIDER_ROLES = ['verifier', 'approver', 'manager', 'assessor'];

export interface SampleCounty extends CountyAccess {
  /** Verifies and approves entries, and releases assessments. */
  readonly decider: Api;
  readonly scheme: SchemeDocument;
}

/** Starts a county service for every member that issues, with the scheme documents in its folder of `config/schemes`. */
export async function startSampleCounties(
  ground: Ground,
  federation: SampleFederation,
): Promise<readonly SampleCounty[]> {
  const issuers = ground.parts.documents.members.filter(({ statusLists }) => statusLists.length > 0);
  return Promise.all(issuers.map((member) => startOne(ground, federation, member)));
}

async function startOne(
  ground: Ground,
  federation: SampleFederation,
  { id, place, name: { zh: displayName } }: SampleDocuments['members'][number],
): Promise<SampleCounty> {
  const { config, documents, keyring, closers } = ground.parts;
  const slug = shortName(id);
  const service = await startCounty({
    ...(await ground.commonConfig(`xinqiao_county_${slug}`)),
    bus: federation.bus,
    id,
    name: displayName,
    federationId: documents.alliance.id,
    federationUrl: federation.url,
    place,
    placesFile: path.join(config.configFolder, 'places.json'),
    schemesFolder: path.join(config.configFolder, 'schemes', place),
    schemasFolder: path.join(config.configFolder, 'schemas'),
    keysFile: (await keyring.county(id)).file,
    subjectKeysFile: await keyring.subjects(id),
    statusTtlSeconds: STATUS_TTL_SECONDS,
    statusListUri: `${id}/s/1`,
  });
  closers.add(() => service.close());
  ground.addresses.push(`county ${slug.padEnd(11)} ${service.url}  ${id}`);
  const person = { username: 'desk', displayName, organisation: slug, roles: DESK_ROLES };
  const [desk, decider] = await Promise.all([
    ground.hire(`county ${slug}`, service, person),
    ground.hire(`county ${slug}`, service, { ...person, username: 'decider', roles: DECIDER_ROLES }),
  ]);
  const scheme = await service.app.get(CountySchemes, { strict: false }).exported();
  return { id, url: service.url, desk, decider, scheme: scheme.document };
}
