import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { textOf } from './error-facts.js';
import { fieldsOfSchemaFaults } from './field-faults.js';
import { type FieldFault, GatewayError } from './gateway-error.js';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Reads one JSON document and checks it against its schema (strict mode, every fault reported).
 * @throws GatewayError CONFIG_DOCUMENT_INVALID naming the file and the JSON Pointer of every fault
 */
export async function loadDocument<T>(file: string, schema: JsonSchema): Promise<T> {
  return readChecked(file, compile<T>(schema));
}

/**
 * Reads every `*.json` directly in a folder, sorted by file name, each checked like `loadDocument`.
 * @throws GatewayError CONFIG_DOCUMENT_INVALID for the first file that fails, and for a folder that cannot be read
 */
export async function loadDocuments<T>(folder: string, schema: JsonSchema): Promise<readonly T[]> {
  const check = compile<T>(schema);
  const names = await readdir(folder).catch((cause: unknown) => refuse(folder, unreadable(cause), cause));
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(files.map((name) => readChecked(join(folder, name), check)));
}

/** Checks a document that came over the wire like `loadDocument`: every fault at its JSON Pointer, none for one that follows. */
export function schemaFaults(document: unknown, schema: JsonSchema): readonly FieldFault[] {
  const check = compile(schema);
  return check(document) ? [] : fieldsOfSchemaFaults(check.errors ?? []);
}

async function readChecked<T>(file: string, check: ValidateFunction<T>): Promise<T> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => refuse(file, unreadable(cause), cause));
  const document = parse(file, text);
  if (check(document)) return document;
  const faults = fieldsOfSchemaFaults(check.errors ?? []);
  return refuse(file, faults.map(({ path, message }) => `${path === '' ? '/' : path} ${message}`).join('; '));
}

function parse(file: string, text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    return document;
  } catch (cause) {
    return refuse(file, `not JSON${placeOf(cause, text)}`, cause);
  }
}

/** JSON.parse tells a position only for some faults. */
function placeOf(fault: unknown, text: string): string {
  const position = /at position (\d+)/.exec(textOf(fault, 'message') ?? '')?.[1];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${before.length}, column ${(before.at(-1) ?? '').length + 1})`;
}

/** One for the process: each would compile the meta-schema anew. It keeps no schema, so two may bear the same `$id`. */
let ajv: Ajv2020 | undefined;
/** By the schema's text: every service of a process checks its documents against the same few. */
const compiled = new Map<string, ValidateFunction>();

function compile<T>(schema: JsonSchema): ValidateFunction<T> {
  const text = JSON.stringify(schema);
  let check = compiled.get(text);
  if (check === undefined) {
    ajv ??= makeAjv();
    check = ajv.compile(schema);
    compiled.set(text, check);
  }
  return check as ValidateFunction<T>;
}

function makeAjv(): Ajv2020 {
  const made = new Ajv2020({ strict: true, allErrors: true, addUsedSchema: false });
  made.addFormat('date', isCalendarDay);
  made.addFormat(
    'date-time',
    (text) => /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text)),
  );
  made.addFormat('uri', (text) => URL.canParse(text));
  return made;
}

function isCalendarDay(text: string): boolean {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

function unreadable(cause: unknown): string {
  return `cannot be read (${textOf(cause, 'code') ?? 'unknown reason'})`;
}

function refuse(file: string, what: string, cause?: unknown): never {
  throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: ${what}`, cause });
}
