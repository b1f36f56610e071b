import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { grantsOf, StaffAccounts } from '#libs/staff';
import { damaged, readKept, writeWhole } from '../machine/whole-file.js';

/** Who may do what at which service. */
export interface NewPerson {
  readonly username: string;
  readonly displayName: string;
  readonly organisation: string;
  readonly roles: readonly string[];
  readonly scope?: string;
}

/** The sample's accounts with generated passwords, kept in the data folder so that a restart prints the same ones. */
export class SamplePeople {
  private writing = Promise.resolve();

  private constructor(
    private readonly file: string,
    private readonly passwords: Map<string, string>,
  ) {}

  static async open(file: string): Promise<SamplePeople> {
    const kept = ((await readKept(file)) ?? {}) as Record<string, string>;
    return new SamplePeople(file, new Map(Object.entries(kept)));
  }

  /** Makes an account at one service unless it is there, and gives its password. */
  async hire(service: string, app: INestApplicationContext, person: NewPerson): Promise<string> {
    const key = `${service}/${person.username}`;
    const known = this.passwords.get(key);
    const password = known ?? randomBytes(12).toString('base64url');
    this.passwords.set(key, password);
    if (known === undefined) await this.keep();
    const { roles, scope, ...whoever } = person;
    const account = { ...whoever, password, grants: grantsOf(roles, scope), sample: true };
    const isNew = await app.get(StaffAccounts, { strict: false }).ensure(account);
    if (known === undefined && !isNew)
      throw damaged(this.file, `the password of ${key} is lost, and the account exists`);
    return password;
  }

  /** Before an account is made, so that none can exist whose password is lost; one write at a time. */
  private async keep(): Promise<void> {
    this.writing = this.writing.then(() => writeWhole(this.file, Object.fromEntries(this.passwords)));
    await this.writing;
  }
}
