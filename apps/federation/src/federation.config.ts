import { z } from 'zod';
import { shanghaiDayStart } from '#libs/calendar';
import type { BusOptions } from '#libs/messaging';
import { LOG_LEVELS, type LogLevel } from '#libs/platform';

export interface FederationConfig {
  /** Entity id: an https origin without a trailing slash. A name, not an address. */
  readonly id: string;
  /** The root keys, the same file that gates pin. */
  readonly anchorFile: string;
  /** Private keys of purpose `online`; the federation holds no other. */
  readonly keysFile: string;
  /** Age at which the head is dated anew. */
  readonly headIntervalSeconds: number;
  /** At most seven days, which is also the default. */
  readonly headLifeSeconds?: number;
  /** How long two officers' word holds without a new round; 30 days by default. Heads end with their round. */
  readonly roundLifeSeconds?: number;
  /**
   * `YYYY-MM-DD`, for an alliance that was founded before this registry ran: until the first head, documents count as
   * submitted on that day, and the first head is dated on it (a second one, dated now, follows at once).
   */
  readonly foundedAt?: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly databaseUrl: string;
  readonly production: boolean;
  readonly logLevel: LogLevel;
  /** NATS, or the address at which statements are taken over TCP. */
  readonly bus?: BusOptions;
  /** Address or network of the reverse proxy whose `X-Forwarded-For` is believed. */
  readonly trustedProxy?: string;
}

/** Injection token of the configuration. */
export const FEDERATION_CONFIG = Symbol('federation configuration');

const DAY_SECONDS = 86_400;
export const HEAD_LIFE_SECONDS = 7 * DAY_SECONDS;
export const ROUND_LIFE_SECONDS = 30 * DAY_SECONDS;

/** The environment of a federation service. Secrets and identities have no defaults. */
export const federationEnvironment = z
  .object({
    FEDERATION_ID: z
      .string()
      .regex(/^https:\/\/[a-z0-9.-]+(:[0-9]+)?$/, 'must be https://host, without a trailing slash'),
    ANCHOR_FILE: z.string(),
    KEYS_FILE: z.string(),
    HEAD_INTERVAL_SECONDS: z.coerce.number().int().min(1).max(DAY_SECONDS).default(3_600),
    HEAD_LIFE_SECONDS: z.coerce.number().int().min(60).max(HEAD_LIFE_SECONDS).default(HEAD_LIFE_SECONDS),
    ROUND_LIFE_SECONDS: z.coerce
      .number()
      .int()
      .min(DAY_SECONDS)
      .max(400 * DAY_SECONDS)
      .default(ROUND_LIFE_SECONDS),
    FOUNDED_AT: z.string().refine(isDay, 'must be a calendar day, YYYY-MM-DD').optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    NODE_ENV: z.string().optional(),
    LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
    NATS_URL: z.string().optional(),
    BUS_TCP_HOST: z.string().optional(),
    BUS_TCP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
    TRUSTED_PROXY: z.string().optional(),
  })
  .transform((env): FederationConfig => ({
    id: env.FEDERATION_ID,
    anchorFile: env.ANCHOR_FILE,
    keysFile: env.KEYS_FILE,
    headIntervalSeconds: env.HEAD_INTERVAL_SECONDS,
    headLifeSeconds: env.HEAD_LIFE_SECONDS,
    roundLifeSeconds: env.ROUND_LIFE_SECONDS,
    ...(env.FOUNDED_AT === undefined ? {} : { foundedAt: env.FOUNDED_AT }),
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    production: env.NODE_ENV === 'production',
    logLevel: env.LOG_LEVEL,
    ...busOf(env),
    ...(env.TRUSTED_PROXY === undefined ? {} : { trustedProxy: env.TRUSTED_PROXY }),
  }));

function isDay(text: string): boolean {
  try {
    shanghaiDayStart(text);
    return true;
  } catch {
    return false;
  }
}

function busOf(env: {
  readonly NATS_URL?: string | undefined;
  readonly BUS_TCP_HOST?: string | undefined;
  readonly BUS_TCP_PORT?: number | undefined;
}): { readonly bus?: BusOptions } {
  if (env.NATS_URL !== undefined) return { bus: { kind: 'nats', url: env.NATS_URL } };
  if (env.BUS_TCP_HOST === undefined || env.BUS_TCP_PORT === undefined) return {};
  return { bus: { kind: 'tcp', host: env.BUS_TCP_HOST, port: env.BUS_TCP_PORT } };
}
