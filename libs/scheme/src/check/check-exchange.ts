import { gradesOf } from '../exported-grading.js';
import { isStatutoryService } from '../forbidden-subjects.js';
import type { Benefit, Fund, SchemeDocument } from '../scheme-document.js';
import { faultAt, type SchemeFault } from './fault-texts.js';

/** What points buy, who pays, and what a grade opens. */
export function checkExchange(scheme: SchemeDocument): SchemeFault[] {
  const { catalogue = [], funds = [], benefits = [], redemption, balance } = scheme;
  const known = new Set(funds.map(({ id }) => id));
  const faults: SchemeFault[] = [];
  if (balance === 'none' && catalogue.length > 0) faults.push(faultAt('BALANCE_NONE', '/catalogue'));
  if (balance === 'none' && redemption !== undefined) faults.push(faultAt('BALANCE_NONE', '/redemption'));
  if (balance !== 'none' && catalogue.length > 0 && redemption === undefined)
    faults.push(faultAt('REDEMPTION_MISSING', '/catalogue'));
  for (const [at, { sku, fund, limit }] of catalogue.entries()) {
    if (fund !== undefined && !known.has(fund)) faults.push(faultAt('FUND_UNKNOWN', `/catalogue/${at}/fund`, fund));
    if (limit?.per === 'event' && redemption?.cadence === 'any_time')
      faults.push(faultAt('LIMIT_WITHOUT_DAY', `/catalogue/${at}/limit/per`, sku));
  }
  return [
    ...faults,
    ...funds.flatMap((fund, at) => checkFund(fund, known, `/funds/${at}`)),
    ...benefits.flatMap((benefit, at) => checkBenefit(benefit, scheme, `/benefits/${at}`)),
  ];
}

function checkFund({ id, from, inflows }: Fund, known: ReadonlySet<string>, path: string): SchemeFault[] {
  if ((from !== undefined) !== inflows.includes('award') || from === id) return [faultAt('FUND_AWARD_UNCLEAR', path)];
  return from === undefined || known.has(from) ? [] : [faultAt('FUND_UNKNOWN', `${path}/from`, from)];
}

/** Help by age or need asks for no points, so it may be anything; what asks for a grade is an extra (domain G2). */
function checkBenefit(
  { requires, effect, provider, statutory, label_zh: label }: Benefit,
  scheme: SchemeDocument,
  path: string,
): SchemeFault[] {
  const faults: SchemeFault[] = [];
  const isStatutory: boolean = statutory;
  if (isStatutory) faults.push(faultAt('BENEFIT_STATUTORY', `${path}/statutory`));
  if ('credit_tier' in effect && provider === undefined) faults.push(faultAt('LENDER_MISSING', path));
  if (!('grade' in requires)) return faults;
  if (isStatutoryService(label)) faults.push(faultAt('BENEFIT_STATUTORY', `${path}/label_zh`));
  const { grading: named, at_least: grade } = requires.grade;
  const grading = scheme.gradings.find(({ id }) => id === named);
  if (grading === undefined) faults.push(faultAt('GRADING_UNKNOWN', `${path}/requires/grade/grading`, named));
  else if (!gradesOf(grading).includes(grade))
    faults.push(faultAt('BENEFIT_GRADE_UNKNOWN', `${path}/requires/grade/at_least`, grade));
  return faults;
}
