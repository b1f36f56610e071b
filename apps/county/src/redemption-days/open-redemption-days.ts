import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type OpenDay, OpenDays } from '../redemption/open-days.js';

/** Tells a sale whether its day is open, and keeps it open until the sale is kept. */
@Injectable()
export class OpenRedemptionDays extends OpenDays {
  async find(manager: EntityManager, scheme: string, day: string): Promise<OpenDay | undefined> {
    // A day that is not open is not locked: whoever opens it waits for no sale.
    const [open] = await manager.query<readonly { readonly hasList: boolean; readonly on: string }[]>(
      `SELECT has_list AS "hasList", on_day::text AS "on" FROM redemption_day AS day WHERE id = $1 AND state = 'open'
        AND EXISTS (SELECT FROM redemption_day_scheme WHERE day_id = day.id AND scheme_id = $2)
      FOR SHARE OF day`,
      [day, scheme],
    );
    if (open === undefined) return undefined;
    return { on: open.on, ...(open.hasList && { invited: await invitedTo(manager, day) }) };
  }
}

async function invitedTo(manager: EntityManager, day: string): Promise<ReadonlySet<string>> {
  const rows = await manager.query<readonly { readonly subject: string }[]>(
    'SELECT survivor_of(subject_id) AS subject FROM redemption_day_invited WHERE day_id = $1',
    [day],
  );
  return new Set(rows.map(({ subject }) => subject));
}
