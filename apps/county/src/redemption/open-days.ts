import type { EntityManager } from 'typeorm';

/** A redemption day as far as a sale is concerned. */
export interface OpenDay {
  /** Whether anything is sold on it now. */
  readonly isOpen: boolean;
  /** Ids of those on the list; absent where everybody is welcome. */
  readonly invited?: { has(subject: string): boolean };
}

/** What redemptions ask about redemption days. */
export abstract class OpenDays {
  /**
   * A day of a shop, or of the one its scheme shares its calendar with; `undefined` where there is no such day. It does not
   * close before the caller's transaction ends.
   */
  abstract find(manager: EntityManager, scheme: string, day: string): Promise<OpenDay | undefined>;
}
