import type { SuitedKey } from '#libs/alliance';
import { jwkThumbprint, type CryptoPort } from '#libs/jose-profile';
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
  const needed = signersOf(payload, standing);
  if (needed === undefined) return undefined;
  const signatories = new Map<string, Signatory>();
  if (needed.officers > 0)
    for (const [kid, officer] of standing.delegated.officers)
      signatories.set(kid, { ...officer, role: 'officer', maySign: true, counts: true });
  for (const owner of needed.owners)
    for (const [kid, signatory] of await statementKeysOf(owner, port)) signatories.set(kid, signatory);
  return { owners: needed.owners.map((owner) => owner.payload.id), officers: needed.officers, signatories };
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

function missing(panel: SigningPanel, signers: readonly Signatory[]): readonly MissingSignature[] {
  const owners = new Set(signers.filter(({ role }) => role === 'owner').map(({ organisation }) => organisation));
  const officers = new Set(signers.filter(({ role }) => role === 'officer').map(({ organisation }) => organisation));
  for (const owner of panel.owners) officers.delete(owner);
  return [
    ...panel.owners
      .filter((owner) => !owners.has(owner))
      .map((organisation) => ({ role: 'owner' as const, organisation })),
    ...Array.from({ length: Math.max(0, panel.officers - officers.size) }, () => ({
      role: 'officer' as const,
      otherThan: [...panel.owners, ...officers].toSorted(),
    })),
  ];
}

function signersOf(
  payload: DocumentPayload,
  standing: StandingDocuments,
): { readonly owners: readonly Owner[]; readonly officers: number } | undefined {
  switch (payload.type) {
    case 'member':
    case 'agreement':
      return { owners: [], officers: 2 };
    case 'partner':
      return byOwners(1, standing.member(payload.hostCounty));
    case 'scheme':
      return byOwners(1, standing.member(payload.member));
    case 'table': {
      const scheme = standing.scheme(payload.scheme.id, payload.scheme.fingerprint);
      return byOwners(2, scheme && standing.member(scheme.payload.member));
    }
    case 'offer': {
      const partner = standing.partner(payload.partner);
      return byOwners(0, partner, partner && standing.member(partner.payload.hostCounty));
    }
    default:
      return payload satisfies never;
  }
}

function byOwners(
  officers: number,
  ...owners: readonly (Owner | undefined)[]
): { readonly owners: readonly Owner[]; readonly officers: number } | undefined {
  const found = owners.filter((owner) => owner !== undefined);
  return found.length === owners.length ? { owners: found, officers } : undefined;
}
