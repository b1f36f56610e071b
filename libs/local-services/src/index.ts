export { findFreePort } from './free-port.js';
export { findNatsServer } from './find-nats-server.js';
export { LocalServiceError, type LocalServiceErrorCode } from './local-service-error.js';
export { lockFolder, type FolderLock } from './lock-folder.js';
export { removeCluster } from './postgres-cluster.js';
export { databasesAt, type PostgresDatabases } from './postgres-databases.js';
export { startNats, type LocalNats, type NatsOptions } from './start-nats.js';
export { startPostgres, type LocalPostgres, type PostgresOptions } from './start-postgres.js';
