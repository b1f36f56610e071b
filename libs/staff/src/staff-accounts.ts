import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from './audit-trail.js';
import type { Grant } from './grants.js';
import { hashPassword } from './password.js';
import { SessionCache } from './session-cache.js';
import { StaffAccountEntity } from './staff-account.entity.js';
import { STAFF_OPTIONS, type StaffOptions } from './staff-options.js';

export interface NewStaffAccount {
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  readonly organisation: string;
  readonly grants: readonly Grant[];
  /** Id of the subject whose account it is. */
  readonly subject?: string;
  readonly sample: boolean;
}

/** Makes and disables staff accounts. Every change is audited under `actor`. */
@Injectable()
export class StaffAccounts {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditTrail,
    private readonly cache: SessionCache,
    private readonly clock: Clock,
    @Inject(STAFF_OPTIONS) private readonly options: StaffOptions,
  ) {}

  /**
   * Makes an account unless its user name exists; an existing account stays as it is, password included.
   * @returns whether the account was made
   * @throws RangeError for a role the app does not know, or an empty password
   * @throws GatewayError STAFF_SAMPLE_ACCOUNTS_IN_PRODUCTION
   */
  async ensure(account: NewStaffAccount, actor = 'system:setup'): Promise<boolean> {
    const unknown = account.grants.map(({ role }) => role).filter((role) => !this.options.roles.includes(role));
    if (unknown.length > 0) throw new RangeError(`unknown staff roles: ${unknown.join(', ')}`);
    if (account.password === '') throw new RangeError('a staff account needs a password');
    if (account.sample && this.options.production) throw new GatewayError('STAFF_SAMPLE_ACCOUNTS_IN_PRODUCTION');
    if (await this.database.manager.existsBy(StaffAccountEntity, { username: account.username })) return false;
    const passwordHash = await hashPassword(account.password);
    return this.database.transaction((manager) =>
      this.insert(manager, account, { passwordHash, oneTimeUntil: null }, actor),
    );
  }

  /**
   * Bars an account from now on; its sessions end at once in this process and within seconds in others.
   * @returns whether there was such an account, not yet barred
   */
  async disable(username: string, actor: string): Promise<boolean> {
    const isDisabled = await this.database.transaction((manager) => this.bar(manager, username, actor));
    this.cache.clear();
    return isDisabled;
  }

  /** Disables within the caller's transaction; the sessions end once the caller clears what is cached of them. */
  async bar(manager: EntityManager, username: string, actor: string): Promise<boolean> {
    const disabledAt = new Date(this.clock.now() * 1000);
    const { affected } = await manager.update(StaffAccountEntity, { username, disabledAt: IsNull() }, { disabledAt });
    if (affected !== 1) return false;
    await this.audit.record(manager, { actor, action: 'staff.account_disabled', target: username });
    return true;
  }

  /** Adds an account within the caller's transaction. @returns whether its user name was free */
  async insert(
    manager: EntityManager,
    { username, displayName, organisation, grants, subject, sample }: Omit<NewStaffAccount, 'password'>,
    secret: Pick<StaffAccountEntity, 'passwordHash' | 'oneTimeUntil'>,
    actor: string,
  ): Promise<boolean> {
    const row = { username, displayName, organisation, sample, grants, ...secret, disabledAt: null };
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(StaffAccountEntity)
      .values({ ...row, id: randomUUID(), subjectId: subject ?? null })
      .orIgnore()
      .returning('id')
      .execute();
    const made: unknown = result.raw;
    const isNew = Array.isArray(made) && made.length > 0;
    if (isNew) await this.audit.record(manager, { actor, action: 'staff.account_made', target: username });
    return isNew;
  }
}
