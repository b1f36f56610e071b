import process from 'node:process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

const TIMEOUT_MS = 60_000;

/** What the county answered instead. */
class Refused extends Error {
  constructor(
    readonly code: string,
    readonly title: string,
    /** Where in what was sent, and what is wrong there. */
    readonly fields: readonly { readonly path: string; readonly message: string }[],
  ) {
    super(code);
  }
}

/** A county's interface, signed in. */
export interface CountyOffice {
  post<Answer>(path: string, body: object): Promise<Answer>;
  /** The text of an answer: JSON, a page or a table. @param body JSON */
  ask(method: string, path: string, body?: string): Promise<string>;
}

/**
 * Signs in with a password from `XINQIAO_PASSWORD`, or asked for without showing it.
 * @throws Refused
 */
export async function openOffice(at: string, username: string): Promise<CountyOffice> {
  const password = process.env['XINQIAO_PASSWORD'] ?? (await askSecret(`${username} 密码 password: `));
  const signIn = JSON.stringify({ username, password });
  const { token } = JSON.parse(await send('POST', `${at}/v1/staff/sessions`, signIn)) as { readonly token: string };
  const ask: CountyOffice['ask'] = (method, path, body) => send(method, at + path, body, `Bearer ${token}`);
  return { ask, post: async (path, body) => JSON.parse(await ask('POST', path, JSON.stringify(body))) as never };
}

/**
 * Exchanges a one-time password (`XINQIAO_PASSWORD`) for one of one's own (`XINQIAO_NEW_PASSWORD`); asks for what is not given.
 * @throws Refused
 */
export async function changePassword(at: string, username: string): Promise<void> {
  const password = process.env['XINQIAO_PASSWORD'] ?? (await askSecret('一次性密码 one-time password: '));
  const newPassword =
    process.env['XINQIAO_NEW_PASSWORD'] ??
    (await askSecret('新密码，至少 12 个字符 new password, at least 12 characters: '));
  await send('POST', `${at}/v1/staff/password`, JSON.stringify({ username, password, newPassword }));
}

async function send(method: string, url: string, body?: string, authorization?: string): Promise<string> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { ...json, ...(authorization === undefined ? {} : { authorization }) };
  const content = body === undefined ? {} : { body };
  const response = await fetch(url, { method, headers, ...content, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (cause: unknown) => {
      throw new Refused('NOT_REACHED', `${url} 连接不上 cannot be reached: ${String(cause)}`, []);
    },
  );
  const text = await response.text();
  if (response.ok) return text;
  const { code, title, fields } = problemIn(text);
  throw new Refused(code ?? String(response.status), title ?? '', fields ?? []);
}

function problemIn(text: string): Partial<Pick<Refused, 'code' | 'title' | 'fields'>> {
  try {
    return JSON.parse(text) as object;
  } catch {
    // Not an answer of the county: a proxy's, say.
    return {};
  }
}

function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  // What is typed is echoed nowhere.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asked = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  return new Promise((resolve) => {
    asked.question('', (answer) => {
      asked.close();
      process.stderr.write('\n');
      resolve(answer);
    });
  });
}

/** Runs a tool and says what the county refused. @returns the exit code */
export async function exitCodeOf(tool: () => Promise<boolean>): Promise<0 | 1> {
  try {
    return (await tool()) ? 0 : 1;
  } catch (fault) {
    if (isFileFault(fault)) {
      console.error(fault.message);
      return 1;
    }
    if (!(fault instanceof Refused)) throw fault;
    console.error(`${fault.code}  ${fault.title}`);
    for (const { path, message } of fault.fields) console.error(`  ${path}  ${message}`);
    return 1;
  }
}

/** A file that is not there or cannot be read. */
function isFileFault(fault: unknown): fault is Error {
  return fault instanceof Error && 'syscall' in fault;
}
