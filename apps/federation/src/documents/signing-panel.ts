import { footingOf, missingSigners, type SuitedKey } from '#libs/alliance';
import { jwkThumbprint, type CryptoPort } from '#libs/jose-profile';
import type { FieldFault } from '#libs/platform';
import type { DocumentPayload } from './document-series.js';
import type { StandingDocument, StandingDocuments } from './standing-documents.js';

/** Somebody whose signature a document may need. */
export interface Signatory {
  readonly organisation: string;
  readonly role: 'owner' | 'officer';
  readonly key: SuitedKey;
  /** Whether it may sign now: an active key of an owner in good standing. */
  readonly maySign: boolean;
  /** Whether what it has signed counts: not of a compromised key, nor of a suspended owner. */
  readonly counts: boolean;
}

/** Who must sign a document (`docs/wire.md`, "signed by"): every owner, and so many officers of further organisations. */
export interface SigningPanel {
  readonly owners: readonly string[];
  readonly officers: number;
  /** By thumbprint. */
  readonly signatories: ReadonlyMap<string, Signatory>;
}

export type MissingSignature =
  | { readonly role: 'owner'; readonly organisation: string }
  | { readonly role: 'officer'; readonly otherThan: readonly string[] };

type Owner = Extract<StandingDocument, { readonly type: 'member' | 'partner' }>;

/** The panel of a document among what stands; `undefined` when something it refers to does not. */
export async function signingPanel(
  payload: DocumentPayload,
  standing: StandingDocuments,
  port: CryptoPort,
): Promise<SigningPanel | undefined> {
  const footing = footingOf(payload, standing);
  if (footing === undefined) return undefined;
  const { owners, panel } = footing;
  const signatories = new Map<string, Signatory>();
  if (panel > 0)
    for (const [kid, officer] of standing.delegated.officers)
      signatories.set(kid, { ...officer, role: 'officer', maySign: true, counts: true });
  for (const owner of owners)
    for (const [kid, signatory] of await statementKeysOf(owner, port)) signatories.set(kid, signatory);
  return { owners: owners.map((owner) => owner.payload.id), officers: panel, signatories };
}

/** The keys with which a member or partner makes its word known, by thumbprint. */
export async function statementKeysOf(owner: Owner, port: CryptoPort): Promise<ReadonlyMap<string, Signatory>> {
  const signatories = new Map<string, Signatory>();
  for (const { jwk, alg, purpose, status } of owner.payload.keys) {
    if (purpose !== 'statement') continue;
    signatories.set(await jwkThumbprint(jwk, port), {
      organisation: owner.payload.id,
      role: 'owner',
      key: { jwk, alg },
      maySign: status === 'active' && !owner.isSuspended,
      counts: status !== 'compromised' && !owner.isSuspended,
    });
  }
  return signatories;
}

/** What is still missing after these keys have signed; several keys of one organisation count once. */
export function missingSignatures(panel: SigningPanel, signedBy: readonly string[]): readonly MissingSignature[] {
  const counting = signedBy.flatMap((kid) => {
    const signatory = panel.signatories.get(kid);
    return signatory?.counts === true ? [signatory] : [];
  });
  return missing(panel, counting);
}

/**
 * Whether the signatures satisfy the signer rule when keys that verify nothing any more are counted too: a gate then takes
 * the document as inert; otherwise it refuses the whole bundle.
 */
export function isTakenByGates(panel: SigningPanel, signedBy: readonly string[]): boolean {
  const listed = signedBy.flatMap((kid) => panel.signatories.get(kid) ?? []);
  return missing(panel, listed).length === 0;
}

/** How a refusal names a document that lacks signatures. */
export function toBeSignedAgain(digest: string): FieldFault {
  return { path: `/documents/${digest}`, message: 'needs to be signed again' };
}

function missing(panel: SigningPanel, signers: readonly Signatory[]): readonly MissingSignature[] {
  const lacking = missingSigners(
    { owners: panel.owners, panel: panel.officers },
    signers.map(({ organisation, role }) => ({ organisation, role: role === 'owner' ? 'owner' : 'panel' })),
  );
  const otherThan = [...panel.owners, ...lacking.counted].toSorted();
  return [
    ...lacking.owners.map((organisation) => ({ role: 'owner' as const, organisation })),
    ...Array.from({ length: lacking.panel }, () => ({ role: 'officer' as const, otherThan })),
  ];
}
