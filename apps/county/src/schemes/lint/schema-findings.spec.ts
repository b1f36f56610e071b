import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { SchemeDocument } from '#libs/scheme';
import { LINT_TEXTS, WORDS } from './lint-texts.js';
import { schemaFindings } from './schema-findings.js';

const schema = JSON.parse(readFileSync('config/schemas/scheme.schema.json', 'utf8')) as object;
const follows = new Ajv2020({ strict: true, allErrors: true, verbose: true }).compile(schema);
const graded = JSON.parse(readFileSync('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument;
const [rule] = graded.rules;
const [metric] = graded.metrics;
const [grading] = graded.gradings;

const withRule = (changes: object): object => ({ rules: [{ ...rule, ...changes }] });
const withFormula = (formula: object): object => withRule({ formula });
const withGrading = (changes: object): object => ({ gradings: [{ id: 'g', source: 'ASSUMED', ...changes }] });
const compared = { metric: 'score', scope: 'place', code: 'X' };

function findings(changes: object, left: readonly string[] = []): unknown {
  const changed = Object.entries({ ...graded, ...changes }).filter(([member]) => !left.includes(member));
  follows(Object.fromEntries(changed));
  return schemaFindings(follows.errors ?? []).map(({ code, path, about }) => [
    code,
    path,
    typeof about === 'object' ? about.en : about,
  ]);
}

describe('what breaks the JSON Schema, in terms of the document', () => {
  it('is nothing in a sound one', () => {
    expect(findings({})).toEqual([]);
  });

  it.each([
    [withRule({ cap: { per: 'year' } }), 'MEMBER_MISSING', '/rules/0/cap', 'points'],
    [{ colour: 1 }, 'MEMBER_UNKNOWN', '/colour', 'colour'],
    [withFormula({ 'per/unit~': {} }), 'MEMBER_UNKNOWN', '/rules/0/formula/per~1unit~0', 'per/unit~'],
    [{ operator: 5 }, 'TYPE_WRONG', '/operator', WORDS.string.en],
    [{ rules: {} }, 'TYPE_WRONG', '/rules', WORDS.array.en],
    [{ valid: [] }, 'TYPE_WRONG', '/valid', WORDS.object.en],
    [withFormula({ flat: { points: 1.5 } }), 'TYPE_WRONG', '/rules/0/formula/flat/points', WORDS.integer.en],
    [
      { basis: 'guess' },
      'VALUE_NOT_LISTED',
      '/basis',
      'graded, eligibility, relative, inspection, points, lender, internal',
    ],
    [{ minors: false }, 'VALUE_NOT_LISTED', '/minors', 'true'],
    [
      { metrics: [{ ...metric, window: 'decade' }] },
      'VALUE_NOT_LISTED',
      '/metrics/0/window',
      'month, quarter, year, event, all, {"rolling": {"months": 12}}',
    ],
    [withFormula({ flat: { points: 0 } }), 'NUMBER_TOO_SMALL', '/rules/0/formula/flat/points', '1'],
    [withFormula({ flat: { points: 100001 } }), 'NUMBER_TOO_LARGE', '/rules/0/formula/flat/points', '100000'],
    [{ name_zh: '' }, 'TEXT_EMPTY', '/name_zh', undefined],
    [{ name_zh: '长'.repeat(61) }, 'TEXT_TOO_LONG', '/name_zh', '60'],
    [{ id: 'Upper' }, 'TEXT_FORM_WRONG', '/id', WORDS.id.en],
    [{ valid: { from: '2020/1/1' } }, 'TEXT_FORM_WRONG', '/valid/from', WORDS.day.en],
    [{ place: '文登' }, 'TEXT_FORM_WRONG', '/place', WORDS.place.en],
    [{ overridable: ['Rules'] }, 'TEXT_FORM_WRONG', '/overridable/0', WORDS.overridable.en],
    [{ subject_kinds: [] }, 'LIST_TOO_SHORT', '/subject_kinds', '1'],
    [withFormula({ label: {} }), 'LIST_TOO_SHORT', '/rules/0/formula/label', '1'],
    [
      withGrading({ labels: { metric: 'm', order: Array.from({ length: 21 }, (_, at) => `g${at}`) } }),
      'LIST_TOO_LONG',
      '/gradings/0/labels/order',
      '20',
    ],
    [{ subject_kinds: ['person', 'person'] }, 'LIST_REPEATS', '/subject_kinds', undefined],
    [
      withFormula({ flat: { points: 1 }, deduct: { points: 1 } }),
      'NOT_EXACTLY_ONE',
      '/rules/0/formula',
      'flat, per_unit, ladder, bracket, range, label, deduct, override',
    ],
    [withGrading({}), 'NOT_EXACTLY_ONE', '/gradings/0', 'bands, predicate, relative, labels, imported'],
    [
      withGrading({ ...grading, imported: { over: 'person', order: ['A'] } }),
      'NOT_EXACTLY_ONE',
      '/gradings/0',
      'bands, predicate, relative, labels, imported',
    ],
    [withGrading({ relative: { ...compared, vs: 'mean' } }), 'MEMBER_MISSING', '/gradings/0/relative', 'op'],
    [withGrading({ relative: { ...compared, vs: 'rank' } }), 'MEMBER_MISSING', '/gradings/0/relative', 'value'],
    [
      withGrading({ relative: { ...compared, vs: 'rank', value: 3, op: 'gt' } }),
      'MEMBER_UNKNOWN',
      '/gradings/0/relative/op',
      'op',
    ],
  ])('%j is one finding', (changes, code, path, about) => {
    expect(findings(changes)).toEqual([[code, path, about]]);
  });

  it('wants the parts of a document without a parent', () => {
    expect(findings({}, ['metrics'])).toEqual([['PARTS_OR_PARENT', '', 'rules, metrics, gradings']]);
    expect(findings({ parent: { id: 'town', version: 1 } }, ['rules', 'metrics', 'gradings'])).toEqual([]);
  });

  it('has words for every form and type in the schema', () => {
    const named = new Set<string>();
    const visit = (node: unknown, name: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('pattern' in node && typeof node.pattern === 'string') named.add(name);
      if ('type' in node && typeof node.type === 'string') named.add(node.type);
      for (const [key, value] of Object.entries(node)) visit(value, key === 'items' ? name : key);
    };
    visit(schema, '');
    expect(Object.keys(WORDS)).toEqual(expect.arrayContaining([...named]));
  });

  it.each(Object.entries(LINT_TEXTS))('%s is a sentence in both languages', (_code, { zh, en }) => {
    expect(zh).toMatch(/\p{Script=Han}.*。$/u);
    expect(en).toMatch(/^["A-Z{].*\.$/);
    expect(zh.includes('{about}')).toBe(en.includes('{about}'));
  });
});
