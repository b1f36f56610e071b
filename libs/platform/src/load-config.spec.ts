import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { GatewayError, loadConfig } from './index.js';

const schema = z.object({
  GATE_PORT: z.coerce.number().int().min(0),
  GATE_MODE: z.enum(['open', 'closed']).default('closed'),
  GATE_SECRET: z.string().min(12),
});

function refusal(env: Readonly<Record<string, string>>): GatewayError {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('was accepted');
}

describe('configuration from the environment', () => {
  it('gives a typed object with defaults, an empty string counting as absent', () => {
    const config = loadConfig(schema, { GATE_PORT: '80', GATE_MODE: '', GATE_SECRET: 'long enough to do', OTHER: 'x' });
    expect(config).toEqual({ GATE_PORT: 80, GATE_MODE: 'closed', GATE_SECRET: 'long enough to do' });
  });

  it('names every faulty variable at once, and no value', () => {
    const error = refusal({ GATE_PORT: 'harbour', GATE_MODE: 'ajar', GATE_SECRET: 'hunter2' });
    expect(error.code).toBe('CONFIG_INVALID');
    for (const name of ['GATE_PORT', 'GATE_MODE', 'GATE_SECRET']) expect(error.message).toContain(name);
    expect(error.message).not.toMatch(/harbour|ajar|hunter2/);
  });

  it('says of an absent or empty variable that it is missing', () => {
    expect(refusal({ GATE_PORT: '80', GATE_SECRET: '' }).detail).toBe('GATE_SECRET is missing');
    expect(refusal({ GATE_SECRET: 'long enough to do' }).detail).toBe('GATE_PORT is missing');
  });
});
