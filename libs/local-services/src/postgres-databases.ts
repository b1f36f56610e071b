import { Client, escapeIdentifier } from 'pg';
import { isErrno as hasCode } from './process-identity.js';

/** Databases of one PostgreSQL server, reached as a user who may create databases. */
export interface PostgresDatabases {
  /** The connection URL of a database on this server, with its credentials: never log it. */
  urlFor(database: string): string;
  /** Creates the database unless it exists. */
  ensureDatabase(name: string): Promise<void>;
  /** Drops the database if it exists, ending its sessions. */
  dropDatabase(name: string): Promise<void>;
  /** Creates `name` as a copy of `template`, which nobody may be connected to. */
  createFrom(template: string, name: string): Promise<void>;
}

const DUPLICATE_DATABASE = '42P04';
/** Two simultaneous CREATE DATABASE of one name may also collide in the catalogue's unique index. */
const UNIQUE_VIOLATION = '23505';

/** The databases of the server that `adminUrl` points at; the database named there is only used to give commands. */
export function databasesAt(adminUrl: string): PostgresDatabases {
  const command = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: adminUrl, application_name: 'xinqiao-databases' });
    // A server that is being stopped meanwhile ends the session; what was asked fails by itself.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  return {
    urlFor: (database) => {
      const url = new URL(adminUrl);
      url.pathname = `/${encodeURIComponent(database)}`;
      return url.href;
    },
    ensureDatabase: async (name) => {
      try {
        await command(`CREATE DATABASE ${escapeIdentifier(name)}`);
      } catch (error) {
        if (!hasCode(error, DUPLICATE_DATABASE) && !hasCode(error, UNIQUE_VIOLATION)) throw error;
      }
    },
    dropDatabase: (name) => command(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`),
    createFrom: (template, name) =>
      command(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`),
  };
}
