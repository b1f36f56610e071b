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

/** A place to verify at; its lanes share one memory. */
export interface GateSite {
  readonly id: string;
  readonly lanes: readonly string[];
  /** The lanes at which a clerk stands, who can compare a document; none unless told. */
  readonly attended?: readonly string[] | undefined;
}

/** A partner whose gates this service runs: a scenic spot's own machine has one, a hosted gate many. */
export interface GatePartner {
  readonly id: string;
  /** Key file with one key of purpose `receipt`, listed in the partner's document. */
  readonly keysFile: string;
  readonly sites: readonly GateSite[];
}

export interface GateConfig extends ServiceConfig {
  readonly bus?: BusOptions | undefined;
  /** Under which address wallets reach this service; its own listening address unless told. */
  readonly publicUrl?: string | undefined;
  /** The federation's https origin, as attestations name it. */
  readonly federationId: string;
  /** Where to fetch heads from; without one the gate lives on what it keeps. */
  readonly federationUrl?: string | undefined;
  readonly anchorFile: string;
  /** Where to fetch a status list whose uri has that origin: a mirror. The uri itself where nothing is named. */
  readonly origins: Readonly<Record<string, string>>;
  readonly partners: readonly GatePartner[];
  /** How often to ask for a new head. */
  readonly pollSeconds: number;
  /** At most this long between two fetches of a status list, where its own `ttl` allows longer. */
  readonly statusPollSeconds?: number | undefined;
  /** Host of the page that opens when a messenger scans a code. */
  readonly qrHost: string;
  readonly sessionLifeSeconds: number;
}

const text = z.string().min(1).max(200);
const site = z
  .strictObject({ id: text, lanes: z.array(text).max(200), attended: z.array(text).max(200).optional() })
  .refine(({ lanes, attended = [] }) => attended.every((lane) => lanes.includes(lane)), 'an attended lane is no lane');
const partners = z
  .array(
    z.strictObject({
      id: text,
      keysFile: z.string().min(1),
      sites: z.array(site).min(1),
    }),
  )
  .min(1)
  .refine((list) => isDistinct(list.flatMap(({ sites }) => sites.map(({ id }) => id))), 'a site stands twice');

const environmentSchema = z.object({
  ...SERVICE_ENVIRONMENT,
  ...BUS_ENVIRONMENT,
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  FEDERATION_ID: ENTITY_ID,
  FEDERATION_URL: z.url({ protocol: /^https?$/ }).optional(),
  ANCHOR_FILE: z.string().min(1),
  STATUS_ORIGINS: json(z.record(z.string(), z.url({ protocol: /^https?$/ }))).default({}),
  PARTNERS: json(partners),
  POLL_SECONDS: z.coerce.number().min(0.1).max(3_600).default(60),
  STATUS_POLL_SECONDS: z.coerce.number().min(0.1).max(3_600).optional(),
  QR_HOST: text,
  SESSION_LIFE_SECONDS: z.coerce.number().int().min(30).max(3_600).default(600),
});

/**
 * The gate's configuration from the environment; `PARTNERS` and `STATUS_ORIGINS` are JSON.
 * @throws GatewayError CONFIG_INVALID naming every faulty variable
 */
export function readGateConfig(environment: Environment): GateConfig {
  const values = loadConfig(environmentSchema, environment);
  return {
    ...serviceConfig(values),
    bus: busConfig(values),
    publicUrl: values.PUBLIC_URL,
    federationId: values.FEDERATION_ID,
    federationUrl: values.FEDERATION_URL,
    anchorFile: values.ANCHOR_FILE,
    origins: values.STATUS_ORIGINS,
    partners: values.PARTNERS,
    pollSeconds: values.POLL_SECONDS,
    statusPollSeconds: values.STATUS_POLL_SECONDS,
    qrHost: values.QR_HOST,
    sessionLifeSeconds: values.SESSION_LIFE_SECONDS,
  };
}

export const GATE_CONFIG = Symbol('gate configuration');

function json<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

function isDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
