import { Injectable } from '@nestjs/common';
import { Clock } from '#libs/platform';
import type { Staff } from './staff.js';

export interface LiveSession {
  readonly staff: Staff;
  /** Unix seconds. */
  readonly expiresAt: number;
}

interface Entry extends LiveSession {
  readonly cachedAt: number;
}

/** How long another process may go on accepting a session revoked here. */
const KEEP_SECONDS = 5;
const MOST_ENTRIES = 1_000;

/** Spares the database a look-up per request. Holds live sessions only, for seconds, and no more than a thousand. */
@Injectable()
export class SessionCache {
  private readonly entries = new Map<string, Entry>();
  private revocations = 0;

  constructor(private readonly clock: Clock) {}

  find(tokenDigest: string): LiveSession | undefined {
    const entry = this.entries.get(tokenDigest);
    if (entry === undefined) return undefined;
    const now = this.clock.now();
    // A clock set back must not lengthen a life.
    const isFresh = now >= entry.cachedAt && now < entry.cachedAt + KEEP_SECONDS && now < entry.expiresAt;
    if (isFresh) return entry;
    this.entries.delete(tokenDigest);
    return undefined;
  }

  /** Changes with every revocation; take it before asking the database and hand it to `keep`. */
  get revision(): number {
    return this.revocations;
  }

  /** Keeps a session, unless something was revoked since `revision`: the database's answer may be older than that. */
  keep(tokenDigest: string, session: LiveSession, revision: number): void {
    if (revision !== this.revocations) return;
    const [oldest] = this.entries.size >= MOST_ENTRIES ? this.entries.keys() : [];
    if (oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(tokenDigest, { ...session, cachedAt: this.clock.now() });
  }

  drop(tokenDigest: string): void {
    this.revocations += 1;
    this.entries.delete(tokenDigest);
  }

  clear(): void {
    this.revocations += 1;
    this.entries.clear();
  }
}
