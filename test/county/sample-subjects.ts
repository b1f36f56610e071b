import type { Answer, Ask } from './running-county.js';

/** A village of Rongcheng in the register of places, its sub-district, and another one. */
export const VILLAGE = '371082004-dongdaoliujia';
export const SUBDISTRICT = '371082004';
export const ELSEWHERE = '371082005';

interface SampleSubject {
  readonly handle: string;
  readonly kind: string;
  readonly place: string;
  readonly name: string;
  readonly [member: string]: unknown;
}

/** An invented adult. */
export const person = (handle: string, more: object = {}): SampleSubject => ({
  handle,
  kind: 'person',
  place: VILLAGE,
  name: '王小明',
  birthYear: 1980,
  documentLast4: '123X',
  ...more,
});

export const child = (handle: string, more: object = {}): SampleSubject => ({
  handle,
  kind: 'person',
  place: VILLAGE,
  name: '王小小',
  birthYear: 2018,
  account: false,
  ...more,
});

export const household = (handle: string, more: object = {}): SampleSubject => ({
  handle,
  kind: 'household',
  place: VILLAGE,
  name: '王家',
  doorNumber: '12号',
  ...more,
});

export const recordSubjects = (as: Ask, subjects: readonly object[]): Promise<Answer> =>
  as('POST', '/v1/admin/subjects', { subjects });

export const join = (as: Ask, member: string, of: string, from: string, more: object = {}): Promise<Answer> =>
  as('POST', '/v1/admin/memberships', { memberships: [{ member, of, from, ...more }] });

/** Status and code, for comparing. */
export const outcome = ({ status, body }: Answer): readonly unknown[] => [status, body['code']];

/** Those of answers that came in any order. */
export const outcomes = (answers: readonly Answer[]): readonly string[] =>
  answers
    .map(({ status, body: { code } }) => (typeof code === 'string' ? `${status} ${code}` : `${status}`))
    .toSorted();
