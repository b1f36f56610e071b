import { type EntityManager, In } from 'typeorm';
import type { SchemeDocument } from '#libs/scheme';
import { LedgerEntryEntity } from '../ledger/ledger-entry.entity.js';
import { SchemeVersionEntity } from '../schemes/scheme-version.entity.js';
import type { AssessmentEntity } from './assessment.entity.js';

export interface ExplainedLine {
  readonly entry: string;
  readonly rule: string;
  /** The rule in the words of the scheme document. */
  readonly label: string;
  readonly occurredOn: string;
  readonly quantity: number;
  readonly points: number;
}

/** Why a resident has a grade. It is for the resident and the county's own desk; it leaves the county nowhere. */
export interface Explanation {
  readonly resident: string;
  readonly year: number;
  /** Unix seconds. */
  readonly cutOff: number;
  readonly scheme: {
    readonly id: string;
    readonly name: string;
    readonly version: number;
    readonly fingerprint: string;
  };
  readonly base: number;
  readonly lines: readonly ExplainedLine[];
  readonly score: number;
  readonly grade: string;
}

/** Explains an assessment by the scheme document it was made with, not by today's. */
export async function explain(
  manager: EntityManager,
  { run, year, base, score, grade, lines }: AssessmentEntity,
  resident: string,
): Promise<Explanation> {
  const { schemeId, schemeVersion: version, schemeDigest: digest, fingerprint, cutOff } = run;
  const { document } = await manager.findOneByOrFail(SchemeVersionEntity, { schemeId, version, digest });
  const entries = await manager.findBy(LedgerEntryEntity, { id: In(lines.map(({ entryId }) => entryId)) });
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const labels = labelsOf(document);
  return {
    resident,
    year,
    cutOff,
    scheme: { id: schemeId, name: document.name_zh, version, fingerprint },
    base,
    lines: lines.map(({ entryId, ruleId, points }) => {
      const { occurredOn = '', quantity = 0 } = byId.get(entryId) ?? {};
      return { entry: entryId, rule: ruleId, label: labels.get(ruleId) ?? ruleId, occurredOn, quantity, points };
    }),
    score,
    grade,
  };
}

function labelsOf({ rules }: SchemeDocument): ReadonlyMap<string, string> {
  return new Map(rules.map(({ id, label_zh: label }) => [id, label]));
}
