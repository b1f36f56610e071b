import { Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from './audit-trail.js';
import {
  FLAT_PLACES,
  type Grant,
  grantsFor,
  grantsOf,
  type PlaceTree,
  staffCovers,
  type StaffPlaces,
} from './grants.js';
import { hashPassword, oneTimePassword } from './password.js';
import { StaffAccountEntity } from './staff-account.entity.js';
import { StaffAccounts } from './staff-accounts.js';
import { STAFF_OPTIONS, type StaffOptions } from './staff-options.js';
import { StaffSessions } from './staff-sessions.js';
import type { StaffSubjects } from './staff-subjects.js';
import type { Staff } from './staff.js';

export interface Appointment {
  readonly username: string;
  readonly displayName: string;
  readonly organisation: string;
  readonly grants: readonly Grant[];
  /** Whose account it is, by the name the service knows people by outside. */
  readonly subject: string | null;
}

export interface OneTimePassword {
  /** Shown once; to be exchanged for one of the person's own before the first sign-in. */
  readonly password: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** The role that keeps accounts. */
const MANAGER = 'manager';
const ONE_TIME_SECONDS = 7 * 86_400;

/**
 * Accounts as their managers keep them: a manager of a place hands out what lies in that place, and manages accounts all of
 * whose grants lie in it. Nobody manages their own account: what one is allowed, somebody else has said.
 */
@Injectable()
export class StaffAdministration {
  constructor(
    private readonly database: DataSource,
    private readonly accounts: StaffAccounts,
    private readonly sessions: StaffSessions,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly modules: ModuleRef,
    @Inject(STAFF_OPTIONS) private readonly options: StaffOptions,
  ) {}

  /** The accounts a manager manages, disabled ones too, by user name after `after`. */
  async list(manager: Staff, after: string, limit: number): Promise<readonly StaffAccountEntity[]> {
    const tree = await this.tree();
    const accounts = await this.database.manager.find(StaffAccountEntity, {
      where: { username: MoreThan(after) },
      order: { username: 'ASC' },
    });
    return accounts.filter((account) => manages(manager, account.grants, tree)).slice(0, limit);
  }

  /** @throws GatewayError BODY_INVALID (a role the service does not know), SUBJECT_UNKNOWN, STAFF_OUT_OF_SCOPE, STAFF_USERNAME_TAKEN */
  async appoint(appointment: Appointment, manager: Staff): Promise<OneTimePassword> {
    await this.checkGrants(appointment.grants, manager);
    const made = this.oneTime();
    const passwordHash = await hashPassword(made.password);
    const { subject: name, ...rest } = appointment;
    const subject = await this.subjectId(name);
    const account = { ...rest, ...(subject === null ? {} : { subject }), sample: false };
    await this.database.transaction(async (transaction) => {
      const kept = { passwordHash, oneTimeUntil: dateOf(made.expiresAt) };
      const isNew = await this.accounts.insert(transaction, account, kept, manager.username);
      if (!isNew) throw new GatewayError('STAFF_USERNAME_TAKEN');
    });
    return made;
  }

  /**
   * Makes the account that all others come from: it manages the whole service. For whoever can reach the service's database.
   * @throws GatewayError STAFF_NOT_FIRST while somebody manages the whole service, STAFF_USERNAME_TAKEN
   */
  async appointFirst(person: Pick<Appointment, 'username' | 'displayName' | 'organisation'>): Promise<OneTimePassword> {
    const made = this.oneTime();
    const kept = { passwordHash: await hashPassword(made.password), oneTimeUntil: dateOf(made.expiresAt) };
    const grants = grantsOf([MANAGER]);
    await this.database.transaction(async (transaction) => {
      await transaction.query('LOCK TABLE staff_account IN SHARE ROW EXCLUSIVE MODE');
      const accounts = await transaction.findBy(StaffAccountEntity, { disabledAt: IsNull() });
      if (accounts.some((account) => staffCovers({ grants: grantsFor(account, [MANAGER]) }, null)))
        throw new GatewayError('STAFF_NOT_FIRST');
      const isNew = await this.accounts.insert(transaction, { ...person, grants, sample: false }, kept, 'system:setup');
      if (!isNew) throw new GatewayError('STAFF_USERNAME_TAKEN');
    });
    return made;
  }

  /**
   * Replaces what an account is granted and whose it is.
   * @throws GatewayError BODY_INVALID, SUBJECT_UNKNOWN, NOT_FOUND, STAFF_OWN_ACCOUNT, STAFF_OUT_OF_SCOPE (by its old grants or its new ones)
   */
  async change(username: string, to: Pick<Appointment, 'grants' | 'subject'>, manager: Staff): Promise<void> {
    await this.checkGrants(to.grants, manager);
    const action = 'staff.account_changed';
    const subjectId = await this.subjectId(to.subject);
    const detail = { grants: grantsAsText(to.grants), subject: to.subject };
    await this.onAccount(username, manager, async (transaction) => {
      await transaction.update(StaffAccountEntity, { username }, { grants: to.grants, subjectId });
      await this.audit.record(transaction, { actor: manager.username, action, target: username, detail });
    });
    this.sessions.forgetCached();
  }

  /** @throws GatewayError NOT_FOUND, STAFF_OWN_ACCOUNT, STAFF_OUT_OF_SCOPE */
  async disable(username: string, manager: Staff): Promise<void> {
    await this.onAccount(username, manager, (transaction) =>
      this.accounts.bar(transaction, username, manager.username),
    );
    this.sessions.forgetCached();
  }

  /** Ends the account's sessions too. @throws GatewayError NOT_FOUND, STAFF_OWN_ACCOUNT, STAFF_OUT_OF_SCOPE */
  async resetPassword(username: string, manager: Staff): Promise<OneTimePassword> {
    const made = this.oneTime();
    const passwordHash = await hashPassword(made.password);
    const action = 'staff.password_reset';
    await this.onAccount(username, manager, async (transaction, { id }) => {
      await transaction.update(StaffAccountEntity, { id }, { passwordHash, oneTimeUntil: dateOf(made.expiresAt) });
      await this.sessions.closeAll(transaction, id);
      await this.audit.record(transaction, { actor: manager.username, action, target: username });
    });
    this.sessions.forgetCached();
    return made;
  }

  private async onAccount<Answer>(
    username: string,
    manager: Staff,
    act: (transaction: EntityManager, account: StaffAccountEntity) => Promise<Answer>,
  ): Promise<Answer> {
    const tree = await this.tree();
    return this.database.transaction(async (transaction) => {
      const account = await transaction.findOne(StaffAccountEntity, {
        where: { username, disabledAt: IsNull() },
        lock: { mode: 'for_no_key_update' },
      });
      if (account === null) throw new GatewayError('NOT_FOUND');
      if (account.id === manager.id) throw new GatewayError('STAFF_OWN_ACCOUNT');
      if (!manages(manager, account.grants, tree)) throw new GatewayError('STAFF_OUT_OF_SCOPE');
      return act(transaction, account);
    });
  }

  private async checkGrants(grants: readonly Grant[], manager: Staff): Promise<void> {
    const fields = grants.flatMap(({ role }, at) =>
      this.options.roles.includes(role) ? [] : [{ path: `/grants/${at}/role`, message: 'is no role of this service' }],
    );
    if (fields.length > 0) throw new GatewayError('BODY_INVALID', { fields });
    if (!manages(manager, grants, await this.tree())) throw new GatewayError('STAFF_OUT_OF_SCOPE');
  }

  /** The names outside of whom accounts belong to, by id. */
  async namesOf(accounts: readonly StaffAccountEntity[]): Promise<ReadonlyMap<string, string>> {
    const ids = accounts.flatMap(({ subjectId }) => subjectId ?? []);
    return (await this.subjects()?.namesOf(ids)) ?? new Map();
  }

  private async subjectId(name: string | null): Promise<string | null> {
    if (name === null) return null;
    const id = await this.subjects()?.idOf(name);
    if (id === undefined)
      throw new GatewayError('SUBJECT_UNKNOWN', { fields: [{ path: '/subject', message: 'is nobody here' }] });
    return id;
  }

  private subjects(): StaffSubjects | undefined {
    const { subjects } = this.options;
    return subjects === undefined ? undefined : this.modules.get<StaffSubjects>(subjects, { strict: false });
  }

  private tree(): Promise<PlaceTree> {
    const { places } = this.options;
    if (places === undefined) return Promise.resolve(FLAT_PLACES);
    return this.modules.get<StaffPlaces>(places, { strict: false }).tree();
  }

  private oneTime(): OneTimePassword {
    return { password: oneTimePassword(), expiresAt: this.clock.now() + ONE_TIME_SECONDS };
  }
}

/** An account without any grant belongs to no place: those of the whole service manage it. */
function manages(manager: Staff, grants: readonly Grant[], tree: PlaceTree): boolean {
  const places = grants.length === 0 ? [null] : grants.map(({ place }) => place);
  return places.every((place) => staffCovers(manager, place, tree));
}

function grantsAsText(grants: readonly Grant[]): string {
  return grants.map(({ role, place }) => `${role}@${place ?? '*'}`).join(' ');
}

function dateOf(instant: number): Date {
  return new Date(instant * 1000);
}
