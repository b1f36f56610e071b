import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from './audit-trail.js';
import { passwordFits } from './password.js';
import { SessionCache } from './session-cache.js';
import { StaffAccountEntity } from './staff-account.entity.js';
import { STAFF_OPTIONS, type StaffOptions } from './staff-options.js';
import { StaffSessionEntity } from './staff-session.entity.js';
import type { Staff } from './staff.js';

export interface OpenedSession {
  /** 256 random bits, base64url; shown once. */
  readonly token: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

const TOKEN_BYTES = 32;
const HOUR_SECONDS = 3_600;

/** Signs staff in and out, and tells whose token a request carries. */
@Injectable()
export class StaffSessions {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditTrail,
    private readonly cache: SessionCache,
    private readonly clock: Clock,
    @Inject(STAFF_OPTIONS) private readonly options: StaffOptions,
  ) {}

  /**
   * Opens a session. Unknown name, wrong password, disabled account and sample account in production are one answer
   * that takes the same work; the audit trail does not learn the name tried, which may be a mistyped password.
   * @throws GatewayError STAFF_SIGN_IN_REFUSED
   */
  async open(username: string, password: string): Promise<OpenedSession> {
    const account = await this.accountNamed(username);
    const fits = await passwordFits(password, account?.passwordHash);
    if (account === null || !fits || !this.mayWork(account)) {
      await this.audit.record(undefined, { actor: 'anonymous', action: 'staff.sign_in_refused' });
      throw new GatewayError('STAFF_SIGN_IN_REFUSED');
    }
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const now = this.clock.now();
    const expiresAt = now + Math.floor(this.options.sessionHours * HOUR_SECONDS);
    await this.database.transaction(async (manager) => {
      await manager.insert(StaffSessionEntity, {
        tokenDigest: digestOf(token),
        accountId: account.id,
        createdAt: dateOf(now),
        expiresAt: dateOf(expiresAt),
        revokedAt: null,
      });
      await this.audit.record(manager, { actor: account.username, action: 'staff.signed_in' });
    });
    return { token, expiresAt };
  }

  /** The account behind a live token, or undefined for one that is unknown, expired, revoked or of a barred account. */
  async staffOf(token: string): Promise<Staff | undefined> {
    const tokenDigest = digestOf(token);
    const cached = this.cache.find(tokenDigest);
    if (cached !== undefined) return cached.staff;
    const { revision } = this.cache;
    const session = await this.database.manager
      .createQueryBuilder(StaffSessionEntity, 'session')
      .innerJoinAndSelect('session.account', 'account')
      .where('session.tokenDigest = :tokenDigest AND session.revokedAt IS NULL', { tokenDigest })
      .getOne();
    if (session === null || !this.mayWork(session.account)) return undefined;
    const expiresAt = Math.floor(session.expiresAt.getTime() / 1000);
    if (this.clock.now() >= expiresAt) return undefined;
    const staff = staffFrom(session.account);
    this.cache.keep(tokenDigest, { staff, expiresAt }, revision);
    return staff;
  }

  /** Ends the session of a token, at once in this process. */
  async close(token: string, staff: Staff): Promise<void> {
    const tokenDigest = digestOf(token);
    await this.database.transaction(async (manager) => {
      await manager.update(
        StaffSessionEntity,
        { tokenDigest, revokedAt: IsNull() },
        { revokedAt: dateOf(this.clock.now()) },
      );
      await this.audit.record(manager, { actor: staff.username, action: 'staff.signed_out' });
    });
    this.cache.drop(tokenDigest);
  }

  private accountNamed(username: string): Promise<StaffAccountEntity | null> {
    return this.database.manager
      .createQueryBuilder(StaffAccountEntity, 'account')
      .addSelect('account.passwordHash')
      .where('account.username = :username', { username })
      .getOne();
  }

  private mayWork(account: StaffAccountEntity): boolean {
    return account.disabledAt === null && !(account.sample && this.options.production);
  }
}

function staffFrom({ id, username, displayName, organisation, roles, scope }: StaffAccountEntity): Staff {
  return { id, username, displayName, organisation, roles, scope };
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function dateOf(instant: number): Date {
  return new Date(instant * 1000);
}
