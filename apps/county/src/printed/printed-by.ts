import { shanghaiDay, shanghaiDayStart } from '#libs/calendar';

/** Who printed a page, and when. */
export interface Printed {
  readonly by: string;
  /** Unix seconds. */
  readonly at: number;
}

/** An instant (Unix seconds) as it is printed: day and minute, Asia/Shanghai. */
export function printedTime(at: number): string {
  const day = shanghaiDay(at);
  const minutes = Math.floor((at - shanghaiDayStart(day)) / 60);
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${day} ${hour}:${minute}`;
}

/** A day `YYYY-MM-DD` as people write it. */
export function printedDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

/** A period (`2026`, `2026-Q2`, `2026-06` or a day) as people write it. */
export function printedPeriod(period: string): string {
  const [year, part, date] = period.split('-');
  if (part === undefined) return `${year}年`;
  if (part.startsWith('Q')) return `${year}年第${part.slice(1)}季度`;
  return date === undefined ? `${year}年${Number(part)}月` : printedDay(period);
}
