import { fail, pass, type CryptoPort } from '#libs/jose-profile';
import type { AllianceFault } from './alliance-fault.js';
import type { AllianceTrust, AnyHeldDocument } from './alliance-trust.js';
import type { DocumentType } from './payloads.js';
import type { NextBundle } from './bundle.js';
import { readDocument, type AnyReadDocument } from './signed-document.js';

export type ReadUnderRoot = Extract<AnyReadDocument, { readonly type: DocumentType }>;

/** `at`: the digest of the document to blame, or its place in the list where it cannot even be digested. */
export type DocumentRefusal = { readonly ok: false; readonly fault: AllianceFault; readonly at: string };

/** The documents of a bundle, and those held before that it has no more. */
export interface ReadDocuments {
  readonly documents: readonly ReadUnderRoot[];
  readonly gone: readonly AnyHeldDocument[];
}

/**
 * Parses the documents of a bundle, each once and none but those that stand under a `docs_root`; a payload that is held is not
 * parsed again. Held documents that the bundle names by digest only are taken as they are.
 */
export async function readDocuments(
  { documents, digests }: Pick<NextBundle, 'documents' | 'digests'>,
  held: AllianceTrust | undefined,
  port: CryptoPort,
): Promise<{ readonly ok: true; readonly value: ReadDocuments } | DocumentRefusal> {
  const read = new Map<string, ReadUnderRoot>();
  let index = 0;
  for (const signed of documents) {
    const document = await readDocument(signed, port, held?.documents);
    if (!document.ok) return { ...document, at: String(index) };
    const { digest } = document.value;
    if (!isUnderRoot(document.value)) return { ...fail('DOCUMENT_TYPE_WRONG'), at: digest };
    read.set(digest, document.value);
    index += 1;
    if (read.size < index) return { ...fail('DOCUMENT_TWICE'), at: digest };
  }
  const all = [...read.values()];
  const gone: AnyHeldDocument[] = [];
  for (const document of held?.documents.values() ?? []) {
    if (read.has(document.digest)) continue;
    if (digests?.has(document.digest)) all.push(document);
    else gone.push(document);
  }
  return pass({ documents: all, gone });
}

function isUnderRoot(document: AnyReadDocument): document is ReadUnderRoot {
  return document.type !== 'anchor' && document.type !== 'delegation' && document.type !== 'round';
}
