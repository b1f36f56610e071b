import { z } from 'zod';
import { LOG_LEVELS, type LogLevel } from './log-level.js';

/** What every service is configured with. */
export interface ServiceConfig {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly databaseUrl: string;
  readonly production: boolean;
  readonly logLevel: LogLevel;
  /** Address or network of the reverse proxy whose `X-Forwarded-For` is believed; nobody's by default. */
  readonly trustedProxy?: string | undefined;
}

/** An entity id in the environment: a name under which documents are signed, so written in exactly one way. */
export const ENTITY_ID = z
  .string()
  .regex(/^https:\/\/[a-z0-9.-]+(:[0-9]+)?$/, 'must be https://host, without a trailing slash');

/** The environment of every service, to be spread into its own; where secrets stand there is no default. */
export const SERVICE_ENVIRONMENT = {
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  TRUSTED_PROXY: z.string().optional(),
};

type ServiceEnvironment = z.infer<z.ZodObject<typeof SERVICE_ENVIRONMENT>>;

export function serviceConfig(values: ServiceEnvironment): ServiceConfig {
  return {
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    production: values.NODE_ENV === 'production',
    logLevel: values.LOG_LEVEL,
    trustedProxy: values.TRUSTED_PROXY,
  };
}
