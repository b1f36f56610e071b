import type { SubjectKind } from '#libs/scheme';
import { maskedName } from '../residents/masked-name.js';

/** Whoever a line is about. */
export interface Named {
  readonly kind: SubjectKind;
  readonly name: string;
  /** Of a household or building. */
  readonly doorNumber: string | null;
}

/**
 * A name as it may hang in the open: a person's masked, a household by its door or else masked. Buildings, groups, posts and
 * enterprises are no persons.
 */
export function printedName({ kind, name, doorNumber }: Named): string {
  if (kind === 'person') return maskedName(name);
  if (kind === 'household') return doorNumber ?? maskedName(name);
  return name;
}
