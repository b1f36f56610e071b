import { fail, pass, type CryptoPort } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import type { AllianceTrust, AnyHeldDocument, HeldDocument, HeldFooting } from './alliance-trust.js';
import { standingBy, verifySignatures } from './check-signatures.js';
import { keysBefore, listedKeys, nameKeys } from './document-keys.js';
import { emptyRegister, enter, enterKeys, orderTables, schemeKey, type DocumentRegister } from './document-register.js';
import { footingOf, type Standing } from './footing.js';
import { DOCUMENT_TYPES, type DocumentType } from './payloads.js';
import type { DocumentRefusal, ReadDocuments, ReadUnderRoot } from './read-documents.js';
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
 * Verifies every document by the signer rules of `docs/wire.md`: members first, then what rests on their keys. Of a document of
 * `held` the signatures are counted again only where what they are counted by has changed (`stands`); of one that is signed
 * or applies otherwise than there, only those that are new are verified. All other rules are applied anew each time.
 *
 * A document whose needed signer is compromised or cannot be checked here, or that rests on a suspended one, is held as
 * `inert`: it must not stop a head that only narrows, and it says nothing. One that nobody who must has signed refuses the whole.
 */
export async function verifyDocuments(
  { documents, gone }: ReadDocuments,
  surroundings: Surroundings,
): Promise<{ readonly ok: true; readonly value: DocumentRegister } | DocumentRefusal> {
  const { delegation, suspended, held, port } = surroundings;
  const register = emptyRegister();
  const standing = standingIn(register);
  /** Held documents that do not stand as they did. */
  const changed = new Set(gone);
  const areOfficersHeld = held?.delegationDigest === delegation.digest;
  for (const batch of inOrder(documents)) {
    // All signatures of a batch are under way at once: a port may have other threads to verify them.
    const begun = batch.map((given) =>
      // Nothing is looked up or awaited for a document that is as it was, and in a next head nearly all are.
      areOfficersHeld && isHeld(given) && stands(given, changed)
        ? given
        : judge(given, footingOf(given.payload, standing), register, surroundings),
    );
    for (const [index, judging] of begun.entries()) {
      const judged = judging instanceof Promise ? await judging : pass(judging);
      if (!judged.ok) return judged;
      const document = suspendIf(suspended.has(judged.value.digest), judged.value);
      const before = document === batch[index] ? undefined : held?.documents.get(document.digest);
      if (before !== undefined) changed.add(before);
      const fault = enter(register, document);
      if (fault !== undefined) return refuse(document, fault);
      if (document.type !== 'member' && document.type !== 'partner') continue;
      const own = keysBefore(document, held) ?? (await nameKeys(document, held, port));
      const shared = enterKeys(register, document.digest, own, delegation.kids);
      if (shared !== undefined) return refuse(document, shared);
    }
  }
  const disorder = orderTables(register);
  return disorder === undefined ? pass(register) : { ...fail(disorder.fault), at: disorder.digest };
}

function refuse({ digest }: ReadUnderRoot, fault: AllianceFault): DocumentRefusal {
  return { ...fail(fault), at: digest };
}

/**
 * In batches of one type: by type as they rest on one another, within a type by digest, so that what is found wrong first does
 * not depend on how they came.
 */
function inOrder(documents: readonly ReadUnderRoot[]): readonly (readonly ReadUnderRoot[])[] {
  const byType = new Map(DOCUMENT_TYPES.map((type): [DocumentType, ReadUnderRoot[]] => [type, []]));
  for (const document of documents) byType.get(document.type)?.push(document);
  return [...byType.values()].flatMap((ofType) => {
    ofType.sort((one, other) => (one.digest < other.digest ? -1 : 1));
    const starts = Array.from({ length: Math.ceil(ofType.length / BATCH) }, (_, index) => index * BATCH);
    return starts.map((start) => ofType.slice(start, start + BATCH));
  });
}

/** `readDocuments` gives a document that is taken as it is held as the held one itself. */
function isHeld(document: ReadUnderRoot): document is AnyHeldDocument {
  return 'footing' in document;
}

/** Whether a held document rests on what still stands, the very same: so the same keys of owners are listed, and as usable. */
function stands({ footing: { owners, others } }: AnyHeldDocument, changed: ReadonlySet<AnyHeldDocument>): boolean {
  return !owners.some((owner) => changed.has(owner)) && !others.some((other) => changed.has(other));
}

/** Whether a document has its signatures, and what it counts for if the head does not name it. */
async function judge(
  document: ReadUnderRoot,
  footing: HeldFooting | undefined,
  register: DocumentRegister,
  { delegation, held, port }: Surroundings,
): Promise<{ readonly ok: true; readonly value: AnyHeldDocument } | DocumentRefusal> {
  if (footing === undefined) return refuse(document, 'REFERENCE_MISSING');
  const { type, payload, digest, signed } = document;
  const keys = listedKeys(footing, register, delegation);
  const known = held?.documents.get(digest)?.signatures ?? [];
  const signatures = await verifySignatures(signed, type, keys, known, port);
  if (!signatures.ok) return refuse(document, signatures.fault);
  const { owners, others, panel } = footing;
  const standing = standingBy(signatures.value, keys, { owners: owners.map((owner) => owner.payload.id), panel });
  if (standing === undefined) return refuse(document, 'SIGNATURES_MISSING');
  const inert = standing === 'inert' || owners.some(isSuspended) || others.some(isSuspended);
  const read = { type, payload, digest, signed } as ReadUnderRoot;
  return pass({ ...read, suspended: inert, inert, signatures: signatures.value, footing });
}

function suspendIf(isNamed: boolean, document: AnyHeldDocument): AnyHeldDocument {
  const suspended = isNamed || document.inert;
  return suspended === document.suspended ? document : { ...document, suspended };
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
