import { describe, expect, it } from '@jest/globals';
import { readEnvFile } from '#libs/testing';
import { readFederationConfig } from './federation.config.js';

const ENVIRONMENT = {
  ...readEnvFile('config/env/federation.env'),
  DATABASE_URL: 'postgres://federation:secret@127.0.0.1:5432/federation',
};

describe('the environment of a federation', () => {
  it('is what config/env/federation.env gives, with a database', () => {
    expect(readFederationConfig(ENVIRONMENT)).toMatchObject({
      id: 'https://alliance.example',
      headIntervalSeconds: 3_600,
      headLifeSeconds: 7 * 86_400,
      port: 8080,
      bus: undefined,
      foundedAt: undefined,
    });
  });

  it.each([
    ['FEDERATION_ID', 'https://alliance.example/'],
    ['FOUNDED_AT', '2025-02-30'],
    ['HEAD_LIFE_SECONDS', String(7 * 86_400 + 1)],
    ['ANCHOR_FILE', ''],
    ['DATABASE_URL', 'secret'],
  ])('names a faulty %s and not its value', (name, value) => {
    expect(() => readFederationConfig({ ...ENVIRONMENT, [name]: value })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', detail: expect.stringMatching(new RegExp(`^${name} [^;]*$`)) }),
    );
  });
});
