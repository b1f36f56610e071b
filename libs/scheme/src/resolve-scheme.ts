import { checkNames } from './check/check-names.js';
import { faultAt, type SchemeFault, type SchemeFaultCode } from './check/fault-texts.js';
import type { SchemeDocument, SchemeReference, WrittenScheme } from './scheme-document.js';
import { namesByPart, WHOLE_PARTS } from './scheme-parts.js';

/** County, town, village and one between; a longer chain is a mistake. */
const MOST_PARENTS = 4;

export type ResolvedScheme =
  | { readonly ok: true; readonly value: SchemeDocument }
  | { readonly ok: false; readonly faults: readonly SchemeFault[] };

/**
 * A document with what it inherits standing in it (domain 3.1). A child pins its parent by id and version. What it does not
 * write is the parent's; what it writes it may change only where the parent's `overridable` says so: a part as a whole
 * (`rules`), one member of a list (`rules/yard`), or further members (`rules/+`). Lists are inherited member by member: the
 * child's stands in the place of the parent's of the same name, further ones behind; nothing inherited can be taken away.
 * A child leaves to its own children no more than was left to it, besides what it added itself.
 * @param written valid against `config/schemas/scheme.schema.json`, as are `parents`
 * @param parents where parents, and theirs, are looked up by id and version
 * @returns the faults by their places in `written`
 */
export function resolveScheme(written: WrittenScheme, parents: readonly WrittenScheme[]): ResolvedScheme {
  return resolveAbove(written, parents, []);
}

function resolveAbove(
  written: WrittenScheme,
  parents: readonly WrittenScheme[],
  below: readonly string[],
): ResolvedScheme {
  const { parent: reference, id } = written;
  if (reference === undefined) return { ok: true, value: withLists(written) };
  const chain = [...below, id];
  if (chain.includes(reference.id)) return refused('PARENT_CYCLE', reference.id);
  if (chain.length > MOST_PARENTS) return refused('PARENT_TOO_FAR', String(MOST_PARENTS));
  const parent = parents.find((one) => one.id === reference.id && one.version === reference.version);
  if (parent === undefined) return refused('PARENT_UNKNOWN', nameOf(reference));
  const above = resolveAbove(parent, parents, chain);
  if (above.ok) return inherit(written, above.value);
  const ofTheChain = above.faults.find(({ code }) => code === 'PARENT_CYCLE' || code === 'PARENT_TOO_FAR');
  return ofTheChain === undefined ? refused('PARENT_FAULTY', nameOf(reference)) : { ok: false, faults: [ofTheChain] };
}

function refused(code: SchemeFaultCode, about: string): ResolvedScheme {
  return { ok: false, faults: [faultAt(code, '/parent', about)] };
}

function nameOf({ id, version }: SchemeReference): string {
  return `${id} v${version}`;
}

function inherit(child: WrittenScheme, parent: SchemeDocument): ResolvedScheme {
  const faults = [...checkNames(child), ...forbiddenChanges(child, parent), ...forbiddenPermissions(child, parent)];
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: merge(child, parent) };
}

/** What the child writes and may not. */
function forbiddenChanges(child: WrittenScheme, parent: SchemeDocument): readonly SchemeFault[] {
  const left = new Set(parent.overridable);
  const inherited = new Map(Object.entries(namesByPart(parent)));
  const whole = WHOLE_PARTS.filter((part) => {
    const isOwn = child[part] !== undefined && JSON.stringify(child[part]) !== JSON.stringify(parent[part]);
    return isOwn && !left.has(part);
  });
  const members = Object.entries(namesByPart(child)).flatMap(([part, names]) => {
    const known = inherited.get(part) ?? [];
    return [...names.entries()]
      .map(([at, name]) => ({ at: `/${part}/${at}`, wanted: `${part}/${known.includes(name) ? name : '+'}` }))
      .filter(({ wanted }) => !left.has(part) && !left.has(wanted));
  });
  return [
    ...whole.map((part) => faultAt('OVERRIDE_NOT_ALLOWED', `/${part}`, part)),
    ...members.map(({ at, wanted }) => faultAt('OVERRIDE_NOT_ALLOWED', at, wanted)),
  ];
}

/** What the child would leave to its children without having it to give. */
function forbiddenPermissions(child: WrittenScheme, parent: SchemeDocument): readonly SchemeFault[] {
  const left = new Set(parent.overridable);
  const own = membersOf(child);
  const inherited = membersOf(parent);
  return [...(child.overridable ?? []).entries()]
    .filter(([, named]) => {
      const [part = ''] = named.split('/');
      return !left.has(named) && !left.has(part) && (inherited.has(named) || !own.has(named));
    })
    .map(([at, named]) => faultAt('OVERRIDE_NOT_ALLOWED', `/overridable/${at}`, named));
}

function membersOf(scheme: WrittenScheme): ReadonlySet<string> {
  return new Set(
    Object.entries(namesByPart(scheme)).flatMap(([part, names]) => names.map((name) => `${part}/${name}`)),
  );
}

function byId({ id }: { readonly id: string }): string {
  return id;
}

function merge(child: WrittenScheme, parent: SchemeDocument): SchemeDocument {
  const { redemption = parent.redemption, area = parent.area, minors = parent.minors } = child;
  return {
    ...child,
    rules: mergeLists(parent.rules, child.rules, byId),
    metrics: mergeLists(parent.metrics, child.metrics, byId),
    gradings: mergeLists(parent.gradings, child.gradings, byId),
    catalogue: mergeLists(parent.catalogue, child.catalogue, ({ sku }) => sku),
    funds: mergeLists(parent.funds, child.funds, byId),
    benefits: mergeLists(parent.benefits, child.benefits, byId),
    publicity: mergeLists(parent.publicity, child.publicity, ({ surface }) => surface),
    activities: mergeLists(parent.activities, child.activities, byId),
    ...(redemption === undefined ? {} : { redemption }),
    ...(area === undefined ? {} : { area }),
    ...(minors === undefined ? {} : { minors }),
  };
}

function mergeLists<Member>(
  inherited: readonly Member[] = [],
  own: readonly Member[] = [],
  name: (member: Member) => string,
): readonly Member[] {
  const changed = new Map(own.map((member) => [name(member), member]));
  const known = new Set(inherited.map(name));
  return [
    ...inherited.map((member) => changed.get(name(member)) ?? member),
    ...own.filter((member) => !known.has(name(member))),
  ];
}

function withLists(root: WrittenScheme): SchemeDocument {
  const { rules = [], metrics = [], gradings = [] } = root;
  return { ...root, rules, metrics, gradings };
}
