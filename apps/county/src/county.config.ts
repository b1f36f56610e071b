import { z } from 'zod';
import type { BusOptions } from '#libs/messaging';
import { LOG_LEVELS, type LogLevel } from '#libs/platform';

export interface CountyConfig {
  /** Entity id: an https URL without a trailing slash. A name, not an address. */
  readonly id: string;
  /** As residents read it on receipts. */
  readonly name: string;
  /** The federation whose `vct` the attestations carry. */
  readonly federationId: string;
  /** Base URL for delivery over HTTPS; it need not be the federation's name. */
  readonly federationUrl: string;
  readonly schemeFile: string;
  readonly schemasFolder: string;
  /** Private keys of the purposes attest, status and statement. */
  readonly keysFile: string;
  readonly statusTtlSeconds: number;
  /** Ends in `/s/<number>`; served here under that path. */
  readonly statusListUri: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly databaseUrl: string;
  readonly production: boolean;
  readonly logLevel: LogLevel;
  readonly bus?: BusOptions;
  /** Address or network of the reverse proxy whose `X-Forwarded-For` is believed. */
  readonly trustedProxy?: string;
}

/** Injection token of the configuration. */
export const COUNTY_CONFIG = Symbol('county configuration');

const DEFAULT_TTL_SECONDS = 300;
const entityId = z
  .string()
  .regex(/^https:\/\/[a-z0-9.-]+(:[0-9]+)?$/, 'must be https://host, without a trailing slash');

/** The environment of a county service. Secrets and identities have no defaults. */
export const countyEnvironment = z
  .object({
    COUNTY_ID: entityId,
    COUNTY_NAME: z.string().max(100),
    FEDERATION_ID: entityId,
    FEDERATION_URL: z.url({ protocol: /^https?$/ }),
    SCHEME_FILE: z.string(),
    SCHEMAS_FOLDER: z.string(),
    KEYS_FILE: z.string(),
    STATUS_TTL_SECONDS: z.coerce.number().int().min(1).max(86_400).default(DEFAULT_TTL_SECONDS),
    STATUS_LIST_URI: z
      .string()
      .regex(/^https:\/\/.+\/s\/[1-9][0-9]{0,8}$/, 'must be an https URL that ends in /s/<number>')
      .optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    NODE_ENV: z.string().optional(),
    LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
    NATS_URL: z.string().optional(),
    BUS_TCP_HOST: z.string().optional(),
    BUS_TCP_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
    TRUSTED_PROXY: z.string().optional(),
  })
  .transform((env): CountyConfig => ({
    id: env.COUNTY_ID,
    name: env.COUNTY_NAME,
    federationId: env.FEDERATION_ID,
    federationUrl: env.FEDERATION_URL.replace(/\/$/, ''),
    schemeFile: env.SCHEME_FILE,
    schemasFolder: env.SCHEMAS_FOLDER,
    keysFile: env.KEYS_FILE,
    statusTtlSeconds: env.STATUS_TTL_SECONDS,
    statusListUri: env.STATUS_LIST_URI ?? `${env.COUNTY_ID}/s/1`,
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    production: env.NODE_ENV === 'production',
    logLevel: env.LOG_LEVEL,
    ...busOf(env),
    ...(env.TRUSTED_PROXY === undefined ? {} : { trustedProxy: env.TRUSTED_PROXY }),
  }));

function busOf(env: {
  readonly NATS_URL?: string | undefined;
  readonly BUS_TCP_HOST?: string | undefined;
  readonly BUS_TCP_PORT?: number | undefined;
}): { readonly bus?: BusOptions } {
  if (env.NATS_URL !== undefined) return { bus: { kind: 'nats', url: env.NATS_URL } };
  if (env.BUS_TCP_HOST === undefined || env.BUS_TCP_PORT === undefined) return {};
  return { bus: { kind: 'tcp', host: env.BUS_TCP_HOST, port: env.BUS_TCP_PORT } };
}
