import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../architecture/source-files.js';
import { recipesOf, TARGETS } from './recipe.js';

/** No input can break these, so no case can: each row says why. */
const BY_CONSTRUCTION = ['STL-11', 'RES-4', 'RES-5'];

interface Clause {
  readonly id: string;
  readonly rule: string;
  readonly source: string;
  readonly where: string;
}

/** The rows of every table of docs/profile.md. */
function clauses(): readonly Clause[] {
  const text = readFileSync(path.join(ROOT, 'docs', 'profile.md'), 'utf8');
  const rows = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.flatMap(([, id = '', rule = '', source = '', where = '']) =>
    /^[A-Z0-9]+-\d+$/.test(id) ? [{ id, rule, source, where }] : [],
  );
}

/** What a row names as enforcing it: `library/file`, then `file` of the same library, or `apps/gate folder/file`. */
function filesOf({ where }: Clause): readonly string[] {
  let library = '';
  const named = [...where.replaceAll(/\([^)]*\)/g, '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  return named.map((name) => {
    const [, app, inside = ''] = /^apps\/(\S+) (.+)$/.exec(name) ?? [];
    if (app !== undefined) return `apps/${app}/src/${inside}${inside.endsWith('/') ? '' : '.ts'}`;
    const [file = '', of = library] = name.split('/').toReversed();
    library = of;
    return `libs/${library}/src/${file}.ts`;
  });
}

const isBelief = (verdict: string): boolean => verdict === 'granted' || verdict === 'genuine';
const cases = TARGETS.flatMap((target) => recipesOf(target).map((recipe) => ({ target, ...recipe })));
const ids = clauses().map(({ id }) => id);

describe('docs/profile.md and the hostile corpus', () => {
  it('name every clause once, with its source and where it is enforced', () => {
    expect(ids.length).toBeGreaterThan(100);
    expect(new Set(ids).size).toBe(ids.length);
    expect(clauses().filter(({ rule, source, where }) => !rule || !source || !where)).toEqual([]);
  });

  it('name files that exist as enforcing them', () => {
    const files = clauses().flatMap(filesOf);
    expect(files.length).toBeGreaterThan(ids.length);
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it('say why where no case is possible', () => {
    const said = clauses().filter(({ rule }) => rule.includes('_By construction_'));
    expect(said.map(({ id }) => id)).toEqual(BY_CONSTRUCTION);
  });

  it('name no clause in a case that the page does not have', () => {
    expect(cases.flatMap(({ clauses: named }) => named).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(ids.filter((id) => !BY_CONSTRUCTION.includes(id)))(
    '%s has a case that breaks it and is not granted',
    (id) => {
      const about = cases.filter(({ clauses: named }) => named.includes(id));
      const hostile = about.filter(({ fault, gateFault, verdicts }) =>
        fault === 'accepted' ? gateFault !== undefined : !verdicts?.some(isBelief),
      );
      expect(hostile.map(({ target, name }) => `${target}: ${name}`)).not.toEqual([]);
    },
  );

  it('expect a grant of no case but a control, which names no fault', () => {
    const granting = cases.filter(({ verdicts = [] }) => verdicts.some(isBelief));
    expect(granting.filter(({ verdicts, fault }) => verdicts?.length !== 1 || fault !== undefined)).toEqual([]);
  });
});
