import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { HealthRegistry } from './health-registry.js';
import { HealthModule } from './health.module.js';
import { type DatabaseOptions, openDatabase } from './open-database.js';

/** The service is not ready while its database does not answer. */
@Injectable()
class DatabaseHealth {
  constructor(registry: HealthRegistry, database: DataSource) {
    registry.add('database', () => database.query('SELECT 1'));
  }
}

@Module({})
class DatabaseModule {}

/**
 * PostgreSQL for an app: `DataSource` and `EntityManager` become injectable everywhere, migrations have run, and
 * readiness watches the connection. The connection closes with the app.
 */
export function databaseModule(options: DatabaseOptions): DynamicModule {
  return {
    module: DatabaseModule,
    imports: [
      HealthModule,
      TypeOrmModule.forRootAsync({
        // The options are only for Nest's bookkeeping; openDatabase connects, retries and migrates.
        useFactory: () => ({ type: 'postgres', retryAttempts: 0 }),
        dataSourceFactory: () => openDatabase(options),
      }),
    ],
    providers: [DatabaseHealth],
  };
}
