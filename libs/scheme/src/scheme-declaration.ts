import type { CryptoPort } from '#libs/jose-profile';
import { exportedGrading } from './exported-grading.js';
import type { SchemeBasis, SchemeDocument, SubjectKind } from './scheme-document.js';
import { schemeFingerprint } from './scheme-fingerprint.js';

/** The payload of a `scheme` document on the wire, besides `type` (docs/wire.md): what the alliance learns of a scheme. */
export interface SchemeDeclaration {
  readonly id: string;
  /** The entity id of the member whose scheme it is. */
  readonly member: string;
  readonly name: { readonly zh: string; readonly en?: string };
  readonly fingerprint: string;
  readonly basis: SchemeBasis;
  readonly subject: SubjectKind;
  /** Highest first. */
  readonly grades: readonly string[];
  readonly positiveFloor: string;
}

/**
 * What a county declares of its scheme to the alliance: grades and fingerprint; no threshold, base, rule or score.
 * @throws RangeError when nothing of the scheme may be mapped to bands (`exportedGrading`)
 */
export async function schemeDeclaration(
  scheme: SchemeDocument,
  member: string,
  port: CryptoPort,
): Promise<SchemeDeclaration> {
  const exported = exportedGrading(scheme);
  if (exported === undefined) throw new RangeError('the grades of the scheme stay in the county');
  return {
    id: scheme.id,
    member,
    name: { zh: scheme.name_zh, ...(scheme.name_en === undefined ? {} : { en: scheme.name_en }) },
    fingerprint: await schemeFingerprint(scheme, port),
    basis: scheme.basis,
    subject: exported.subject,
    grades: exported.grades,
    positiveFloor: exported.positiveFloor,
  };
}
