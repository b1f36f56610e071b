import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#libs/platform';

const LIFE_SECONDS = 300;
/** 16 bytes in base64url. */
const FORM = /^[\w-]{22}$/;

/** Nonces for proofs: random, used once, good for five minutes, known to every process of this county. */
@Injectable()
export class Nonces {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Makes a nonce, and forgets those that have expired. Times in Unix seconds. */
  async make(): Promise<{ readonly nonce: string; readonly expiresAt: number }> {
    const now = this.clock.now();
    const nonce = randomBytes(16).toString('base64url');
    const expiresAt = now + LIFE_SECONDS;
    await this.database.query('DELETE FROM nonce WHERE expires_at <= to_timestamp($1)', [now]);
    await this.database.query('INSERT INTO nonce (value, expires_at) VALUES ($1, to_timestamp($2))', [
      nonce,
      expiresAt,
    ]);
    return { nonce, expiresAt };
  }

  /** Whether the nonce was good; whatever the answer, it is not any more. */
  async use(nonce: string): Promise<boolean> {
    if (!FORM.test(nonce)) return false;
    const [used] = await this.database.query<readonly [readonly unknown[], number]>(
      'DELETE FROM nonce WHERE value = $1 AND expires_at > to_timestamp($2) RETURNING value',
      [nonce, this.clock.now()],
    );
    return used.length === 1;
  }
}
