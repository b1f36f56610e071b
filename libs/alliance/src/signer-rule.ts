/** Who must sign: every one of `owners`, and `panel` others; each of a different organisation. */
export interface SignerRule {
  readonly owners: readonly string[];
  readonly panel: number;
}

/** Somebody who has signed. `owner`: a county or partner with its statement key; `panel`: one of the roots or officers. */
export interface Signer {
  readonly organisation: string;
  readonly role: 'owner' | 'panel';
}

/** What a document still lacks; nothing when `owners` is empty and `panel` is 0. */
export interface MissingSigners {
  readonly owners: readonly string[];
  /** How many more organisations of the panel must sign. */
  readonly panel: number;
  /** The organisations of the panel that have signed and count. */
  readonly counted: readonly string[];
}

/**
 * Applies a signer rule (`docs/wire.md`, "signed by"). Several keys of one organisation count once, and an officer of an owner's own
 * organisation is no second one.
 */
export function missingSigners(rule: SignerRule, signers: readonly Signer[]): MissingSigners {
  const hasSigned = (owner: string): boolean =>
    signers.some(({ role, organisation }) => role === 'owner' && organisation === owner);
  // A document has sixteen signatures at most: lists are searched faster than sets are made.
  const counted: string[] = [];
  for (const { role, organisation } of signers)
    if (role === 'panel' && !rule.owners.includes(organisation) && !counted.includes(organisation))
      counted.push(organisation);
  return {
    owners: rule.owners.filter((owner) => !hasSigned(owner)),
    panel: Math.max(0, rule.panel - counted.length),
    counted,
  };
}

/** Whether a rule is met. A rule that names one owner twice never is: it wants two organisations. */
export function isMet(rule: SignerRule, signers: readonly Signer[]): boolean {
  const { owners, panel } = missingSigners(rule, signers);
  return (
    owners.length === 0 && panel === 0 && rule.owners.every((owner, index) => rule.owners.indexOf(owner) === index)
  );
}
