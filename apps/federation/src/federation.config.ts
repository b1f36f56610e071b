import { z } from 'zod';
import { isCalendarDay } from '#libs/calendar';
import { BUS_ENVIRONMENT, busConfig, type BusOptions } from '#libs/messaging';
import {
  ENTITY_ID,
  type Environment,
  loadConfig,
  SERVICE_ENVIRONMENT,
  serviceConfig,
  type ServiceConfig,
} from '#libs/platform';

export interface FederationConfig extends ServiceConfig {
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
  readonly foundedAt?: string | undefined;
  /** NATS, or the address at which statements are taken over TCP. */
  readonly bus?: BusOptions | undefined;
}

/** Injection token of the configuration. */
export const FEDERATION_CONFIG = Symbol('federation configuration');

const DAY_SECONDS = 86_400;
export const HEAD_LIFE_SECONDS = 7 * DAY_SECONDS;
export const ROUND_LIFE_SECONDS = 30 * DAY_SECONDS;

const environmentSchema = z.object({
  ...SERVICE_ENVIRONMENT,
  ...BUS_ENVIRONMENT,
  FEDERATION_ID: ENTITY_ID,
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
  FOUNDED_AT: z.string().refine(isCalendarDay, 'must be a calendar day, YYYY-MM-DD').optional(),
});

/**
 * The federation's configuration from the environment. Secrets and identities have no defaults.
 * @throws GatewayError CONFIG_INVALID naming every faulty variable
 */
export function readFederationConfig(environment: Environment): FederationConfig {
  const values = loadConfig(environmentSchema, environment);
  return {
    ...serviceConfig(values),
    bus: busConfig(values),
    id: values.FEDERATION_ID,
    anchorFile: values.ANCHOR_FILE,
    keysFile: values.KEYS_FILE,
    headIntervalSeconds: values.HEAD_INTERVAL_SECONDS,
    headLifeSeconds: values.HEAD_LIFE_SECONDS,
    roundLifeSeconds: values.ROUND_LIFE_SECONDS,
    foundedAt: values.FOUNDED_AT,
  };
}
