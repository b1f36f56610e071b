import { type DestinationStream, pino, type Logger as PinoLogger } from 'pino';
import { describeFault } from './describe-fault.js';
import type { LogLevel } from './log-level.js';

/** Flat facts beside an event: identifiers, codes, counts. Never a claim, a token, a key or a name. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** The only facts a request line may hold. `route` is the pattern (`/v1/receipts/:id`), never the address asked for. */
export interface RequestLine {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** A service's own log: JSON lines, an event name with flat facts. Injectable wherever `createService` built the app. */
export class ServiceLog {
  constructor(private readonly lines: PinoLogger) {}

  /** Whether request lines would be written at all. */
  get writesRequests(): boolean {
    return this.lines.isLevelEnabled('info');
  }

  debug(event: string, fields: LogFields = {}): void {
    this.lines.debug(fields, event);
  }

  info(event: string, fields: LogFields = {}): void {
    this.lines.info(fields, event);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.lines.warn(fields, event);
  }

  /** A failure with its stack, described by `describeFault` so that no data comes along. */
  fault(event: string, error: unknown, fields: LogFields = {}): void {
    this.lines.error({ ...fields, ...describeFault(error) }, event);
  }

  request({ requestId, method, route, status, ms }: RequestLine): void {
    this.lines.info({ requestId, method, route, status, ms }, 'request');
  }
}

/** Opens a service's log on stdout, or on `destination` where one is given. */
export function createServiceLog(options: {
  readonly service: string;
  readonly level: LogLevel;
  readonly destination?: DestinationStream;
}): ServiceLog {
  const { service, level, destination } = options;
  return new ServiceLog(
    pino(
      {
        level,
        base: { service },
        messageKey: 'event',
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination ?? pino.destination({ fd: 1, sync: true }),
    ),
  );
}
