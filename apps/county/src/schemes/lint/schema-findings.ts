import type { ErrorObject } from 'ajv/dist/2020.js';
import { type LintCode, WORDS } from './lint-texts.js';
import { pointerPart } from './read-json.js';

export interface SchemaFinding {
  readonly code: LintCode;
  readonly path: string;
  /** The same in both languages, or in each. */
  readonly about?: string | { readonly zh: string; readonly en: string };
}

/** Keywords whose parts have been reported already, or are reported as one. */
const SILENT: ReadonlySet<string> = new Set(['if', 'propertyNames']);

/** What ajv found, in terms of the document: one finding for each mistake, and nothing about the branches of a choice. */
export function schemaFindings(errors: readonly ErrorObject[]): readonly SchemaFinding[] {
  return errors
    .filter(({ keyword, schemaPath }) => !SILENT.has(keyword) && !/\/(anyOf|oneOf)\/\d+\//.test(schemaPath))
    .map(findingOf);
}

function findingOf(error: ErrorObject): SchemaFinding {
  const { keyword, instancePath: path, schemaPath } = error;
  const given = (name: string): string => {
    const value: unknown = Reflect.get(error.params, name);
    return Array.isArray(value) ? value.join(', ') : String(value);
  };
  switch (keyword) {
    case 'required':
      return { code: 'MEMBER_MISSING', path, about: given('missingProperty') };
    case 'additionalProperties':
      return unknownMember(`${path}/${pointerPart(given('additionalProperty'))}`);
    case 'false schema':
      return unknownMember(path);
    case 'type':
      return { code: 'TYPE_WRONG', path, about: word(given('type')) };
    case 'enum':
      return { code: 'VALUE_NOT_LISTED', path, about: given('allowedValues') };
    case 'const':
      return { code: 'VALUE_NOT_LISTED', path, about: given('allowedValue') };
    case 'minimum':
      return { code: 'NUMBER_TOO_SMALL', path, about: given('limit') };
    case 'maximum':
      return { code: 'NUMBER_TOO_LARGE', path, about: given('limit') };
    case 'minLength':
      return { code: 'TEXT_EMPTY', path };
    case 'maxLength':
      return { code: 'TEXT_TOO_LONG', path, about: given('limit') };
    case 'pattern':
      return { code: 'TEXT_FORM_WRONG', path, about: word(formIn(schemaPath)) };
    case 'minItems':
      return { code: 'LIST_TOO_SHORT', path, about: given('limit') };
    case 'maxItems':
      return { code: 'LIST_TOO_LONG', path, about: given('limit') };
    case 'uniqueItems':
      return { code: 'LIST_REPEATS', path };
    default:
      return choice(error);
  }
}

function unknownMember(path: string): SchemaFinding {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { code: 'MEMBER_UNKNOWN', path, about: name.replaceAll('~1', '/').replaceAll('~0', '~') };
}

/** Where one of several forms must be met: none is, or more than one. */
function choice({ keyword, instancePath: path, params, parentSchema }: ErrorObject): SchemaFinding {
  if (keyword === 'anyOf' && path === '') return { code: 'PARTS_OR_PARENT', path, about: 'rules, metrics, gradings' };
  if (keyword === 'anyOf') return { code: 'VALUE_NOT_LISTED', path, about: WINDOWS };
  if (keyword === 'oneOf')
    return { code: 'NOT_EXACTLY_ONE', path, about: 'bands, predicate, relative, labels, imported' };
  const properties: unknown = parentSchema?.['properties'];
  const kinds = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  if (kinds.length > 0) return { code: 'NOT_EXACTLY_ONE', path, about: kinds.join(', ') };
  const code = keyword === 'minProperties' ? 'LIST_TOO_SHORT' : 'LIST_TOO_LONG';
  return { code, path, about: String(params['limit']) };
}

const WINDOWS = 'month, quarter, year, event, all, {"rolling": {"months": 12}}';

function word(name: string): { readonly zh: string; readonly en: string } {
  return new Map(Object.entries(WORDS)).get(name) ?? { zh: name, en: name };
}

/** The name in the JSON Schema of the form that a text does not have. */
function formIn(schemaPath: string): string {
  return schemaPath.split('/').findLast((part) => part in WORDS) ?? '';
}
