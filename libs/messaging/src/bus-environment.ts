import { z } from 'zod';
import type { BusOptions } from './bus-options.js';

/** The part of a service's environment that says how to reach the bus; without any of it there is none. */
export const BUS_ENVIRONMENT = {
  NATS_URL: z.string().optional(),
  BUS_TCP_HOST: z.string().optional(),
  BUS_TCP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
};

type BusEnvironment = z.infer<z.ZodObject<typeof BUS_ENVIRONMENT>>;

/** NATS where it is named, else TCP where both its host and port are. */
export function busConfig({
  NATS_URL: url,
  BUS_TCP_HOST: host,
  BUS_TCP_PORT: port,
}: BusEnvironment): BusOptions | undefined {
  if (url !== undefined) return { kind: 'nats', url };
  return host === undefined || port === undefined ? undefined : { kind: 'tcp', host, port };
}
