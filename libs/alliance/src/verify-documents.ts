import { fail, pass, type CryptoPort } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import type { AllianceTrust, AnyHeldDocument, HeldDocument } from './alliance-trust.js';
import {
  isUnverified,
  standingBy,
  verifySignatures,
  type DocumentSignature,
  type ListedKeys,
} from './check-signatures.js';
import { keysBefore, listedKeys, nameKeys, type Owner } from './document-keys.js';
import { emptyRegister, enter, enterKeys, orderTables, schemeKey, type DocumentRegister } from './document-register.js';
import { footingOf, type Footing, type Standing } from './footing.js';
import { DOCUMENT_TYPES, type DocumentType } from './payloads.js';
import type { DocumentRefusal, ReadUnderRoot } from './read-documents.js';
import type { VerifiedDelegation } from './verify-delegation.js';

/** What verifying documents takes, besides the documents. */
interface Surroundings {
  readonly delegation: VerifiedDelegation;
  readonly suspended: ReadonlySet<string>;
  readonly held: AllianceTrust | undefined;
  readonly port: CryptoPort;
}

/** Enough to keep every core busy, few enough that what verifying them takes is short-lived. */
const BATCH = 256;

/**
 * Verifies every document by the signer rules of `docs/wire.md`: members first, then what rests on their keys. All rules are
 * applied anew each time. Of a document in `held` only what its bytes alone decide is taken over: the validity of its
 * unchanged signatures and the names of its keys.
 *
 * A document whose needed signer is compromised or cannot be checked here, or that rests on a suspended one, is held as
 * `inert`: it must not stop a head that only narrows, and it says nothing. One that nobody who must has signed refuses the whole.
 */
export async function verifyDocuments(
  documents: readonly ReadUnderRoot[],
  { delegation, suspended, held, port }: Surroundings,
): Promise<{ readonly ok: true; readonly value: DocumentRegister } | DocumentRefusal> {
  const register = emptyRegister();
  const standing = standingIn(register);
  for (const batch of inOrder(documents)) {
    // All signatures of a batch are under way at once: a port may have other threads to verify them.
    const begun = batch.map((document) => {
      const footing = footingOf(document.payload, standing);
      if (footing === undefined) return { document, footing };
      const keys = listedKeys(footing, register, delegation);
      const before = isHeld(document) ? document : held?.documents.get(document.digest);
      // Nothing is awaited for a document that is as it was, and in a next head nearly all are.
      const signatures =
        (before === document ? knownSignatures(before, keys) : undefined) ??
        verifySignatures(document.signed, document.type, keys, before?.signatures ?? [], port);
      return { document, footing, keys, before, signatures };
    });
    for (const { document, footing, keys, before, signatures } of begun) {
      if (footing === undefined) return refuse(document, 'REFERENCE_MISSING');
      const verified = signatures instanceof Promise ? await signatures : pass(signatures);
      if (!verified.ok) return refuse(document, verified.fault);
      const isNamed = suspended.has(document.digest);
      const entered = settle(document, verified.value, { footing, keys, isNamed, before });
      if (entered === undefined) return refuse(document, 'SIGNATURES_MISSING');
      const fault = enter(register, entered);
      if (fault !== undefined) return refuse(document, fault);
      if (entered.type !== 'member' && entered.type !== 'partner') continue;
      const own = keysBefore(entered, held) ?? (await nameKeys(entered, held, port));
      const shared = enterKeys(register, entered.digest, own, delegation.kids);
      if (shared !== undefined) return refuse(document, shared);
    }
  }
  const disorder = orderTables(register);
  return disorder === undefined ? pass(register) : { ...fail(disorder.fault), at: disorder.digest };
}

function refuse({ digest }: ReadUnderRoot, fault: AllianceFault): DocumentRefusal {
  return { ...fail(fault), at: digest };
}

/** In batches of one type: by type as they rest on one another, within a type as they came. */
function inOrder(documents: readonly ReadUnderRoot[]): readonly (readonly ReadUnderRoot[])[] {
  const batches = new Map(DOCUMENT_TYPES.map((type): [DocumentType, ReadUnderRoot[][]] => [type, []]));
  for (const document of documents) {
    const ofType = batches.get(document.type);
    const last = ofType?.at(-1);
    if (last !== undefined && last.length < BATCH) last.push(document);
    else ofType?.push([document]);
  }
  return [...batches.values()].flat();
}

/** `readDocuments` gives a document that is held as it is as the held one itself. */
function isHeld(document: ReadUnderRoot): document is AnyHeldDocument {
  return 'signatures' in document;
}

/** The signatures of a document that is held just so, unless a key is listed now that was not when they were verified. */
function knownSignatures({ signatures }: AnyHeldDocument, keys: ListedKeys): readonly DocumentSignature[] | undefined {
  return isUnverified(signatures, keys) ? undefined : signatures;
}

/** Whether a document has its signatures, and what it counts for: the held one itself where nothing has changed. */
function settle(
  document: ReadUnderRoot,
  signatures: readonly DocumentSignature[],
  {
    footing: { owners, others, panel },
    keys,
    isNamed,
    before,
  }: {
    readonly footing: Footing<Owner, AnyHeldDocument>;
    readonly keys: ListedKeys;
    readonly isNamed: boolean;
    readonly before: AnyHeldDocument | undefined;
  },
): AnyHeldDocument | undefined {
  const rule = { owners: owners.map((owner) => owner.payload.id), panel };
  const standing = standingBy(signatures, keys, rule);
  if (standing === undefined) return undefined;
  const inert = standing === 'inert' || owners.some(isSuspended) || others.some(isSuspended);
  const suspended = inert || isNamed;
  const isAsBefore = before === document && before.signatures === signatures;
  if (isAsBefore && before.suspended === suspended && before.inert === inert) return before;
  return { ...document, suspended, inert, signatures };
}

function isSuspended({ suspended }: AnyHeldDocument): boolean {
  return suspended;
}

type StandingHeld = Standing<
  HeldDocument<'member'>,
  HeldDocument<'partner'>,
  HeldDocument<'scheme'>,
  HeldDocument<'agreement'>
>;

function standingIn({ members, partners, schemes, agreements }: DocumentRegister): StandingHeld {
  return {
    member: (id) => members.get(id),
    partner: (id) => partners.get(id),
    scheme: (id, fingerprint) => schemes.get(schemeKey(id, fingerprint)),
    agreement: (id) => agreements.get(id),
  };
}
