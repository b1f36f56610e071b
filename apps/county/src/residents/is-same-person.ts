import type { EntityManager } from 'typeorm';
import type { Staff } from '#libs/staff';

/**
 * Whether an account is that of the person who asks: the same account, or another one of the same subject, also where two
 * subjects turned out to be one.
 */
export async function isSamePerson(
  manager: EntityManager,
  username: string,
  { username: asking, subject }: Staff,
): Promise<boolean> {
  if (username === asking) return true;
  if (subject === null) return false;
  const found = await manager.query<readonly unknown[]>(
    'SELECT FROM staff_account WHERE username = $1 AND survivor_of(subject_id) = survivor_of($2::uuid)',
    [username, subject],
  );
  return found.length > 0;
}
