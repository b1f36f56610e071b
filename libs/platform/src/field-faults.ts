import type { ValidationError } from '@nestjs/common';
import type { FieldFault } from './gateway-error.js';

/** What ajv reports for one fault; fastify's and ajv's own types both fit. */
export interface SchemaFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
}

/** A client chooses the names of unknown fields; a very long one is cut before it is sent back. */
const LONGEST_PATH = 200;

/** Faults found by ajv. Neither paths nor messages repeat a value. */
export function fieldsOfSchemaFaults(faults: readonly SchemaFault[]): readonly FieldFault[] {
  return faults.map(({ keyword, instancePath, params, message }) => {
    const missing = params['missingProperty'];
    const surplus = params['additionalProperty'] ?? params['unevaluatedProperty'];
    const allowed = params['allowedValues'];
    if (keyword === 'required' && typeof missing === 'string') return fault(child(instancePath, missing), 'is missing');
    if (typeof surplus === 'string') return fault(child(instancePath, surplus), 'is not allowed here');
    if (keyword === 'enum' && Array.isArray(allowed))
      return fault(instancePath, `must be one of ${allowed.join(', ')}`);
    return fault(instancePath, message ?? keyword);
  });
}

/** Faults found by class-validator, nested ones flattened. */
export function fieldsOfValidationErrors(errors: readonly ValidationError[], parent = ''): readonly FieldFault[] {
  return errors.flatMap((error) => {
    const path = error.property === undefined ? parent : child(parent, error.property);
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) =>
      fault(path, rule === 'whitelistValidation' ? 'is not allowed here' : message),
    );
    return [...own, ...fieldsOfValidationErrors(error.children ?? [], path)];
  });
}

function child(parent: string, name: string): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function fault(path: string, message: string): FieldFault {
  return { path: path.slice(0, LONGEST_PATH), message };
}
