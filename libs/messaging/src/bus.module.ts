import { type DynamicModule, Module } from '@nestjs/common';
import { Bus } from './bus.js';
import type { BusOptions } from './bus-options.js';

/** Provides `Bus` to the whole app. */
@Module({})
export class BusModule {
  /** @param options undefined where there is no bus: HTTPS and polling do the work */
  static forRoot(options: BusOptions | undefined): DynamicModule {
    return {
      module: BusModule,
      global: true,
      providers: [{ provide: Bus, useFactory: () => new Bus(options) }],
      exports: [Bus],
    };
  }
}
