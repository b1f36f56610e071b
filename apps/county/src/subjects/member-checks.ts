import { ValidateIf } from 'class-validator';

export const SUBJECT_KINDS = ['person', 'household', 'building', 'group', 'post', 'enterprise'] as const;

export const DAY = /^\d{4}-\d{2}-\d{2}$/;
export const DAY_MESSAGE = { message: 'must be a day, YYYY-MM-DD' };

/** Checks a member where it is there; `null` is not the same as leaving it out. */
export function IfGiven(): PropertyDecorator {
  return ValidateIf((_body: unknown, value: unknown) => value !== undefined);
}
