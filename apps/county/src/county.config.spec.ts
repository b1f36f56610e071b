import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvFile } from '#libs/testing';
import { readCountyConfig } from './county.config.js';
import { ActiveScheme } from './scheme/active-scheme.js';

const ENVIRONMENT = {
  COUNTY_ID: 'https://wendeng.example',
  COUNTY_NAME: '文登区',
  FEDERATION_ID: 'https://alliance.example',
  FEDERATION_URL: 'http://127.0.0.1:7100/',
  COUNTY_PLACE: '371003',
  PLACES_FILE: 'config/places.json',
  SCHEME_FILE: 'config/schemes/wendeng.json',
  SCHEMAS_FOLDER: 'config/schemas',
  KEYS_FILE: '/run/keys.json',
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
      schemeFile: 'config/schemes/wendeng.json',
      schemasFolder: 'config/schemas',
      keysFile: '/run/keys.json',
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

describe('the scheme document', () => {
  const listIn = (document: Record<string, unknown>, member: string): readonly object[] =>
    document[member] as readonly object[];
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-scheme-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function loadChanged(change: (document: Record<string, unknown>) => void): Promise<ActiveScheme> {
    const document = JSON.parse(await readFile(ENVIRONMENT.SCHEME_FILE, 'utf8')) as Record<string, unknown>;
    change(document);
    const file = path.join(folder, 'scheme.json');
    await writeFile(file, JSON.stringify(document));
    return ActiveScheme.load(file, ENVIRONMENT.SCHEMAS_FOLDER);
  }

  it('gives slots and held grades from the positive floor up', async () => {
    const scheme = await ActiveScheme.load(ENVIRONMENT.SCHEME_FILE, ENVIRONMENT.SCHEMAS_FOLDER);
    expect(scheme.positiveGrades).toEqual(['A', 'AA', 'AAA']);
    expect([scheme.heldGrades('AA'), scheme.heldGrades('B'), scheme.heldGrades('Z')]).toEqual([['A', 'AA'], [], []]);
    expect([scheme.isLower('A', 'AA'), scheme.isLower('AA', 'AA'), scheme.isLower('Z', 'D')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('gives none where the scheme may not leave the county as a band', async () => {
    const scheme = await loadChanged((document) => {
      document['export'] = 'badge';
    });
    expect([scheme.positiveGrades, scheme.heldGrades('AAA')]).toEqual([[], []]);
  });

  it('stops the boot and names file and path when it breaks its schema, or a rule no schema can state', async () => {
    const faults: readonly (readonly [string, (document: Record<string, unknown>) => void])[] = [
      ['/basis', (document) => (document['basis'] = 'guess')],
      ['/rules/12', (document) => (document['rules'] = [...listIn(document, 'rules'), listIn(document, 'rules')[0]])],
      [
        '/gradings/0/positive_floor',
        (document) => Object.assign(listIn(document, 'gradings')[0] ?? {}, { positive_floor: 'Z' }),
      ],
    ];
    for (const [place, change] of faults)
      await expect(loadChanged(change)).rejects.toMatchObject({
        code: 'CONFIG_DOCUMENT_INVALID',
        detail: expect.stringMatching(new RegExp(`scheme\\.json: .*${place}`)),
      });
    await expect(ActiveScheme.load(ENVIRONMENT.SCHEME_FILE, folder)).rejects.toMatchObject({
      code: 'CONFIG_DOCUMENT_INVALID',
      detail: expect.stringContaining('scheme.schema.json'),
    });
  });
});
