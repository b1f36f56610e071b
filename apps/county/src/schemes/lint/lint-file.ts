import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import {
  checkScheme,
  explainFinding,
  resolveScheme,
  type SchemeFault,
  type SchemeWarning,
  schemeWarnings,
  type WrittenScheme,
  writtenPlace,
} from '#libs/scheme';
import { LINT_TEXTS } from './lint-texts.js';
import { readJson } from './read-json.js';
import { type SchemaFinding, schemaFindings } from './schema-findings.js';

export interface LintFinding {
  readonly severity: 'fault' | 'warning';
  readonly code: string;
  /** JSON Pointer (RFC 6901). */
  readonly path: string;
  /** What it is about, where that stands in a parent only (`rules/yard`); path and place are those of `parent` then. */
  readonly inherited?: string;
  /** From 1; the column in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly zh: string;
  readonly en: string;
}

/** Another document of the same folder: where parents are looked up. */
interface Neighbour {
  readonly name: string;
  readonly id: unknown;
  readonly version: unknown;
  /** If it follows the schema. */
  readonly written?: WrittenScheme;
}

/**
 * Everything that is wrong with a scheme document, in plain words and with its place, in the order of the text: what is no
 * JSON; else what breaks the schema; else what does not fit its parents, which are looked up beside it; else the faults and
 * warnings of the document with what it inherits.
 */
export async function lintFile(
  file: string,
  follows: ValidateFunction<WrittenScheme>,
): Promise<readonly LintFinding[]> {
  const text = await readText(file);
  if (typeof text !== 'string') return [{ ...said(text), line: 1, column: 1 }];
  const read = readJson(text);
  if (!read.ok) return [{ ...said({ ...read.fault, path: '' }), ...placeOf(text, read.fault.offset) }];
  const { value, offsetOf } = read.value;
  const found = follows(value)
    ? await findingsIn(value, file, follows)
    : schemaFindings(follows.errors ?? []).map((one) => said(one));
  return found
    .map((one) => ({ ...one, ...placeOf(text, offsetOf(one.path)) }))
    .toSorted((one, other) => one.line - other.line || one.column - other.column);
}

async function readText(file: string): Promise<string | SchemaFinding> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return { code: 'FILE_UNREADABLE', path: '' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith('\uFEFF') ? { code: 'FILE_NOT_UTF8', path: '' } : text;
  } catch {
    return { code: 'FILE_NOT_UTF8', path: '' };
  }
}

async function findingsIn(
  written: WrittenScheme,
  file: string,
  follows: ValidateFunction<WrittenScheme>,
): Promise<readonly Unplaced[]> {
  const neighbours = await neighboursOf(file, follows);
  const twin = neighbours.find(({ id, version }) => id === written.id && version === written.version);
  const twins = twin === undefined ? [] : [said({ code: 'VERSION_TWICE', path: '/id', about: twin.name })];
  const parents = neighbours.flatMap(({ written: document }) => (document === undefined ? [] : [document]));
  const resolved = resolveScheme(written, parents);
  if (!resolved.ok)
    return [...twins, ...resolved.faults.map((fault) => explained(mendFirst(fault, written, neighbours)))];
  const { value } = resolved;
  const inPlace = (found: SchemeFault | SchemeWarning): Unplaced => {
    const place = writtenPlace(found.path, value, written);
    if (place.isOwn) return explained({ ...found, path: place.path });
    return { ...explained({ ...found, path: '/parent' }), inherited: place.member };
  };
  return [
    ...twins,
    ...checkScheme(value).map(inPlace),
    ...schemeWarnings(value).map((warning) => ({ ...inPlace(warning), severity: 'warning' as const })),
  ];
}

/** A parent that is there and cannot be read by the schema is no unknown one. */
function mendFirst(fault: SchemeFault, { parent }: WrittenScheme, neighbours: readonly Neighbour[]): SchemeFault {
  const isThere = neighbours.some(({ id, version }) => id === parent?.id && version === parent?.version);
  return fault.code === 'PARENT_UNKNOWN' && isThere ? { ...fault, code: 'PARENT_FAULTY' } : fault;
}

async function neighboursOf(file: string, follows: ValidateFunction<WrittenScheme>): Promise<readonly Neighbour[]> {
  const folder = path.dirname(file);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== path.basename(file));
  const documents = await Promise.all(names.toSorted().map((name) => readNeighbour(folder, name, follows)));
  return documents.filter((document) => document !== undefined);
}

async function readNeighbour(
  folder: string,
  name: string,
  follows: ValidateFunction<WrittenScheme>,
): Promise<Neighbour | undefined> {
  const text = await readText(path.join(folder, name));
  const read = typeof text === 'string' ? readJson(text) : undefined;
  if (read?.ok !== true) return undefined;
  const { value } = read.value;
  if (follows(value)) return { name, id: value.id, version: value.version, written: value };
  const other: unknown = value;
  if (typeof other !== 'object' || other === null) return undefined;
  return { name, id: Reflect.get(other, 'id'), version: Reflect.get(other, 'version') };
}

type Unplaced = Omit<LintFinding, 'line' | 'column'>;

function said({ code, path: pointer, about = '' }: SchemaFinding): Unplaced {
  const each = typeof about === 'string' ? { zh: about, en: about } : about;
  const { zh, en } = LINT_TEXTS[code];
  return {
    severity: 'fault',
    code,
    path: pointer,
    zh: zh.replace('{about}', () => each.zh),
    en: en.replace('{about}', () => each.en),
  };
}

function explained(found: SchemeFault | SchemeWarning): Unplaced {
  const { code, path: pointer } = found;
  const words = { zh: explainFinding(found, 'zh'), en: explainFinding(found, 'en') };
  return { severity: 'fault', code, path: pointer, ...words };
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
