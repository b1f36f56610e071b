import { GatewayError } from '#libs/platform';
import type { RuleWorkflow, SchemeRule } from '#libs/scheme';
import type { SchemeBook } from '../schemes/scheme-book.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';

/** Of a rule that says nothing about it: a collector records, somebody verifies, somebody approves. */
const USUAL_WORKFLOW: RuleWorkflow = { declare_by: ['collector'], publicise_days: 0, source: 'ASSUMED' };

/** The schemes of the county as entries name them, as they stood at one moment. */
export class LedgerSchemes {
  constructor(private readonly book: SchemeBook) {}

  /**
   * The id of a scheme of this county.
   * @param id may be left out while there is just one
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN
   */
  named(id: string | undefined): string {
    const ids = new Set(this.book.versions.map(({ document }) => document.id));
    const [only] = ids;
    const named = id ?? (ids.size === 1 ? only : undefined);
    if (named === undefined || !ids.has(named)) throw new GatewayError('ENTRY_SCHEME_UNKNOWN');
    return named;
  }

  /**
   * The version of a scheme in effect on a day (`YYYY-MM-DD`), the highest; `undefined` on a day without one.
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN
   */
  inForce(id: string | undefined, day: string): SchemeVersion | undefined {
    return this.book.inForce(this.named(id), day);
  }

  /**
   * The rule of an entry, in the version it was recorded under.
   * @throws GatewayError LEDGER_RULE_UNKNOWN for a version or rule that the county no longer has
   */
  ruleOf({
    scheme,
    version,
    rule,
  }: {
    readonly scheme: string;
    readonly version: number;
    readonly rule: string;
  }): SchemeRule {
    const found = this.book.version(scheme, version)?.ruleOf(rule);
    if (found === undefined) throw new GatewayError('LEDGER_RULE_UNKNOWN', { detail: `${scheme} ${version}: ${rule}` });
    return found;
  }

  /** Whether what entries make under this version can be spent. */
  hasWallet(scheme: string, version: number): boolean {
    return (this.book.version(scheme, version)?.document.balance ?? 'none') !== 'none';
  }
}

/** How entries of a rule come into effect. */
export function workflowOf({ workflow }: SchemeRule): RuleWorkflow {
  return workflow ?? USUAL_WORKFLOW;
}

/** For how many months an entry of a rule counts; `undefined` for ever. */
export function monthsOf({ formula, validity }: SchemeRule): number | undefined {
  return 'override' in formula ? formula.override.months : validity?.months;
}
