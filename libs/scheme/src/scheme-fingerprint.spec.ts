import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { nodeCrypto } from '#libs/jose-profile/node';
import { schemeDeclaration } from './scheme-declaration.js';
import type { BandRow, SchemeDocument } from './scheme-document.js';
import { catalogueDigest, schemeFingerprint } from './scheme-fingerprint.js';

const wendeng = JSON.parse(readFileSync('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument;
const { bands } = wendeng.gradings[0] as { readonly bands: { metric: string; rows: readonly BandRow[] } };
const withBands = (changed: typeof bands, positive_floor = 'A'): SchemeDocument => ({
  ...wendeng,
  gradings: [{ id: 'grade', positive_floor, bands: changed, source: 'ASSUMED' }],
});
const direct = (grade: string, months: number, id = 'direct'): SchemeDocument['rules'][number] => ({
  ...wendeng.rules[0]!,
  id,
  formula: { override: { grade, months } },
});
const fingerprint = (scheme: SchemeDocument): Promise<string> => schemeFingerprint(scheme, nodeCrypto);
const catalogue = (scheme: SchemeDocument): Promise<string> => catalogueDigest(scheme, nodeCrypto);

describe('schemeFingerprint: the part that makes a grade (design §4.1)', () => {
  it('is 128 bits of base64url', async () => {
    expect(await fingerprint(wendeng)).toMatch(/^[\w-]{22}$/);
  });

  it('stays when rules, names, sources, versions or the order of members change', async () => {
    const before = await fingerprint(wendeng);
    const rows = bands.rows.map((row) => ({ ...row, label_zh: '改名', source: '[GK]' }));
    const reordered = Object.fromEntries(Object.entries(wendeng).toReversed()) as SchemeDocument;
    for (const scheme of [
      { ...wendeng, rules: wendeng.rules.slice(1) },
      { ...wendeng, version: 9, name_zh: '改名', sources: [] },
      withBands({ ...bands, rows }),
      reordered,
    ])
      expect(await fingerprint(scheme)).toBe(before);
  });

  it('changes with a band edge, the base, the grade order, the positive floor and the basis', async () => {
    const [score] = wendeng.metrics;
    const edge = bands.rows.map((row) =>
      row.code === 'AA' ? { ...row, ge: 1031 } : row.code === 'A' ? { ...row, lt: 1031 } : row,
    );
    const changed: SchemeDocument[] = [
      withBands({ ...bands, rows: edge }),
      { ...wendeng, metrics: [{ ...score!, formula: { base_plus_sum: { base: 900 } } }] },
      { ...wendeng, metrics: [{ ...score!, window: { rolling: { months: 12 } } }] },
      { ...wendeng, metrics: [{ ...score!, over: 'household' }] },
      withBands({ ...bands, rows: bands.rows.toReversed() }),
      withBands(bands, 'AA'),
      { ...wendeng, rules: [...wendeng.rules, direct('B', 24)] },
      { ...wendeng, rules: [...wendeng.rules, direct('B', 36)] },
      { ...wendeng, basis: 'points' },
    ];
    const all = await Promise.all([wendeng, ...changed].map(fingerprint));
    expect(new Set(all).size).toBe(changed.length + 1);
  });
});

describe('catalogueDigest: the rules (design §4.1)', () => {
  it('changes with a rule, not with a source, the order of rules or a band', async () => {
    const [first, ...others] = wendeng.rules;
    const before = await catalogue(wendeng);
    expect(before).toMatch(/^[\w-]{43}$/);
    const changed = { ...first!, cap: { per: 'year', points: 999 } } as const;
    expect(await catalogue({ ...wendeng, rules: [changed, ...others] })).not.toBe(before);
    expect(await catalogue({ ...wendeng, rules: others })).not.toBe(before);
    expect(await catalogue({ ...wendeng, rules: [...others, { ...first!, source: '[GK]' }] })).toBe(before);
    expect(await catalogue(withBands(bands, 'AA'))).toBe(before);
  });
});

describe('schemeDeclaration: what the alliance learns (docs/wire.md)', () => {
  it('holds grades and fingerprint and no number', async () => {
    expect(await schemeDeclaration(wendeng, 'https://wendeng.example', nodeCrypto)).toEqual({
      id: wendeng.id,
      member: 'https://wendeng.example',
      name: { zh: wendeng.name_zh, en: wendeng.name_en },
      fingerprint: await fingerprint(wendeng),
      basis: 'graded',
      subject: 'person',
      grades: ['AAA', 'AA', 'A', 'B', 'C', 'D'],
      positiveFloor: 'A',
    });
  });
});
