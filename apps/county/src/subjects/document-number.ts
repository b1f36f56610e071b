/** A resident identity card (GB 11643), or any other document. */
export type DocumentType = 'resident_id' | 'other';

/** A document and its number, written in one way. */
export interface IdentityDocument {
  readonly type: DocumentType;
  readonly number: string;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** By the weighted sum modulo 11 (ISO 7064 MOD 11-2). */
const CHECK_CHARACTERS = '10X98765432';
const RESIDENT_ID = /^[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/;
const OTHER = /^[A-Z0-9]{5,30}$/;

/**
 * Reads a number as people write it: any case, spaces and hyphens anywhere.
 * @returns `undefined` for one that cannot be: of a resident identity card when the day of birth does not exist or the check
 *   character is wrong (GB 11643-1999 §5), of another document when it has not 5 to 30 letters and digits
 */
export function parseDocumentNumber(type: DocumentType, text: string): IdentityDocument | undefined {
  const number = text.toUpperCase().replaceAll(/[\s-]/g, '');
  const isValid = type === 'resident_id' ? isResidentId(number) : OTHER.test(number);
  return isValid ? { type, number } : undefined;
}

/** The year of birth that a resident identity card's number says; other documents say none. */
export function birthYearOf({ type, number }: IdentityDocument): number | undefined {
  return type === 'resident_id' ? Number(number.slice(6, 10)) : undefined;
}

function isResidentId(number: string): boolean {
  const [, year, month, day] = RESIDENT_ID.exec(number) ?? [];
  if (year === undefined || Number(year) < 1880 || !isDay(`${year}-${month}-${day}`)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(number.charAt(at)), 0);
  return number.at(-1) === CHECK_CHARACTERS.charAt(sum % 11);
}

/** The calendar alone: days of the years before 1992 had other offsets from UTC than `libs/calendar` handles. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
