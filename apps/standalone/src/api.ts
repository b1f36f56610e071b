/** A problem+json answer of a service, as an exception of the caller that did not expect one. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    request: string,
    fields: string,
  ) {
    super(`${request} answered ${status} ${code}${fields}`);
  }
}

/** A small client of one service: JSON in, JSON out, the staff token along. */
export interface Api {
  readonly url: string;
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

const TIMEOUT_MS = 15_000;

/** @param token a staff token, or `undefined` for public routes only */
export function apiAt(url: string, token?: string): Api {
  const call = async <Answer>(path: string, body?: unknown, extra: Record<string, string> = {}): Promise<Answer> => {
    const method = body === undefined ? 'GET' : 'POST';
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...extra,
    };
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return answer as Answer;
    const { code, fields } = readProblem(answer);
    throw new ApiProblem(response.status, code, `${method} ${path}`, fields);
  };
  return {
    url,
    get: (path) => call(path),
    post: call,
  };
}

/** A client that signs in before its first request and carries the token from then on. */
export function signedInApi(url: string, username: string, password: string): Api {
  let opened: Promise<Api> | undefined;
  const session = (): Promise<Api> =>
    (opened ??= apiAt(url)
      .post<{ token: string }>('/v1/staff/sessions', { username, password })
      .then(({ token }) => apiAt(url, token)));
  return {
    url,
    get: async (path) => (await session()).get(path),
    post: async (path, body, headers) => (await session()).post(path, body, headers),
  };
}

interface ProblemAnswer {
  readonly code?: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
}

function readProblem(body: unknown): { readonly code: string; readonly fields: string } {
  const { code = 'UNKNOWN', fields = [] } = (body ?? {}) as ProblemAnswer;
  return { code, fields: fields.map(({ path, message }) => ` (${path} ${message})`).join('') };
}
