import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import type { AuditDetail } from './audit-record.entity.js';

export interface AuditEntry {
  /** Who acted: a user name, or `system:` and the name of a task. */
  readonly actor: string;
  /** What was done: `subject.verb`, e.g. `table.published`. */
  readonly action: string;
  /** What it was done to: an identifier. */
  readonly target?: string;
  readonly detail?: AuditDetail;
}

/**
 * To be followed by VALUES or a SELECT of the instant, actor, action, target and detail (jsonb). For one statement that both
 * acts and records it, where a round trip more would be felt.
 */
export const AUDIT_INSERT = 'INSERT INTO audit_record (at, actor, action, target, detail)';

/** Writes what staff did, append-only. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Records one act: inside the caller's transaction where its manager is given, so that act and record stand or fall together. */
  async record(manager: EntityManager | undefined, { actor, action, target, detail }: AuditEntry): Promise<void> {
    const at = new Date(this.clock.now() * 1000);
    await (manager ?? this.database.manager).query(`${AUDIT_INSERT} VALUES ($1, $2, $3, $4, $5)`, [
      at,
      actor,
      action,
      target ?? null,
      detail ?? {},
    ]);
  }
}
