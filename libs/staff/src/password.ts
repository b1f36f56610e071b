import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** argon2id (the package's default) at the cost OWASP asks for: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Without 0, 1, I and O, which are mistaken for each other when read out. */
const LEGIBLE = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const GROUPS = [4, 4, 4, 4];

/** A password of 80 random bits in four groups of four, easy to copy by hand. */
export function oneTimePassword(): string {
  return GROUPS.map((length) => [...randomBytes(length)].map((byte) => LEGIBLE[byte % LEGIBLE.length]).join('')).join(
    '-',
  );
}

let decoy: Promise<string> | undefined;

/** The password's argon2id hash as a PHC string, with its own salt. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/**
 * Whether a password fits a hash. Without a hash (no such account) it spends the same work and says no, so that the
 * answer takes as long for an unknown name as for a wrong password.
 */
export async function passwordFits(password: string, kept: string | undefined): Promise<boolean> {
  decoy ??= hashPassword('no account has this hash');
  const fits = await verify(kept ?? (await decoy), password);
  return fits && kept !== undefined;
}
