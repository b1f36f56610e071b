import { canonicalJson, encodeBase64url, type CryptoPort, type JsonObject } from '#libs/jose-profile';
import type { RuleFormula, SchemeDocument, SchemeRule } from './scheme-document.js';

const FINGERPRINT_BYTES = 16;

/**
 * Names the part of a scheme version that makes a grade (design §4.1): basis, subject, metric with its base and window,
 * bands, overrides, grade order, positive floor. Two versions with equal fingerprints grade alike, so an equivalence table
 * made for one holds for the other; names, rules and sources do not enter.
 * @returns base64url of the first 16 bytes of SHA-256 over its canonical JSON (RFC 8785): 22 characters
 */
export async function schemeFingerprint(scheme: SchemeDocument, port: CryptoPort): Promise<string> {
  const digest = await port.sha256(canonicalJson(gradeMakingPart(scheme)));
  return encodeBase64url(digest.subarray(0, FINGERPRINT_BYTES));
}

/**
 * Names the rule catalogue of a scheme version: a change opens a review at the alliance but does not unmap (design §4.1).
 * Order of rules and their sources do not enter.
 * @returns base64url of SHA-256 over its canonical JSON: 43 characters
 */
export async function catalogueDigest(scheme: SchemeDocument, port: CryptoPort): Promise<string> {
  const rules = scheme.rules.toSorted((one, other) => (one.id < other.id ? -1 : 1)).map(catalogueEntry);
  return encodeBase64url(await port.sha256(canonicalJson(rules)));
}

function gradeMakingPart({ basis, assessment, grading, gradeOrder, positiveFloor }: SchemeDocument): JsonObject {
  const { over, formula, window, integer } = assessment;
  return {
    basis,
    subject: over,
    metric: { formula: 'base_plus_sum', base: formula.base_plus_sum.base, window, integer },
    bands: grading.bands.rows.map(({ code, ge, lt }) => ({ code, ge, lt })),
    // Direct grading by override is not part of a document yet; the empty list keeps its place in the fingerprint.
    overrides: [],
    gradeOrder,
    positiveFloor,
  };
}

function catalogueEntry({ id, category, label_zh, subject_kind, formula, cap, validity }: SchemeRule): JsonObject {
  return {
    id,
    category,
    label_zh,
    subject_kind,
    formula: formulaJson(formula),
    cap: cap && { per: cap.per, points: cap.points },
    validity: validity && { months: validity.months },
  };
}

function formulaJson(formula: RuleFormula): JsonObject {
  return formula;
}
