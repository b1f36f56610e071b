import { describe, expect, it } from '@jest/globals';
import { readEnvFile } from '#libs/testing';
import { readGateConfig } from './gate.config.js';
import { SiteDirectory } from './sites/site-directory.js';

const SPOT = { id: 'spot', keysFile: 'spot.json', sites: [{ id: 'east', lanes: ['lane-1'] }] };
const ENVIRONMENT = {
  DATABASE_URL: 'postgres://gate@127.0.0.1/gate',
  FEDERATION_ID: 'https://alliance.example',
  ANCHOR_FILE: 'anchor.json',
  PARTNERS: JSON.stringify([SPOT]),
  QR_HOST: 'qr.example',
};

const detailOf = (environment: Record<string, string>): string => {
  try {
    readGateConfig(environment);
    return '';
  } catch (error) {
    return String(error);
  }
};

describe("the gate's configuration", () => {
  it('is what config/env/gate.env gives, with a database', () => {
    const { DATABASE_URL } = ENVIRONMENT;
    expect(readGateConfig({ ...readEnvFile('config/env/gate.env'), DATABASE_URL })).toMatchObject({
      federationUrl: 'http://federation:8080',
      partners: [
        {
          id: 'rugao-spot',
          sites: [{ id: 'rugao-spot-east', lanes: ['lane-1', 'lane-2', 'desk'], attended: ['desk'] }],
        },
      ],
      port: 8080,
    });
  });

  it('needs no federation address and no bus, and is no production unless told', () => {
    expect(readGateConfig(ENVIRONMENT)).toMatchObject({
      production: false,
      federationUrl: undefined,
      bus: undefined,
      origins: {},
      partners: [SPOT],
      sessionLifeSeconds: 600,
    });
    const more = {
      NODE_ENV: 'production',
      NATS_URL: 'nats://n:4222',
      STATUS_ORIGINS: '{"https://a.example":"http://m"}',
    };
    expect(readGateConfig({ ...ENVIRONMENT, ...more })).toMatchObject({
      production: true,
      bus: { kind: 'nats', url: 'nats://n:4222' },
      origins: { 'https://a.example': 'http://m' },
    });
  });

  it.each([
    ['a missing database', 'DATABASE_URL', ''],
    ['text that is no JSON', 'PARTNERS', '[{'],
    ['a partner without a site', 'PARTNERS', JSON.stringify([{ ...SPOT, sites: [] }])],
    ['one site at two partners', 'PARTNERS', JSON.stringify([SPOT, { ...SPOT, id: 'other' }])],
    [
      'an attended lane that is none',
      'PARTNERS',
      JSON.stringify([{ ...SPOT, sites: [{ id: 'east', lanes: ['lane-1'], attended: ['lane-2'] }] }]),
    ],
    ['an unknown field', 'PARTNERS', JSON.stringify([{ ...SPOT, key: 'x' }])],
    ['a federation without https', 'FEDERATION_ID', 'alliance.example'],
    ['an interval of nothing', 'POLL_SECONDS', '0'],
  ])('refuses %s and names the variable', (_what, name, value) => {
    expect(detailOf({ ...ENVIRONMENT, [name]: value })).toContain(name);
  });

  it('keeps the name of the online lane for sales online', () => {
    const sites = [{ id: 'east', lanes: ['online'] }];
    const config = { ...readGateConfig(ENVIRONMENT), partners: [{ ...SPOT, sites }] };
    expect(() => new SiteDirectory(config)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
