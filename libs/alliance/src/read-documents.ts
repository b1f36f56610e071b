import { fail, pass, type CryptoPort } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import type { AllianceTrust, AnyHeldDocument } from './alliance-trust.js';
import type { DocumentType } from './payloads.js';
import { readDocument, type AnyReadDocument, type SignedDocument } from './signed-document.js';

export type ReadUnderRoot = Extract<AnyReadDocument, { readonly type: DocumentType }>;

/** `at`: the digest of the document to blame, or its place in the list where it cannot even be digested. */
export type DocumentRefusal = { readonly ok: false; readonly fault: AllianceFault; readonly at: string };

/**
 * Parses the documents of a bundle, each once and none but those that stand under a `docs_root`; by digest. One whose very payload
 * is held is not parsed and digested again, and one that is held as it is comes back as the held one itself.
 */
export async function readDocuments(
  documents: readonly SignedDocument[],
  held: AllianceTrust | undefined,
  port: CryptoPort,
): Promise<{ readonly ok: true; readonly value: ReadonlyMap<string, ReadUnderRoot> } | DocumentRefusal> {
  const byPayload = new Map<string, AnyHeldDocument>();
  for (const document of held?.documents.values() ?? []) byPayload.set(document.signed.payload, document);
  const read = new Map<string, ReadUnderRoot>();
  let index = 0;
  for (const signed of documents) {
    const before = held && byPayload.get(signed.payload);
    const document = before ? pass(signedAs(before, signed)) : await readDocument(signed, port);
    if (!document.ok) return { ...document, at: String(index) };
    const { digest } = document.value;
    if (!isUnderRoot(document.value)) return { ...fail('DOCUMENT_TYPE_WRONG'), at: digest };
    read.set(digest, document.value);
    index += 1;
    if (read.size < index) return { ...fail('DOCUMENT_TWICE'), at: digest };
  }
  return pass(read);
}

function signedAs(before: AnyHeldDocument, signed: SignedDocument): ReadUnderRoot {
  if (before.signed === signed) return before;
  const { type, payload, digest } = before;
  return { type, payload, digest, signed } as ReadUnderRoot;
}

function isUnderRoot(document: AnyReadDocument): document is ReadUnderRoot {
  return document.type !== 'anchor' && document.type !== 'delegation' && document.type !== 'round';
}
