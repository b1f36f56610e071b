import { DOCUMENT_TYPES, type DocumentType, type PayloadOf, type SignedType } from '#libs/alliance';

/** The payload of any document that stands under a `docs_root`. */
export type DocumentPayload = PayloadOf[DocumentType];

/** Whether a payload is one of those under a `docs_root`; the others have routes of their own. */
export function isDocument(payload: PayloadOf[SignedType]): payload is DocumentPayload {
  return DOCUMENT_TYPES.some((type) => type === payload.type);
}

/**
 * What a document's versions count within (`docs/wire.md`): its (type, id); for a table its scheme and fingerprint; a scheme
 * is declared once per fingerprint. No part can hold a space.
 */
export function seriesOf(payload: DocumentPayload): string {
  if (payload.type === 'table') return `table ${payload.scheme.id} ${payload.scheme.fingerprint}`;
  if (payload.type === 'scheme') return `scheme ${payload.id} ${payload.fingerprint}`;
  return `${payload.type} ${payload.id}`;
}

/** A scheme has no version of its own: its fingerprint is one. */
export function versionOf(payload: DocumentPayload): number {
  return payload.type === 'scheme' ? 1 : payload.version;
}
