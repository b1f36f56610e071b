import process from 'node:process';
import { parseArgs } from 'node:util';
import { exitCodeOf, openOffice } from './county-office.js';
import { adopt, keepDraft, simulate } from './drafting.js';
import { Say } from './languages.js';
import { lint } from './lint.js';

const USAGE = `npm run scheme -- lint FILE...
npm run scheme -- draft FILE                --at URL --user NAME
npm run scheme -- simulate ID VERSION PERIOD --at URL --user NAME
npm run scheme -- adopt ID VERSION          --at URL --user NAME --body BODY --date YYYY-MM-DD --record RECORD
  --lang zh-CN|en

lint      检查方案文件，逐条说明错误；有错误时退出码为 1。  Explains every fault of scheme documents; exit code 1 where there is one.
draft     把方案交给县里的系统，成为草案。                 Hands a document to the county's system as a draft.
simulate  用某一时期的记录试算草案，与现行方案对照。         What a draft would make of a period's entries, beside what holds.
adopt     登记草案已经表决通过（由起草人以外的管理员）。      Records that a draft was adopted (by another manager than who drafted it).
密码从 XINQIAO_PASSWORD 读取，否则询问。 The password is read from XINQIAO_PASSWORD, or asked for.`;

const OPTIONS = {
  lang: { type: 'string' },
  at: { type: 'string' },
  user: { type: 'string' },
  body: { type: 'string' },
  date: { type: 'string' },
  record: { type: 'string' },
} as const;

/** What was called, ready to run; `undefined` where the call is not understood. */
function readCall(): (() => Promise<boolean>) | undefined {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const { lang, at = '', user = '', body = '', date = '', record = '' } = values;
  const say = Say.in(lang ?? process.env['LANG'] ?? '');
  if (lang !== undefined && !say.isPlain) return undefined;
  const [command, first = '', second = '', third = ''] = positionals;
  if (command === 'lint') return first === '' ? undefined : () => lint(positionals.slice(1), say);
  const office = async (act: (office: Awaited<ReturnType<typeof openOffice>>) => Promise<void>): Promise<boolean> => {
    await act(await openOffice(at.replace(/\/$/, ''), user));
    return true;
  };
  if (at === '' || user === '' || first === '') return undefined;
  if (command === 'draft')
    return async () => (await lint([first], say)) && office((county) => keepDraft(county, first, say));
  if (command === 'simulate' && third !== '')
    return () => office((county) => simulate(county, [first, second, third], say));
  if (command === 'adopt' && second !== '' && body !== '' && date !== '' && record !== '')
    return () => office((county) => adopt(county, [first, second], { body, date, record }, say));
  return undefined;
}

/** `undefined` also for an option that there is not. */
function understood(): ReturnType<typeof readCall> {
  try {
    return readCall();
  } catch {
    return undefined;
  }
}

const call = understood();
if (call === undefined) console.error(USAGE);
process.exitCode = call === undefined ? 1 : await exitCodeOf(call);
