import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Moves documents along when a round is adopted. */
@Injectable()
export class PublishedDocuments {
  /**
   * What the round names is published from now on; what was published and is not named any more is superseded.
   * @param at Unix seconds
   */
  async publish(manager: EntityManager, digests: readonly string[], at: number): Promise<void> {
    await manager.query("UPDATE document SET state = 'superseded' WHERE state = 'published' AND digest <> ALL($1)", [
      [...digests],
    ]);
    await manager.query(
      "UPDATE document SET state = 'published', published_at = $2 WHERE state = 'complete' AND digest = ANY($1)",
      [[...digests], at],
    );
  }
}
