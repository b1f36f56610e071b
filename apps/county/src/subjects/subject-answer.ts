import type { SubjectAnswer } from './subject-answers.dto.js';
import type { ShownSubject } from './subjects.service.js';

/** What staff are shown of a subject; its id and its document's number are for nobody. */
export function subjectAnswer({ subject, documentLast4 }: ShownSubject): Pick<SubjectAnswer, keyof SubjectAnswer> {
  const { handle, kind, place, name, doorNumber, birthYear, hasAccount: account, endedOn, endCause } = subject;
  return { handle, kind, place, name, doorNumber, birthYear, documentLast4, account, endedOn, endCause };
}
