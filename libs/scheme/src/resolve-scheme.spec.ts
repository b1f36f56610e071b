import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkScheme } from './check-scheme.js';
import { resolveScheme } from './resolve-scheme.js';
import type { SchemeDocument, SchemeRule, WrittenScheme } from './scheme-document.js';

const wendeng = JSON.parse(readFileSync('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument;
const source = 'ASSUMED';
const rule = (id: string, points = 1): SchemeRule => ({
  id,
  category: 'conduct',
  label_zh: '示例',
  subject_kind: 'person',
  formula: { flat: { points } },
  source,
});
const metric = { id: 'total', over: 'person', formula: { sum: {} }, window: 'quarter', source } as const;
const board = { surface: 'board', scope: 'place', source } as const;

const { name_zh, operator, valid, adopted_by, sources } = wendeng;
const common = {
  version: 1,
  name_zh,
  operator,
  valid,
  adopted_by: adopted_by!,
  sources,
  kind: 'civic_points',
} as const;
const meaning = { subject_kinds: ['person'], basis: 'points', export: 'none', balance: 'separate' } as const;

const town: WrittenScheme = {
  ...common,
  ...meaning,
  id: 'town',
  level: 'town',
  place: '371002101',
  rules: [rule('roads'), rule('yard'), rule('fixed')],
  metrics: [metric],
  gradings: [],
  publicity: [board],
  overridable: ['rules/yard', 'rules/+', 'catalogue', 'redemption', 'publicity/+'],
};
const child = (more: Partial<WrittenScheme> = {}, parent = town): WrittenScheme => ({
  ...common,
  ...meaning,
  id: 'village',
  level: 'village',
  place: '371002101-nanjiao',
  parent: { id: parent.id, version: parent.version },
  ...more,
});
const resolved = (written: WrittenScheme, ...parents: readonly WrittenScheme[]): SchemeDocument => {
  const result = resolveScheme(written, parents.length === 0 ? [town] : parents);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value;
};
const faults = (written: WrittenScheme, ...parents: readonly WrittenScheme[]): unknown => {
  const result = resolveScheme(written, parents.length === 0 ? [town] : parents);
  return result.ok ? [] : result.faults.map(({ code, path, about }) => [code, path, about]);
};
const chain = (length: number): WrittenScheme[] =>
  Array.from({ length }, (_, at) => {
    const own = { ...child({ id: `s${at}` }), parent: { id: `s${at + 1}`, version: 1 } };
    return at + 1 < length ? own : { ...town, id: `s${at}`, overridable: [] };
  });

describe('resolveScheme: a child has what its parent has (domain 3.1)', () => {
  it('keeps a document without a parent as it is', () => {
    expect(resolved(wendeng)).toEqual(wendeng);
  });

  it('inherits what it does not write, and stays the child in name, place, adoption and parent', () => {
    const { overridable: _left, ...parent } = resolved(town);
    const { id, level, place, parent: reference } = child();
    expect(resolved(child())).toEqual({
      ...parent,
      id,
      level,
      place,
      parent: reference,
      catalogue: [],
      funds: [],
      benefits: [],
      activities: [],
    });
  });

  it('puts its own members in the place of those of the same name, further ones behind', () => {
    const value = resolved(
      child({
        rules: [rule('new'), rule('yard', 7)],
        catalogue: [{ sku: 'towel', label_zh: '毛巾', kind: 'goods', price_points: 10, source }],
        redemption: { cadence: 'quarter', proxy: false, source },
        publicity: [{ surface: 'pyramid', scope: 'place', source }],
      }),
    );
    expect(value.rules).toEqual([rule('roads'), rule('yard', 7), rule('fixed'), rule('new')]);
    expect(value.publicity?.map(({ surface }) => surface)).toEqual(['board', 'pyramid']);
    expect([value.catalogue?.length, value.redemption?.cadence]).toEqual([1, 'quarter']);
    expect(checkScheme(value)).toEqual([]);
  });

  it('inherits redemption and area as they are', () => {
    const redemption = { cadence: 'quarter', proxy: true, source } as const;
    const area = {
      id: 'a',
      schemes: ['town', 'village'],
      shared: ['prices'],
      transfer: 1,
      accept_by: '组',
      source,
    } as const;
    expect(resolved(child(), { ...town, redemption, area })).toMatchObject({ redemption, area });
    expect(resolved(child())).not.toHaveProperty('area');
  });

  it('keeps to minors what its parent keeps to them', () => {
    expect(resolved(child(), { ...town, minors: true }).minors).toBe(true);
  });

  it('takes the very version it names', () => {
    const later = { ...town, version: 2, rules: [rule('roads', 9)] };
    expect(resolved(child(), later, town).rules).toHaveLength(3);
    expect(faults(child(), later)).toEqual([['PARENT_UNKNOWN', '/parent', 'town v1']]);
  });
});

describe('resolveScheme: only what the parent lists as overridable', () => {
  it.each([
    [child({ rules: [rule('fixed', 9)] }), '/rules/0', 'rules/fixed'],
    [child({ metrics: [metric] }), '/metrics/0', 'metrics/total'],
    [child({ metrics: [{ ...metric, id: 'other' }] }), '/metrics/0', 'metrics/+'],
    [child({ publicity: [board] }), '/publicity/0', 'publicity/board'],
    [child({ export: 'badge' }), '/export', 'export'],
    [child({ balance: 'single' }), '/balance', 'balance'],
    [child({ subject_kinds: ['person', 'household'] }), '/subject_kinds', 'subject_kinds'],
    [child({ overridable: ['rules/fixed'] }), '/overridable/0', 'rules/fixed'],
    [child({ overridable: ['rules'] }), '/overridable/0', 'rules'],
  ])('refuses anything else, and says what it would take', (written, path, about) => {
    expect(faults(written)).toEqual([['OVERRIDE_NOT_ALLOWED', path, about]]);
    expect(faults(written, { ...town, overridable: [about] })).toEqual([]);
  });

  it('lets a part that is left as a whole be changed and added to', () => {
    const free = { ...town, overridable: ['rules'] };
    expect(
      faults(child({ rules: [rule('fixed', 9), rule('new')], overridable: ['rules/+', 'rules/fixed'] }), free),
    ).toEqual([]);
  });

  it('lets a child leave to its own children what was left to it and what it added, no more', () => {
    const middle = child({
      rules: [rule('yard', 2), rule('own')],
      overridable: ['rules/yard', 'rules/own', 'catalogue'],
    });
    expect(faults(middle)).toEqual([]);
    const hamlet = (...rules: SchemeRule[]): WrittenScheme => ({ ...child({ id: 'hamlet', rules }, middle) });
    expect(resolved(hamlet(rule('yard', 3), rule('own', 4)), town, middle).rules).toEqual([
      rule('roads'),
      rule('yard', 3),
      rule('fixed'),
      rule('own', 4),
    ]);
    expect(faults(hamlet(rule('roads', 9)), town, middle)).toEqual([
      ['OVERRIDE_NOT_ALLOWED', '/rules/0', 'rules/roads'],
    ]);
  });

  it('finds a member written twice', () => {
    expect(faults(child({ rules: [rule('yard'), rule('yard')] }))).toEqual([['ID_DUPLICATE', '/rules/1', 'yard']]);
  });
});

describe('resolveScheme: chains of parents', () => {
  it('are at most four parents long', () => {
    const [five, six] = [chain(5), chain(6)];
    expect(resolved(five[0]!, ...five).rules).toHaveLength(3);
    expect(faults(six[0]!, ...six)).toEqual([['PARENT_TOO_FAR', '/parent', '4']]);
  });

  it('do not lead back, to themselves or to another version of themselves', () => {
    const [one, two] = [child({ id: 'one' }), child({ id: 'two' })].map((scheme, at) => ({
      ...scheme,
      parent: { id: ['two', 'one'][at]!, version: 1 },
    }));
    expect(faults(one!, one!, two!)).toEqual([['PARENT_CYCLE', '/parent', 'one']]);
    const self = child({ id: 'one', version: 2, parent: { id: 'one', version: 1 } });
    expect(faults(self, { ...town, id: 'one' })).toEqual([['PARENT_CYCLE', '/parent', 'one']]);
  });

  it('say of a faulty parent only that it is', () => {
    const middle = child({ id: 'middle', export: 'badge' });
    expect(faults(child({}, middle), middle, town)).toEqual([['PARENT_FAULTY', '/parent', 'middle v1']]);
  });
});
