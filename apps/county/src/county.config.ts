import { z } from 'zod';
import { BUS_ENVIRONMENT, busConfig, type BusOptions } from '#libs/messaging';
import {
  ENTITY_ID,
  type Environment,
  loadConfig,
  SERVICE_ENVIRONMENT,
  serviceConfig,
  type ServiceConfig,
} from '#libs/platform';

export interface CountyConfig extends ServiceConfig {
  /** Entity id: an https URL without a trailing slash. A name, not an address. */
  readonly id: string;
  /** As residents read it on receipts. */
  readonly name: string;
  /** The federation whose `vct` the attestations carry. */
  readonly federationId: string;
  /** Base URL for delivery over HTTPS; it need not be the federation's name. */
  readonly federationUrl: string;
  /** The county's own code (GB/T 2260); with all that lies in it, it must stand in the register of places. */
  readonly place: string;
  readonly placesFile: string;
  /** The folder with every scheme document of this county. */
  readonly schemesFolder: string;
  readonly schemasFolder: string;
  /** Private keys of the purposes attest, status and statement. */
  readonly keysFile: string;
  /** Keys that seal and index document numbers. */
  readonly subjectKeysFile: string;
  readonly statusTtlSeconds: number;
  /** Ends in `/s/<number>`; served here under that path. */
  readonly statusListUri: string;
  readonly bus?: BusOptions | undefined;
}

/** Injection token of the configuration. */
export const COUNTY_CONFIG = Symbol('county configuration');

const DEFAULT_TTL_SECONDS = 300;

const environmentSchema = z.object({
  ...SERVICE_ENVIRONMENT,
  ...BUS_ENVIRONMENT,
  COUNTY_ID: ENTITY_ID,
  COUNTY_NAME: z.string().max(100),
  FEDERATION_ID: ENTITY_ID,
  FEDERATION_URL: z.url({ protocol: /^https?$/ }),
  COUNTY_PLACE: z.string().regex(/^[0-9]{6}$/, 'must be a code of six digits'),
  PLACES_FILE: z.string(),
  SCHEMES_FOLDER: z.string(),
  SCHEMAS_FOLDER: z.string(),
  KEYS_FILE: z.string(),
  SUBJECT_KEYS_FILE: z.string(),
  STATUS_TTL_SECONDS: z.coerce.number().int().min(1).max(86_400).default(DEFAULT_TTL_SECONDS),
  STATUS_LIST_URI: z
    .string()
    .regex(/^https:\/\/.+\/s\/[1-9][0-9]{0,8}$/, 'must be an https URL that ends in /s/<number>')
    .optional(),
});

/**
 * The county's configuration from the environment. Secrets and identities have no defaults.
 * @throws GatewayError CONFIG_INVALID naming every faulty variable
 */
export function readCountyConfig(environment: Environment): CountyConfig {
  const values = loadConfig(environmentSchema, environment);
  return {
    ...serviceConfig(values),
    bus: busConfig(values),
    id: values.COUNTY_ID,
    name: values.COUNTY_NAME,
    federationId: values.FEDERATION_ID,
    federationUrl: values.FEDERATION_URL.replace(/\/$/, ''),
    place: values.COUNTY_PLACE,
    placesFile: values.PLACES_FILE,
    schemesFolder: values.SCHEMES_FOLDER,
    schemasFolder: values.SCHEMAS_FOLDER,
    keysFile: values.KEYS_FILE,
    subjectKeysFile: values.SUBJECT_KEYS_FILE,
    statusTtlSeconds: values.STATUS_TTL_SECONDS,
    statusListUri: values.STATUS_LIST_URI ?? `${values.COUNTY_ID}/s/1`,
  };
}
