import path from 'node:path';
import { z } from 'zod';
import { GatewayError, LOG_LEVELS, loadConfig, type Environment } from '#libs/platform/boot';

const environmentSchema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PG_BIN: z.string().optional(),
  NATS_URL: z.url({ protocol: /^(nats|tls)$/ }).optional(),
  NATS_SERVER_BIN: z.string().optional(),
  PATH: z.string().optional(),
  NODE_ENV: z.string().optional(),
  XINQIAO_DATA: z.string().default('data'),
  XINQIAO_CONFIG: z.string().default('config'),
  XINQIAO_PORT: z.coerce.number().int().min(0).max(65_000).default(7100),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('error'),
});

export interface StandaloneConfig {
  readonly dataFolder: string;
  readonly configFolder: string;
  /** First of the services' ports; 0: free ones. */
  readonly firstPort: number;
  readonly databaseUrl: string | undefined;
  readonly postgresBin: string | undefined;
  readonly natsUrl: string | undefined;
  readonly environment: Environment;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** @throws GatewayError CONFIG_INVALID, also in production: what this app generates and prints is a demonstration */
export function readStandaloneConfig(environment: Environment): StandaloneConfig {
  const values = loadConfig(environmentSchema, environment);
  if (values.NODE_ENV === 'production')
    throw new GatewayError('CONFIG_INVALID', {
      detail:
        'NODE_ENV is production, and the sample alliance runs on generated keys and printed passwords: start the services one by one',
    });
  return {
    dataFolder: path.resolve(values.XINQIAO_DATA),
    configFolder: path.resolve(values.XINQIAO_CONFIG),
    firstPort: values.XINQIAO_PORT,
    databaseUrl: values.DATABASE_URL,
    postgresBin: values.PG_BIN,
    natsUrl: values.NATS_URL,
    environment,
    logLevel: values.LOG_LEVEL,
  };
}
