import { fail, pass, type CryptoPort, type Result } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import type { AllianceKey, AllianceTrust, AnyHeldDocument } from './alliance-trust.js';
import { checkSignatures, nameKey, type ListedKey, type SignerRule } from './check-signatures.js';
import { emptyRegister, enter, enterKey, orderTables, schemeKey, type DocumentRegister } from './document-register.js';
import { DOCUMENT_TYPES, type DocumentType } from './payloads.js';
import type { AnyReadDocument } from './signed-document.js';
import { OFFICERS_NEEDED, type VerifiedDelegation } from './verify-delegation.js';

export type ReadUnderRoot = Extract<AnyReadDocument, { readonly type: DocumentType }>;

export type DocumentRefusal = { readonly ok: false; readonly fault: AllianceFault; readonly digest: string };

/** What verifying one document takes, besides the document. */
interface Surroundings {
  readonly delegation: VerifiedDelegation;
  readonly suspended: ReadonlySet<string>;
  readonly held: AllianceTrust | undefined;
  readonly port: CryptoPort;
}

/** Who must sign a document, and the documents without which it says nothing. */
interface Footing {
  readonly rule: SignerRule;
  readonly owners: readonly AllianceKey[];
  readonly restsOn: readonly AnyHeldDocument[];
}

const NONE_KNOWN: ReadonlySet<string> = new Set();

/**
 * Verifies every document by the signer rules of `docs/wire.md`: members first, then what rests on their keys. All rules are
 * applied anew each time; of the documents in `held` only the cryptography over unchanged signatures is not repeated.
 *
 * A document whose needed signer is compromised, or that rests on a suspended one, is held as `inert`: it must not stop a
 * head that only narrows, and it says nothing. One that nobody who must has signed refuses the whole.
 */
export async function verifyDocuments(
  documents: readonly ReadUnderRoot[],
  surroundings: Surroundings,
): Promise<{ readonly ok: true; readonly value: DocumentRegister } | DocumentRefusal> {
  const register = emptyRegister();
  for (const type of DOCUMENT_TYPES)
    for (const document of documents) {
      if (document.type !== type) continue;
      const fault = await verifyOne(document, register, surroundings);
      if (fault !== undefined) return { ...fail(fault), digest: document.digest };
    }
  const fault = orderTables(register);
  return fault === undefined ? pass(register) : { ...fail(fault), digest: '' };
}

async function verifyOne(
  document: ReadUnderRoot,
  register: DocumentRegister,
  { delegation, suspended, held, port }: Surroundings,
): Promise<AllianceFault | undefined> {
  const footing = findFooting(document, register);
  if (!footing.ok) return footing.fault;
  const { rule, owners, restsOn } = footing.value;
  const keys = new Map<string, ListedKey>(rule.panel > 0 ? delegation.officers : []);
  for (const key of owners) keys.set(key.kid, asListed(key));
  const known = held?.documents.get(document.digest)?.validSignatures ?? NONE_KNOWN;
  const checked = await checkSignatures(document.signed, document.type, keys, rule, known, port);
  if (!checked.ok) return checked.fault;
  const isNamed = suspended.has(document.digest);
  const inert = checked.value.standing === 'inert' || restsOn.some((other) => other.suspended);
  const entered = {
    ...document,
    suspended: isNamed || inert,
    inert,
    validSignatures: checked.value.valid,
  } as AnyHeldDocument;
  return enter(register, entered) ?? (await enterKeys(entered, register, delegation, held, port));
}

function findFooting(document: ReadUnderRoot, register: DocumentRegister): Result<Footing, AllianceFault> {
  const { members, partners, schemes, agreements } = register;
  switch (document.type) {
    case 'member':
    case 'agreement':
      return standOn(register, [], [], OFFICERS_NEEDED);
    case 'partner':
      return standOn(register, [members.get(document.payload.hostCounty)], [], 1);
    case 'scheme':
      return standOn(register, [members.get(document.payload.member)], [], 1);
    case 'table': {
      const { id, fingerprint } = document.payload.scheme;
      const scheme = schemes.get(schemeKey(id, fingerprint));
      return standOn(register, [scheme && members.get(scheme.payload.member)], [scheme], OFFICERS_NEEDED);
    }
    case 'offer': {
      const partner = partners.get(document.payload.partner);
      const host = partner && members.get(partner.payload.hostCounty);
      return standOn(register, [partner, host], [agreements.get(document.payload.agreement)], 0);
    }
    default:
      return document satisfies never;
  }
}

type Owner = Extract<AnyHeldDocument, { readonly type: 'member' | 'partner' }>;

function standOn(
  { statementKeys }: DocumentRegister,
  owners: readonly (Owner | undefined)[],
  others: readonly (AnyHeldDocument | undefined)[],
  panel: number,
): Result<Footing, AllianceFault> {
  const found = owners.filter((owner) => owner !== undefined);
  const restsOn = [...owners, ...others].filter((document) => document !== undefined);
  if (restsOn.length !== owners.length + others.length) return fail('REFERENCE_MISSING');
  return pass({
    rule: { owners: found.map((owner) => owner.payload.id), panel },
    owners: found.flatMap((owner) => statementKeys.get(owner.digest) ?? []),
    restsOn,
  });
}

function asListed(key: AllianceKey): ListedKey {
  return {
    kid: key.kid,
    organisation: key.owner.id,
    role: 'owner',
    isUsable: key.status !== 'compromised' && !key.suspended,
    verificationKey: key.verificationKey,
  };
}

/** A key that was held before keeps its import. */
async function enterKeys(
  document: AnyHeldDocument,
  register: DocumentRegister,
  delegation: VerifiedDelegation,
  held: AllianceTrust | undefined,
  port: CryptoPort,
): Promise<AllianceFault | undefined> {
  if (document.type !== 'member' && document.type !== 'partner') return undefined;
  const { type, payload, digest, suspended } = document;
  for (const { jwk, alg, purpose, status } of payload.keys) {
    const named = await nameKey({ jwk, alg }, port);
    if (delegation.kids.has(named.kid)) return 'KEY_SHARED';
    const { verificationKey } = held?.key(named.kid) ?? named;
    const owner = { kind: type, id: payload.id };
    const key = { kid: named.kid, jwk, suite: alg, purpose, status, owner, digest, suspended, verificationKey };
    const fault = enterKey(register, key);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
