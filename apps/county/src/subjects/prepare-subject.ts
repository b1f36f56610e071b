import type { SubjectKind } from '#libs/scheme';
import { birthYearOf, type DocumentType, type IdentityDocument, parseDocumentNumber } from './document-number.js';
import type { SubjectEntity } from './subject.entity.js';
import { isSurelyAdult } from './surely-adult.js';

/** A subject as a registrar reports it. */
export interface NewSubject {
  readonly handle: string;
  readonly kind: SubjectKind;
  readonly place: string;
  readonly name: string;
  readonly doorNumber?: string;
  readonly birthYear?: number;
  /** Of a person; true unless said otherwise. */
  readonly account?: boolean;
  readonly documentLast4?: string;
  readonly document?: { readonly type: DocumentType; readonly number: string };
}

/** The same, checked, as it is kept. */
export interface PreparedSubject {
  readonly row: Pick<SubjectEntity, 'handle' | 'kind' | 'place' | 'name' | 'birthYear' | 'doorNumber' | 'hasAccount'>;
  /** Of a person with an account. */
  readonly documentLast4: string | null;
  readonly document: IdentityDocument | undefined;
}

export interface SubjectFault {
  readonly code: 'BODY_INVALID' | 'SUBJECT_MINOR' | 'DOCUMENT_NUMBER_INVALID';
  readonly member: keyof NewSubject;
}

const PERSON_ONLY = ['birthYear', 'account', 'documentLast4', 'document'] as const;

/**
 * Checks what a subject is said to be. A person has a year of birth; one with an account is surely of age and has the last
 * four characters of a document, given or taken from its whole number; of one without, no document is kept.
 * @param now Unix seconds
 */
export function prepareSubject(subject: NewSubject, now: number): PreparedSubject | SubjectFault {
  const { handle, kind, place, name, doorNumber, birthYear } = subject;
  if (doorNumber !== undefined && kind !== 'household' && kind !== 'building') return invalid('doorNumber');
  const row = { handle, kind, place, name, doorNumber: doorNumber ?? null };
  if (kind === 'person') {
    if (birthYear === undefined) return invalid('birthYear');
    return preparePerson(subject, { ...row, birthYear }, now);
  }
  const surplus = PERSON_ONLY.find((member) => subject[member] !== undefined);
  if (surplus !== undefined) return invalid(surplus);
  return { row: { ...row, birthYear: null, hasAccount: true }, documentLast4: null, document: undefined };
}

function preparePerson(
  { account = true, documentLast4, document: given }: NewSubject,
  row: Omit<PreparedSubject['row'], 'hasAccount'> & { readonly birthYear: number },
  now: number,
): PreparedSubject | SubjectFault {
  if (!account) {
    if (documentLast4 !== undefined) return invalid('documentLast4');
    if (given !== undefined) return invalid('document');
    return { row: { ...row, hasAccount: false }, documentLast4: null, document: undefined };
  }
  if (!isSurelyAdult(row.birthYear, now)) return { code: 'SUBJECT_MINOR', member: 'birthYear' };
  if ((documentLast4 === undefined) === (given === undefined)) return invalid('documentLast4');
  const document = given && parseDocumentNumber(given.type, given.number);
  const isWrong = given !== undefined && (document === undefined || !bornIn(document, row.birthYear));
  if (isWrong) return { code: 'DOCUMENT_NUMBER_INVALID', member: 'document' };
  return {
    row: { ...row, hasAccount: true },
    documentLast4: document?.number.slice(-4) ?? documentLast4 ?? null,
    document,
  };
}

/** Whether a document can be that of a person born in a year. */
export function bornIn(document: IdentityDocument, birthYear: number): boolean {
  return (birthYearOf(document) ?? birthYear) === birthYear;
}

function invalid(member: keyof NewSubject): SubjectFault {
  return { code: 'BODY_INVALID', member };
}
