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
      { ...wendeng, balance: 'separate' as const },
      withBands({ ...bands, rows }),
      reordered,
    ])
      expect(await fingerprint(scheme)).toBe(before);
  });

  it('changes with a band edge, the base, the grade order, the positive floor, the basis, and a score that is spent', async () => {
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
      { ...wendeng, balance: 'single' },
    ];
    const all = await Promise.all([wendeng, ...changed].map(fingerprint));
    expect(new Set(all).size).toBe(changed.length + 1);
  });
});

describe('schemeFingerprint: of any metric and grading', () => {
  const [score] = wendeng.metrics;
  const source = 'ASSUMED';
  const shown = wendeng.gradings[0]!;
  const tidy = { id: 'tidy', labels: { metric: 'score', order: ['好', '中', '差'] }, source } as const;
  const compared = { metric: 'score', scope: 'place', code: 'X' } as const;
  const alone = (...gradings: SchemeDocument['gradings']): SchemeDocument => ({ ...wendeng, gradings });
  const measured = (formula: SchemeDocument['metrics'][number]['formula']): SchemeDocument => ({
    ...wendeng,
    metrics: [{ ...score!, formula }],
  });

  it('is that of the grading that may leave the county, whatever stands beside it', async () => {
    expect(await fingerprint(alone(shown, tidy))).toBe(await fingerprint(wendeng));
  });

  it('is that of all gradings where none may', async () => {
    const other = { ...tidy, labels: { metric: 'score', order: ['好', '差'] } };
    const schemes = [alone(), alone(tidy), alone(other), alone(tidy, other)];
    expect(new Set(await Promise.all(schemes.map(fingerprint))).size).toBe(schemes.length);
  });

  it('differs between all kinds of grading, and with what each compares', async () => {
    const schemes = [
      alone(tidy),
      alone({ id: 'g', imported: { over: 'person', order: ['好', '中', '差'] }, source }),
      alone({ id: 'g', imported: { over: 'household', order: ['好', '中', '差'] }, source }),
      alone({ id: 'g', predicate: { metric: 'score', op: 'gt', value: 5, code: 'X' }, source }),
      alone({ id: 'g', predicate: { metric: 'score', op: 'ge', value: 5, code: 'X' }, source }),
      alone({ id: 'g', relative: { ...compared, vs: 'rank', value: 5 }, source }),
      alone({ id: 'g', relative: { ...compared, vs: 'mean', op: 'gt' }, source }),
      alone({ id: 'g', relative: { ...compared, vs: 'mean', op: 'gt', scope: 'scheme' }, source }),
    ];
    expect(new Set(await Promise.all(schemes.map(fingerprint))).size).toBe(schemes.length);
  });

  it('differs between all kinds of metric, and with the rules each counts, not with their order', async () => {
    const rules = ['b', 'a'];
    const some = [
      measured({ sum: { rules } }),
      measured({ count: { rules } }),
      measured({ mean_per_member: { rules } }),
      measured({ base_plus_sum: { base: 0, rules } }),
      measured({ last_label: { rule: 'a' } }),
    ];
    const all = [measured({ sum: {} }), measured({ count: {} }), measured({ mean_per_member: {} })];
    const digests = await Promise.all([...some, ...all].map(fingerprint));
    expect(new Set(digests).size).toBe(digests.length);
    for (const kind of ['sum', 'count', 'mean_per_member'] as const) {
      const ordered = measured({ [kind]: { rules: ['a', 'b'] } } as { readonly sum: { readonly rules: string[] } });
      expect(digests).toContain(await fingerprint(ordered));
    }
  });

  it('takes direct grades once each, in whatever order their rules stand', async () => {
    const one = { ...wendeng, rules: [direct('B', 24), direct('C', 36)] };
    const other = { ...wendeng, rules: [direct('C', 36), direct('B', 24), direct('B', 24, 'again')] };
    expect(await fingerprint(other)).toBe(await fingerprint(one));
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
    const shorter = { ...first!, validity: { months: 6 } };
    expect(await catalogue({ ...wendeng, rules: [shorter, ...others] })).not.toBe(before);
    const { validity: _validity, ...lasting } = first!;
    expect(await catalogue({ ...wendeng, rules: [lasting, ...others] })).not.toBe(before);
    const shared = { ...first!, credits: ['parents'] } as const;
    expect(await catalogue({ ...wendeng, rules: [shared, ...others] })).not.toBe(before);
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
