import process from 'node:process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

const TIMEOUT_MS = 60_000;

/** What the county answered instead. */
export class Refused extends Error {
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
}

/**
 * Signs in with a password from `XINQIAO_PASSWORD`, or asked for without showing it.
 * @throws Refused
 */
export async function openOffice(at: string, username: string): Promise<CountyOffice> {
  const password = process.env['XINQIAO_PASSWORD'] ?? (await askPassword(username));
  const { token } = await post<{ readonly token: string }>(`${at}/v1/staff/sessions`, { username, password }, {});
  return { post: (path, body) => post(at + path, body, { authorization: `Bearer ${token}` }) };
}

async function post<Answer>(url: string, body: object, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new Refused('NOT_REACHED', `${url} 连接不上 cannot be reached: ${String(cause)}`, []);
  });
  const answer = (await response.json()) as Answer & Partial<Pick<Refused, 'code' | 'title' | 'fields'>>;
  if (!response.ok) throw new Refused(answer.code ?? String(response.status), answer.title ?? '', answer.fields ?? []);
  return answer;
}

function askPassword(username: string): Promise<string> {
  process.stderr.write(`${username} 密码 password: `);
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
