import type { LoggerService } from '@nestjs/common';
import type { ServiceLog } from './service-log.js';

/** Nest repeats a boot failure here before it rejects; whoever called `createService` reports it, once. */
const BOOT_FAILURE_CONTEXT = 'ExceptionHandler';
/** It warns when several apps of one process each have a data source. They never look one up by name. */
const NAME_REGISTRY_CONTEXT = 'DataSourceNameRegistry';

/** Lets Nest itself write into a service's log. Its chatter about modules and routes is debug output. */
export class NestLog implements LoggerService {
  constructor(private readonly serviceLog: ServiceLog) {}

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.serviceLog.debug('nest', facts(message, rest));
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.serviceLog.debug('nest', facts(message, rest));
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.serviceLog.debug('nest', facts(message, rest));
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    const told = facts(message, rest);
    if (told.context === NAME_REGISTRY_CONTEXT) this.serviceLog.debug('nest', told);
    else this.serviceLog.warn('nest', told);
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    const { context } = facts(message, rest);
    if (context !== BOOT_FAILURE_CONTEXT) this.serviceLog.fault('nest', message, facts(message, rest));
  }
}

function facts(message: unknown, rest: readonly unknown[]): { readonly message: string; readonly context: string } {
  const last = rest.at(-1);
  return { message: typeof message === 'string' ? message : '', context: typeof last === 'string' ? last : '' };
}
