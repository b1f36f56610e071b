import { shanghaiDay } from '#libs/calendar';

/** With only the year known, a person is surely eighteen from the year in which they turn nineteen. */
const SURELY_ADULT_YEARS = 19;

/**
 * Whether a person is surely of age: who may be a minor gets no scored account (domain G9).
 * @param now Unix seconds
 */
export function isSurelyAdult(birthYear: number, now: number): boolean {
  return Number(shanghaiDay(now).slice(0, 4)) - birthYear >= SURELY_ADULT_YEARS;
}
