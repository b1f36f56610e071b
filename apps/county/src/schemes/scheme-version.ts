import { canonicalJson, encodeBase64url, type JsonValue } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import {
  catalogueDigest,
  exportedGrading,
  type GradeLadder,
  positiveGradesUpTo,
  type SchemeDocument,
  schemeFingerprint,
  type SchemeRule,
  type WrittenScheme,
} from '#libs/scheme';

/** What names a scheme version and its parts for ever. */
interface Digests {
  /** base64url SHA-256 of the document's canonical JSON. */
  readonly document: string;
  readonly fingerprint: string;
  readonly catalogue: string;
}

/** An adopted version of a scheme of this county, sound, with everything that is derived from its document. */
export class SchemeVersion {
  private readonly rules: ReadonlyMap<string, SchemeRule>;

  protected constructor(
    readonly document: SchemeDocument,
    /** The document as it was adopted, without what it inherits. */
    readonly written: WrittenScheme,
    private readonly digests: Digests,
  ) {
    this.rules = new Map(document.rules.map((rule) => [rule.id, rule]));
  }

  /** @returns an `ActiveScheme` where grades may leave the county under the document */
  static async of(document: SchemeDocument, written: WrittenScheme = document): Promise<SchemeVersion> {
    // The document was parsed from JSON.
    const bytes = canonicalJson(document as SchemeDocument & JsonValue);
    const digests = {
      document: encodeBase64url(await nodeCrypto.sha256(bytes)),
      fingerprint: await schemeFingerprint(document, nodeCrypto),
      catalogue: await catalogueDigest(document, nodeCrypto),
    };
    const ladder = exportedGrading(document);
    if (ladder === undefined) return new SchemeVersion(document, written, digests);
    return new ActiveScheme(document, written, digests, ladder);
  }

  get digest(): string {
    return this.digests.document;
  }

  get fingerprint(): string {
    return this.digests.fingerprint;
  }

  get catalogueDigest(): string {
    return this.digests.catalogue;
  }

  ruleOf(id: string): SchemeRule | undefined {
    return this.rules.get(id);
  }

  /** Whether this version is in effect on a day (`YYYY-MM-DD`), unless a higher one is. */
  isInForceOn(day: string): boolean {
    const { from, to } = this.document.valid;
    return from <= day && (to === undefined || day <= to);
  }

  /** Whether an assessment was made by this scheme, in a version that grades alike. */
  made({ schemeId, fingerprint }: { readonly schemeId: string; readonly fingerprint: string }): boolean {
    return schemeId === this.document.id && fingerprint === this.fingerprint;
  }
}

/** The scheme whose grades leave the county: attestations rest on it. */
export class ActiveScheme extends SchemeVersion {
  constructor(
    document: SchemeDocument,
    written: WrittenScheme,
    digests: Digests,
    private readonly ladder: GradeLadder,
  ) {
    super(document, written, digests);
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
