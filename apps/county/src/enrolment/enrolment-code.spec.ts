import { describe, expect, it } from '@jest/globals';
import { makeEnrolmentCode, parseEnrolmentCode } from './enrolment-code.js';

describe('enrolment codes', () => {
  it('are four groups of four readable characters, and never the same', () => {
    const codes = Array.from({ length: 200 }, () => makeEnrolmentCode());
    for (const { text } of codes) expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    expect(new Set(codes.map(({ kept }) => kept.secretDigest)).size).toBe(200);
  });

  it('are kept as a digest that does not hold the secret', () => {
    const { text, kept } = makeEnrolmentCode();
    expect(kept.selector).toBe(text.slice(0, 4));
    expect(JSON.stringify(kept)).not.toContain(text.slice(5, 9));
  });

  it('are understood as people type them', () => {
    const { text, kept } = makeEnrolmentCode();
    const typed = ` ${text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}`;
    expect(parseEnrolmentCode(typed)).toEqual(kept);
  });

  it.each(['', 'ABCD', '0000-0000-0000-000', '0000-0000-0000-00000', '0000-0000-0000-000U', '０000-0000-0000-0000'])(
    'refuses %j',
    (text) => {
      expect(parseEnrolmentCode(text)).toBeUndefined();
    },
  );

  it('tells two codes apart that differ in one character', () => {
    expect(parseEnrolmentCode('0000-0000-0000-0002')).not.toEqual(parseEnrolmentCode('0000-0000-0000-0003'));
  });
});
