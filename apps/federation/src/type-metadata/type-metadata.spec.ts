import { describe, expect, it } from '@jest/globals';
import { TypeMetadataFormatSchema } from '@sd-jwt/sd-jwt-vc';
import { tierTypeMetadata } from './tier-type-metadata.js';

describe('SD-JWT VC Type Metadata of tier attestations', () => {
  const metadata = tierTypeMetadata('https://alliance.example');

  it('has the form that another implementation reads', () => {
    expect(TypeMetadataFormatSchema.safeParse(metadata)).toMatchObject({ success: true });
    expect(metadata.vct).toBe('https://alliance.example/vct/tier/1');
  });

  it('says everything in Chinese and in English', () => {
    for (const { display } of [metadata, ...metadata.claims])
      expect(display.map(({ locale }) => locale)).toEqual(['zh-CN', 'en']);
  });

  it('names no claim that could tell a score, an exact grade or an ID number', () => {
    const named = metadata.claims.map(({ path }) => path.join('.'));
    expect(named).toEqual(['at_least', 'person', 'scheme', 'partner']);
  });
});
