import { describe, expect, it } from '@jest/globals';
import { readEnvFile } from '#libs/testing';
import { readCountyConfig } from './county.config.js';

const ENVIRONMENT = {
  COUNTY_ID: 'https://wendeng.example',
  COUNTY_NAME: '文登区',
  FEDERATION_ID: 'https://alliance.example',
  FEDERATION_URL: 'http://127.0.0.1:7100/',
  COUNTY_PLACE: '371003',
  PLACES_FILE: 'config/places.json',
  SCHEMES_FOLDER: 'config/schemes/371003',
  SCHEMAS_FOLDER: 'config/schemas',
  KEYS_FILE: '/run/keys.json',
  SUBJECT_KEYS_FILE: '/run/subject-keys.json',
  PORT: '7101',
  DATABASE_URL: 'postgres://county:secret@127.0.0.1:5432/county',
};

describe('the environment of a county', () => {
  it('becomes one typed configuration', () => {
    expect(readCountyConfig({ ...ENVIRONMENT, NATS_URL: 'nats://127.0.0.1:4222' })).toEqual({
      id: 'https://wendeng.example',
      name: '文登区',
      federationId: 'https://alliance.example',
      federationUrl: 'http://127.0.0.1:7100',
      place: '371003',
      placesFile: 'config/places.json',
      schemesFolder: 'config/schemes/371003',
      schemasFolder: 'config/schemas',
      keysFile: '/run/keys.json',
      subjectKeysFile: '/run/subject-keys.json',
      statusTtlSeconds: 300,
      statusListUri: 'https://wendeng.example/s/1',
      host: '127.0.0.1',
      port: 7101,
      databaseUrl: ENVIRONMENT.DATABASE_URL,
      production: false,
      logLevel: 'info',
      bus: { kind: 'nats', url: 'nats://127.0.0.1:4222' },
    });
    const tcp = readCountyConfig({ ...ENVIRONMENT, BUS_TCP_HOST: '127.0.0.1', BUS_TCP_PORT: '7200' });
    expect(tcp.bus).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 7200 });
    expect(readCountyConfig({ ...ENVIRONMENT, NODE_ENV: 'production' }).production).toBe(true);
  });

  it('is what config/env/county.env gives, with a database', () => {
    const { DATABASE_URL } = ENVIRONMENT;
    expect(readCountyConfig({ ...readEnvFile('config/env/county.env'), DATABASE_URL })).toMatchObject({
      id: 'https://rongcheng.example',
      statusListUri: 'https://rongcheng.example/s/1',
      port: 8080,
    });
  });

  it.each([
    ['COUNTY_ID', 'https://wendeng.example/'],
    ['COUNTY_PLACE', '文登区'],
    ['STATUS_LIST_URI', 'https://wendeng.example/lists/one'],
    ['DATABASE_URL', 'secret'],
    ['STATUS_TTL_SECONDS', '0'],
    ['KEYS_FILE', ''],
  ])('names a faulty %s and not its value', (name, value) => {
    expect(() => readCountyConfig({ ...ENVIRONMENT, [name]: value })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', detail: expect.stringMatching(new RegExp(`^${name} [^;]*$`)) }),
    );
  });
});
