import { grantsOf, StaffAccounts } from '#libs/staff';
import type { Ask, RunningCounty } from './running-county.js';

/** A new account for the whole county that is tied to a resident: what is done by it is done by them. */
export async function asOwner(
  { app, database, as }: Pick<RunningCounty, 'app' | 'database' | 'as'>,
  handle: string,
  username: string,
  roles: readonly string[],
): Promise<Ask> {
  const [owner] = await database.query<readonly { readonly id: string }[]>('SELECT id FROM subject WHERE handle = $1', [
    handle,
  ]);
  if (owner === undefined) throw new Error(`nobody is ${handle}`);
  await app.get(StaffAccounts, { strict: false }).ensure({
    username,
    password: 'a long password for tests',
    displayName: username,
    organisation: 'County office',
    grants: grantsOf(roles),
    subject: owner.id,
    sample: false,
  });
  return as(username);
}
