import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, encodeBase64url, type JsonValue } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError, type JsonSchema, loadDocument } from '#libs/platform';
import {
  catalogueDigest as digestCatalogue,
  checkScheme,
  explainFinding,
  exportedGrading,
  type GradeLadder,
  positiveGradesUpTo,
  type SchemeDocument,
  schemeFingerprint,
  type SchemeRule,
} from '#libs/scheme';

/** The scheme this county grades by, checked, with everything that is derived from its document. */
export class ActiveScheme {
  private readonly rules: ReadonlyMap<string, SchemeRule>;

  private constructor(
    readonly document: SchemeDocument,
    readonly digest: string,
    readonly fingerprint: string,
    readonly catalogueDigest: string,
    /** No grades for a scheme that may not be mapped to bands: nothing is ever issued under it. */
    private readonly ladder: GradeLadder,
  ) {
    this.rules = new Map(document.rules.map((rule) => [rule.id, rule]));
  }

  /**
   * Loads a scheme document and checks it against its schema and against what a schema cannot say.
   * @throws GatewayError CONFIG_DOCUMENT_INVALID naming the file and the path of every fault
   */
  static async load(schemeFile: string, schemasFolder: string): Promise<ActiveScheme> {
    const document = await loadDocument<SchemeDocument>(schemeFile, await schemaOfSchemes(schemasFolder));
    const faults = checkScheme(document);
    if (faults.length > 0) {
      const list = faults.map((fault) => `${fault.path} ${explainFinding(fault, 'en')} (${fault.code})`).join('; ');
      throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${schemeFile}: ${list}` });
    }
    // The document was parsed from JSON a moment ago.
    const bytes = canonicalJson(document as SchemeDocument & JsonValue);
    return new ActiveScheme(
      document,
      encodeBase64url(await nodeCrypto.sha256(bytes)),
      await schemeFingerprint(document, nodeCrypto),
      await digestCatalogue(document, nodeCrypto),
      exportedGrading(document) ?? { grades: [], positiveFloor: '' },
    );
  }

  ruleOf(id: string): SchemeRule | undefined {
    return this.rules.get(id);
  }

  /** Whether an assessment was made by this scheme, in a version that grades alike. */
  made({ schemeId, fingerprint }: { readonly schemeId: string; readonly fingerprint: string }): boolean {
    return schemeId === this.document.id && fingerprint === this.fingerprint;
  }

  /** Every grade an attestation has a slot for, weakest first. */
  get positiveGrades(): readonly string[] {
    return positiveGradesUpTo(this.ladder, this.ladder.grades[0] ?? '');
  }

  /** The thresholds a resident of this grade may show, weakest first; none below the positive floor (design §4.1). */
  heldGrades(grade: string): readonly string[] {
    return positiveGradesUpTo(this.ladder, grade);
  }

  /** Whether `grade` is lower than `other`. A grade the scheme does not know is lower than any it knows. */
  isLower(grade: string, other: string): boolean {
    const { grades } = this.ladder;
    const place = grades.indexOf(grade);
    return place === -1 || place > grades.indexOf(other);
  }
}

async function schemaOfSchemes(folder: string): Promise<JsonSchema> {
  const file = join(folder, 'scheme.schema.json');
  try {
    const schema: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof schema === 'object' && schema !== null) return { ...schema };
    throw new TypeError('not an object');
  } catch (cause) {
    throw new GatewayError('CONFIG_DOCUMENT_INVALID', { detail: `${file}: no JSON Schema can be read from it`, cause });
  }
}
