import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BusOptions } from '#libs/messaging';
import type { ServiceConfig } from '#libs/platform';
import { signedInApi, type Api } from '../api.js';
import type { Closers } from '../closers.js';
import type { DataFolder } from '../machine/data-folder.js';
import type { DatabaseServer } from '../machine/database-server.js';
import type { AllianceKeyring } from '../sample-alliance/found-alliance.js';
import type { SampleDocuments } from '../sample-alliance/sample-documents.js';
import type { NewPerson, SamplePeople } from '../sample-alliance/sample-people.js';
import type { StandaloneConfig } from '../standalone.config.js';

const LOOPBACK = '127.0.0.1';

export interface GroundParts {
  readonly config: StandaloneConfig;
  readonly documents: SampleDocuments;
  readonly folder: DataFolder;
  readonly databases: DatabaseServer;
  /** Databases by name, on their way since the server runs. */
  readonly made: ReadonlyMap<string, Promise<void>>;
  readonly bus: BusOptions;
  readonly keyring: AllianceKeyring;
  readonly people: SamplePeople;
  readonly closers: Closers;
}

export interface RunningService {
  readonly url: string;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

/** The ground the sample's services stand on: ports, databases, keys, people, and a list of what was started for whom. */
export class Ground {
  readonly addresses: string[] = [];
  readonly accounts: string[] = [];
  private nextPort: number;

  constructor(readonly parts: GroundParts) {
    this.nextPort = parts.config.firstPort;
  }

  /** The next port, and the address of a database of its own. */
  async commonConfig(database: string): Promise<ServiceConfig> {
    const { config, databases, made } = this.parts;
    const port = this.nextPort;
    if (port !== 0) this.nextPort += 1;
    await made.get(database);
    return {
      host: LOOPBACK,
      port,
      databaseUrl: databases.urlFor(database),
      production: false,
      logLevel: config.logLevel,
    };
  }

  /** Makes a sample account at a service; the client signs in with it when it is first used. */
  async hire(service: string, { url, app }: RunningService, person: NewPerson): Promise<Api> {
    const password = await this.parts.people.hire(service, app, person);
    this.accounts.push(`${service.padEnd(18)} ${person.username.padEnd(26)} ${password}  ${person.roles.join(', ')}`);
    return signedInApi(url, person.username, password);
  }
}
