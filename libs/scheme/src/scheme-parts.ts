import type { SchemePart, WrittenScheme } from './scheme-document.js';

/** The parts that are one thing, and so are the parent's or the child's as a whole. */
export const WHOLE_PARTS = [
  'redemption',
  'area',
  'subject_kinds',
  'basis',
  'export',
  'balance',
] as const satisfies readonly SchemePart[];

/** The parts that are lists, whose members are inherited one by one. */
export type ListPart = Exclude<SchemePart, (typeof WHOLE_PARTS)[number]>;

/** The names of the members of each list, in its order: ids, of the catalogue the `sku`, of publicity the surface. */
export function namesByPart(scheme: WrittenScheme): Readonly<Record<ListPart, readonly string[]>> {
  return {
    rules: ids(scheme.rules),
    metrics: ids(scheme.metrics),
    gradings: ids(scheme.gradings),
    catalogue: (scheme.catalogue ?? []).map(({ sku }) => sku),
    funds: ids(scheme.funds),
    benefits: ids(scheme.benefits),
    publicity: (scheme.publicity ?? []).map(({ surface }) => surface),
    activities: ids(scheme.activities),
  };
}

function ids(members: readonly { readonly id: string }[] = []): readonly string[] {
  return members.map(({ id }) => id);
}
