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
