import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { StaffAccounts } from '#libs/staff';

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
    const text = await readFile(file, 'utf8').catch(() => '{}');
    return new SamplePeople(file, new Map(Object.entries(JSON.parse(text) as Record<string, string>)));
  }

  /** Makes an account at one service unless it is there, and gives its password. */
  async hire(service: string, app: INestApplicationContext, person: NewPerson): Promise<string> {
    const key = `${service}/${person.username}`;
    let password = this.passwords.get(key);
    if (password === undefined) {
      password = randomBytes(12).toString('base64url');
      this.passwords.set(key, password);
      await this.keep();
    }
    await app.get(StaffAccounts, { strict: false }).ensure({ ...person, password, sample: true });
    return password;
  }

  /** Before an account is made, so that none can exist whose password is lost; one write at a time. */
  private async keep(): Promise<void> {
    const text = `${JSON.stringify(Object.fromEntries(this.passwords), null, 2)}\n`;
    this.writing = this.writing.then(() => writeFile(this.file, text, { mode: 0o600 }));
    await this.writing;
  }
}
