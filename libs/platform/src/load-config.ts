import type { z } from 'zod';
import { GatewayError } from './gateway-error.js';

/** The environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a service's configuration from the environment, once, into one typed object. An empty string counts as absent.
 * @throws GatewayError CONFIG_INVALID naming every faulty variable, never its value
 */
export function loadConfig<T>(schema: z.ZodType<T>, env: Environment): T {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => {
    const name = path.map(String).join('.');
    return `${name === '' ? 'environment' : name} ${path.length > 0 && !(String(path[0]) in given) ? 'is missing' : `(${message})`}`;
  });
  throw new GatewayError('CONFIG_INVALID', { detail: faults.join('; ') });
}
