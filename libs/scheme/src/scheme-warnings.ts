import { canDeduct, rulesCountedBy } from './check/check-gradings.js';
import { mostOfOne } from './check/check-rules.js';
import type { SchemeWarning } from './check/fault-texts.js';
import { nonCreditMatterOf } from './forbidden-subjects.js';
import type { SchemeDocument } from './scheme-document.js';

/**
 * What a sound document should be looked at for: a draft; a graded scheme that scores what is not credit (domain G1);
 * deductions that never end (G7); a limit for a second approver that no entry passes (G11). Nothing is refused for a warning.
 */
export function schemeWarnings(scheme: SchemeDocument): readonly SchemeWarning[] {
  return [
    ...(scheme.adopted_by === undefined ? [{ code: 'NOT_ADOPTED', path: '' } as const] : []),
    ...nonCreditMatters(scheme),
    ...endlessDeductions(scheme),
    ...limitsBeyondReach(scheme),
  ];
}

function nonCreditMatters({ basis, rules }: SchemeDocument): readonly SchemeWarning[] {
  if (basis !== 'graded') return [];
  return rules.flatMap((rule, at): readonly SchemeWarning[] => {
    const about = nonCreditMatterOf(rule);
    return about === undefined ? [] : [{ code: 'NON_CREDIT_SCORED', path: `/rules/${at}`, about }];
  });
}

function endlessDeductions({ metrics, rules }: SchemeDocument): readonly SchemeWarning[] {
  const counted = new Set(
    metrics.filter(({ window }) => window === 'all').flatMap((one) => rulesCountedBy(one, rules)),
  );
  return rules.flatMap((rule, at): readonly SchemeWarning[] =>
    counted.has(rule) && rule.validity === undefined && canDeduct(rule)
      ? [{ code: 'ADVERSE_WITHOUT_END', path: `/rules/${at}` }]
      : [],
  );
}

function limitsBeyondReach({ rules }: SchemeDocument): readonly SchemeWarning[] {
  return rules.flatMap(({ formula, workflow }, at): readonly SchemeWarning[] => {
    const [most, limit] = [mostOfOne(formula), workflow?.two_people_above];
    if (most === undefined || limit === undefined || most > limit) return [];
    return [{ code: 'SECOND_APPROVER_NEVER', path: `/rules/${at}/workflow/two_people_above`, about: String(most) }];
  });
}
