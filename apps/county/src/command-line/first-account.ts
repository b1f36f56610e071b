import 'reflect-metadata';
import process from 'node:process';
import { runMain } from '#libs/platform';
import { USERNAME } from '#libs/staff';
import { readCountyConfig } from '../county.config.js';
import { makeFirstAccount } from '../first-account.js';

const USAGE = `npm run first-account -- USERNAME NAME ORGANISATION
为一个县（市、区）建立第一个账号（全县管理员），并显示一次性密码；其余账号由该管理员建立。
Makes the first account of a county (it manages the whole county) and shows its one-time password once.
The county's settings are read from the environment, as the service reads them.`;

const [username = '', displayName = '', organisation = '', ...more] = process.argv.slice(2);
if (!USERNAME.test(username) || displayName === '' || organisation === '' || more.length > 0) {
  console.error(USAGE);
  process.exitCode = 2;
} else
  await runMain('the first account', async () => {
    const { password } = await makeFirstAccount(readCountyConfig(process.env), { username, displayName, organisation });
    console.log(`${username}  ${password}`);
    console.log(
      '7 天内用 npm run office -- password 换成自己的密码。 Exchange it within seven days: npm run office -- password',
    );
    return { close: () => Promise.resolve() };
  });
