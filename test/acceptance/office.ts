import { addDays, shanghaiDay } from '#libs/calendar';
import { monthsAfter } from '#libs/scheme';
import type { Ask } from '../county/ask.js';
import type { CountyStand, Post } from './county-stand.js';

/** What the staff of a play share. */
export interface Play {
  /** Invented names. */
  readonly names: () => string;
  readonly isRecast: boolean;
  /** A key, handle or code that nobody else uses. */
  fresh(): string;
}

/** A county in a play: its staff, its days. */
export class Office {
  constructor(
    readonly scene: Play,
    readonly county: CountyStand,
    /** The year of the play. */
    readonly year: number,
  ) {}

  get today(): string {
    return shanghaiDay(this.county.clock.now());
  }

  /** A day of the play's year, or of one so many years before. */
  day(monthAndDay: string, yearsBefore = 0): string {
    return `${this.year - yearsBefore}-${monthAndDay}`;
  }

  /** So many months ago today, and some days later. */
  monthsAgo(months: number, daysLater = 0): string {
    return addDays(monthsAfter(this.today, -months), daysLater);
  }

  passDays(days: number): void {
    this.county.clock.advance(days * 86_400);
  }

  /** Staff ask anew each time: a clock that was moved ends sessions. */
  as(post: Post): Ask {
    return async (...asked) => (await this.county.as(post))(...asked);
  }
}
