import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { StaffAccounts } from '#libs/staff';

/** A sample account: who may do what at which service. */
export interface SampleAccount {
  readonly username: string;
  readonly password: string;
  readonly roles: readonly string[];
  readonly scope?: string;
}

/** The sample's accounts with generated passwords, kept in the data folder so that a restart prints the same ones. */
export class SamplePeople {
  private constructor(
    private readonly file: string,
    private readonly passwords: Map<string, string>,
  ) {}

  static async open(file: string): Promise<SamplePeople> {
    const text = await readFile(file, 'utf8').catch(() => '{}');
    return new SamplePeople(file, new Map(Object.entries(JSON.parse(text) as Record<string, string>)));
  }

  /** Makes an account at one service unless it is there. */
  async hire(
    service: string,
    app: INestApplicationContext,
    account: Omit<SampleAccount, 'password'> & { readonly organisation: string; readonly displayName: string },
  ): Promise<SampleAccount> {
    const key = `${service}/${account.username}`;
    let password = this.passwords.get(key);
    if (password === undefined) {
      password = randomBytes(12).toString('base64url');
      this.passwords.set(key, password);
      // Written before the account is made, so that no account can exist whose password is lost.
      await writeFile(this.file, `${JSON.stringify(Object.fromEntries(this.passwords), null, 2)}\n`, { mode: 0o600 });
    }
    await app.get(StaffAccounts, { strict: false }).ensure({ ...account, password, sample: true });
    return {
      username: account.username,
      password,
      roles: account.roles,
      ...(account.scope ? { scope: account.scope } : {}),
    };
  }
}
