import { type DynamicModule, Module } from '@nestjs/common';

/** The service's idea of now; tests hand in their own. */
export abstract class Clock {
  /** Unix seconds, whole (rounded down). */
  abstract now(): number;
}

export class SystemClock extends Clock {
  now(): number {
    return Math.floor(Date.now() / 1000);
  }
}

/** Provides `Clock` everywhere in an app: the system's, unless one is given. */
@Module({})
export class ClockModule {
  static forRoot(clock: Clock = new SystemClock()): DynamicModule {
    return {
      module: ClockModule,
      global: true,
      providers: [{ provide: Clock, useValue: clock }],
      exports: [Clock],
    };
  }
}
