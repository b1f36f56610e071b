/** Shanghai has kept UTC+8 without summer time since 1991-09-15, so a fixed offset is exact for every date we handle. */
const OFFSET_SECONDS = 8 * 3600;
const DAY_SECONDS = 86_400;
/** 1970-01-05 was the first Monday after the epoch. */
const FIRST_MONDAY_DAYS = 4;

/** The calendar day (`YYYY-MM-DD`, Asia/Shanghai) in which an instant (Unix seconds) falls. */
export function shanghaiDay(instant: number): string {
  const days = Math.floor((instant + OFFSET_SECONDS) / DAY_SECONDS);
  if (days !== latest.days) latest = { days, day: new Date(days * DAY_SECONDS * 1000).toISOString().slice(0, 10) };
  return latest.day;
}

/** Nearly every question is about the same day as the one before. */
let latest = { days: 0, day: '1970-01-01' };

/**
 * The first instant (Unix seconds) of a calendar day in Asia/Shanghai.
 * @throws RangeError when `day` is not an existing calendar day written `YYYY-MM-DD`
 */
export function shanghaiDayStart(day: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00+08:00`) : Number.NaN;
  if (Number.isNaN(ms) || shanghaiDay(ms / 1000) !== day) throw new RangeError(`not a calendar day: ${day}`);
  return ms / 1000;
}

/** Whether a text is an existing calendar day written `YYYY-MM-DD`. */
export function isCalendarDay(text: string): boolean {
  try {
    shanghaiDayStart(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The calendar day some whole days after another, or before it.
 * @throws RangeError when `day` is not an existing calendar day written `YYYY-MM-DD`
 */
export function addDays(day: string, days: number): string {
  return shanghaiDay(shanghaiDayStart(day) + days * DAY_SECONDS);
}

/**
 * The weekly epoch of an attestation (design §4.1): `iat` is Monday 00:00 in Asia/Shanghai of the week of `instant`,
 * `exp` fourteen days later. Every attestation of one week carries the same two numbers, so they tell nobody apart.
 */
export function weeklyEpoch(instant: number): { readonly iat: number; readonly exp: number } {
  const days = Math.floor((instant + OFFSET_SECONDS) / DAY_SECONDS);
  const monday = days - ((days - FIRST_MONDAY_DAYS) % 7);
  const iat = monday * DAY_SECONDS - OFFSET_SECONDS;
  return { iat, exp: iat + 14 * DAY_SECONDS };
}
