import { parseArgs } from 'node:util';
import { GatewayError } from '#libs/platform/boot';

export interface CommandLine {
  /** Stop after the visits, with exit code 0 or 1. */
  readonly once: boolean;
  /** Print the outcomes as one JSON array on the last line. */
  readonly json: boolean;
  /** Forget all data first. */
  readonly reset: boolean;
}

export const USAGE = 'usage: npm start -- [--once] [--json] [--reset]';

/** @throws GatewayError CONFIG_INVALID for anything but the options above */
export function readCommandLine(args: readonly string[]): CommandLine {
  const boolean = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { once: boolean, json: boolean, reset: boolean },
      strict: true,
      allowPositionals: false,
    });
    return values;
  } catch (cause) {
    throw new GatewayError('CONFIG_INVALID', { detail: `${(cause as Error).message}; ${USAGE}`, cause });
  }
}
