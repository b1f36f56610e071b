import { type OneTimePassword, StaffAdministration } from '#libs/staff';
import type { CountyConfig } from './county.config.js';
import { bootCounty } from './start-county.js';

export interface FirstPerson {
  readonly username: string;
  readonly displayName: string;
  readonly organisation: string;
}

/**
 * Makes the first account of a county, which manages it and makes all others. Serves nothing; needs the county's configuration.
 * @throws GatewayError STAFF_NOT_FIRST, STAFF_USERNAME_TAKEN, or a boot code
 */
export async function makeFirstAccount(config: CountyConfig, person: FirstPerson): Promise<OneTimePassword> {
  const app = await bootCounty({ ...config, logLevel: 'silent' });
  try {
    return await app.get(StaffAdministration, { strict: false }).appointFirst(person);
  } finally {
    await app.close();
  }
}
