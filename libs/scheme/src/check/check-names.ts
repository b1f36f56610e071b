import type { WrittenScheme } from '../scheme-document.js';
import { namesByPart } from '../scheme-parts.js';
import { faultAt, type SchemeFault } from './fault-texts.js';

/** No name twice in one list. */
export function checkNames(scheme: WrittenScheme): SchemeFault[] {
  return Object.entries(namesByPart(scheme)).flatMap(([part, names]) =>
    [...names.entries()]
      .filter(([at, name]) => names.indexOf(name) !== at)
      .map(([at, name]) => faultAt('ID_DUPLICATE', `/${part}/${at}`, name)),
  );
}
