import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { changePassword, exitCodeOf, openOffice } from './county-office.js';
import { calledFrom } from './lint.js';

const USAGE = `npm run office -- password --at URL --user NAME
把一次性密码换成自己的密码。 Exchanges a one-time password for one of your own.

npm run office -- GET|POST|PUT|PATCH|DELETE PATH [JSON|@FILE] --at URL --user NAME
登录后调用县里系统的一个接口，显示它的回答。@FILE 表示内容在文件里。
Signs in, calls one interface of the county and shows what it answers; @FILE names a file with the content.
密码从 XINQIAO_PASSWORD 读取，否则询问。 The password is read from XINQIAO_PASSWORD, or asked for.
例 example: npm run office -- POST /v1/admin/subjects @people.json --at http://127.0.0.1:7101 --user desk`;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const OPTIONS = { at: { type: 'string' }, user: { type: 'string' } } as const;

function readCall(): (() => Promise<boolean>) | undefined {
  try {
    const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
    const at = (values.at ?? '').replace(/\/$/, '');
    const { user = '' } = values;
    const [method = '', path = '', content, ...more] = positionals;
    if (method === 'password' && path === '' && at !== '' && user !== '')
      return async () => {
        await changePassword(at, user);
        console.log('密码已更换 changed');
        return true;
      };
    if (!METHODS.includes(method) || !path.startsWith('/') || at === '' || user === '' || more.length > 0)
      return undefined;
    return async () => {
      const body = content?.startsWith('@') === true ? await readFile(calledFrom(content.slice(1)), 'utf8') : content;
      const office = await openOffice(at, user);
      console.log(legible(await office.ask(method, path, body)));
      return true;
    };
  } catch {
    return undefined;
  }
}

/** JSON line by line; anything else as it came. */
function legible(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

const call = readCall();
if (call === undefined) console.error(USAGE);
process.exitCode = call === undefined ? 1 : await exitCodeOf(call);
