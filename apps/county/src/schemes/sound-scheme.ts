import { type FieldFault, GatewayError, type JsonSchema, schemaFaults } from '#libs/platform';
import {
  checkScheme,
  explainFinding,
  resolveScheme,
  type SchemeFault,
  type SchemeWarning,
  schemeWarnings,
  type WrittenScheme,
} from '#libs/scheme';
import type { SchemeBook } from './scheme-book.js';
import { SchemeVersion } from './scheme-version.js';

/** A version that could be adopted, and what its makers should think about first. */
export interface SoundScheme {
  readonly version: SchemeVersion;
  readonly warnings: readonly FieldFault[];
}

/**
 * Checks a document that came from outside: against the schema, with what it inherits, and what no schema can say.
 * @throws GatewayError SCHEME_INVALID with every fault by its place in the document: first those of form, in the schema's own terms,
 *   then the others in Chinese and English
 */
export async function soundScheme(document: unknown, schema: JsonSchema, book: SchemeBook): Promise<SoundScheme> {
  const broken = schemaFaults(document, schema);
  if (broken.length > 0) throw new GatewayError('SCHEME_INVALID', { fields: broken.map(inDocument) });
  const written = document as WrittenScheme;
  const resolved = resolveScheme(written, book.written);
  const faults = resolved.ok ? checkScheme(resolved.value) : resolved.faults;
  if (!resolved.ok || faults.length > 0) throw new GatewayError('SCHEME_INVALID', { fields: faults.map(explained) });
  return {
    version: await SchemeVersion.of(resolved.value, written),
    warnings: schemeWarnings(resolved.value).map(explained),
  };
}

function explained(finding: SchemeFault | SchemeWarning): FieldFault {
  const words = `${explainFinding(finding, 'zh')} ${explainFinding(finding, 'en')}`;
  return inDocument({ path: finding.path, message: `${words} (${finding.code})` });
}

function inDocument({ path, message }: FieldFault): FieldFault {
  return { path: `/document${path}`, message };
}
