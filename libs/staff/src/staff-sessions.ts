import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from './audit-trail.js';
import { hashPassword, passwordFits } from './password.js';
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
   * @throws GatewayError STAFF_SIGN_IN_REFUSED; STAFF_PASSWORD_ONE_TIME for a right password that signs nobody in
   */
  async open(username: string, password: string): Promise<OpenedSession> {
    const account = await this.identify(username, password);
    if (account.oneTimeUntil !== null) throw new GatewayError('STAFF_PASSWORD_ONE_TIME');
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const now = this.clock.now();
    const expiresAt = now + Math.floor(this.options.sessionHours * HOUR_SECONDS);
    await this.database.transaction(async (manager) => {
      // A password replaced while this one was being compared opens nothing.
      const where = { id: account.id, passwordHash: account.passwordHash };
      const isStillThere = await manager.findOne(StaffAccountEntity, { where, lock: { mode: 'pessimistic_read' } });
      if (isStillThere === null) throw new GatewayError('STAFF_SIGN_IN_REFUSED');
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

  /**
   * Replaces a password by one of the person's own choice and ends the sessions of the account.
   * @throws GatewayError STAFF_SIGN_IN_REFUSED, as `open`; BODY_INVALID when the new password is the old one
   */
  async changePassword(username: string, password: string, newPassword: string): Promise<void> {
    const { id, passwordHash: fitting } = await this.identify(username, password);
    if (newPassword === password)
      throw new GatewayError('BODY_INVALID', { fields: [{ path: '/newPassword', message: 'must be another' }] });
    const passwordHash = await hashPassword(newPassword);
    await this.database.transaction(async (manager) => {
      // Only in place of the one that fitted: a one-time password is exchanged once.
      const stillThere = { id, passwordHash: fitting };
      const { affected } = await manager.update(StaffAccountEntity, stillThere, { passwordHash, oneTimeUntil: null });
      if (affected !== 1) throw new GatewayError('STAFF_SIGN_IN_REFUSED');
      await this.closeAll(manager, id);
      await this.audit.record(manager, { actor: username, action: 'staff.password_changed', target: username });
    });
    this.forgetCached();
  }

  /** Ends every session of an account once the caller's transaction commits; then `forgetCached` makes it immediate here. */
  async closeAll(manager: EntityManager, accountId: string): Promise<void> {
    const open = { accountId, revokedAt: IsNull() };
    await manager.update(StaffSessionEntity, open, { revokedAt: dateOf(this.clock.now()) });
  }

  /** Has every session looked up anew: accounts have changed. */
  forgetCached(): void {
    this.cache.clear();
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

  private async identify(username: string, password: string): Promise<StaffAccountEntity> {
    const account = await this.accountNamed(username);
    const fits = await passwordFits(password, account?.passwordHash);
    if (account !== null && fits && this.mayWork(account)) return account;
    await this.audit.record(undefined, { actor: 'anonymous', action: 'staff.sign_in_refused' });
    throw new GatewayError('STAFF_SIGN_IN_REFUSED');
  }

  private accountNamed(username: string): Promise<StaffAccountEntity | null> {
    return this.database.manager
      .createQueryBuilder(StaffAccountEntity, 'account')
      .addSelect('account.passwordHash')
      .where('account.username = :username', { username })
      .getOne();
  }

  private mayWork(account: StaffAccountEntity): boolean {
    const isOpen = account.oneTimeUntil === null || this.clock.now() * 1000 < account.oneTimeUntil.getTime();
    return isOpen && account.disabledAt === null && !(account.sample && this.options.production);
  }
}

function staffFrom({ id, username, displayName, organisation, grants, subjectId }: StaffAccountEntity): Staff {
  return { id, username, displayName, organisation, grants, subject: subjectId };
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function dateOf(instant: number): Date {
  return new Date(instant * 1000);
}
