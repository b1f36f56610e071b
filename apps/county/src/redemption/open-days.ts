import type { EntityManager } from 'typeorm';

/** A redemption day that is open, as far as a sale is concerned. */
export interface OpenDay {
  /** Its date, `YYYY-MM-DD`, Asia/Shanghai. */
  readonly on: string;
  /** Ids of those on the list; absent where everybody is welcome. */
  readonly invited?: { has(subject: string): boolean };
}

/** What redemptions ask about redemption days. */
export abstract class OpenDays {
  /**
   * An open day of a shop, or of the one its scheme shares its calendar with; `undefined` where there is no such day, or it is
   * not open. It does not close before the caller's transaction ends.
   */
  abstract find(manager: EntityManager, scheme: string, day: string): Promise<OpenDay | undefined>;
}
