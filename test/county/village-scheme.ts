import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SchemeDocument, SchemeRule } from '#libs/scheme';
import { VILLAGE } from './sample-subjects.js';

export const SCHEME = 'village-points';

const rule = (id: string, formula: SchemeRule['formula'], more: Partial<SchemeRule> = {}): SchemeRule => ({
  id,
  category: 'volunteering',
  label_zh: `规则 ${id}`,
  subject_kind: 'person',
  formula,
  source: 'invented',
  ...more,
});

/** An invented village's points, with a rule of every kind that tells ledgers and wallets apart. */
export const villageScheme: SchemeDocument = {
  id: SCHEME,
  version: 1,
  name_zh: '村积分',
  kind: 'civic_points',
  level: 'village',
  place: VILLAGE,
  operator: 'village',
  valid: { from: '2026-01-01' },
  adopted_by: { body: '村民会议', date: '2025-12-20', record: '2025-7', source: 'invented' },
  subject_kinds: ['person', 'household'],
  basis: 'points',
  export: 'none',
  balance: 'separate',
  rules: [
    rule('help', { flat: { points: 10 } }),
    rule('hours', { per_unit: { unit: 'hour', n: 4, points: 1, remainder: 'carry' } }),
    rule('capped', { flat: { points: 10 } }, { cap: { per: 'month', points: 15 } }),
    rule('litter', { deduct: { points: 8 } }),
    rule('passing', { flat: { points: 5 } }, { validity: { months: 6 } }),
    rule('honour', { flat: { points: 6 } }, { credits: ['household', 'parents'] }),
    rule('yard', { label: { 好: 5, 中: 0, 差: -3 } }, { subject_kind: 'household' }),
    rule(
      'choice',
      { range: { min: 1, max: 50 } },
      {
        workflow: { declare_by: ['collector'], publicise_days: 0, two_people_above: 20, source: 'invented' },
      },
    ),
    rule(
      'own',
      { flat: { points: 3 } },
      {
        workflow: { declare_by: ['resident'], publicise_days: 7, evidence: ['photo'], source: 'invented' },
      },
    ),
  ],
  metrics: [],
  gradings: [],
  sources: ['invented'],
};

/** A folder with scheme documents, for `schemesFolder`; the caller removes it. */
export async function schemesFolder(...schemes: readonly SchemeDocument[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-village-'));
  for (const scheme of schemes) await writeFile(path.join(folder, `${scheme.id}.json`), JSON.stringify(scheme));
  return folder;
}
