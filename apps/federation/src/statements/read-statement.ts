import { isJsonObject, isNumericDate, parseCompactJws, type JsonValue, type ParsedJws } from '#libs/jose-profile';

export const STATEMENT_TYP = 'xinqiao-statement+jwt';

/** What a member says (`docs/wire.md`, Statement). */
export type StatementBody =
  | { readonly kind: 'scheme-declaration'; readonly payload: string; readonly signature: string }
  | { readonly kind: 'document-signature'; readonly digest: string; readonly signature: string };

export interface Statement {
  readonly iss: string;
  /** Unix seconds. */
  readonly iat: number;
  readonly jti: string;
  readonly body: StatementBody;
  readonly jws: ParsedJws;
}

const MAX_CHARS = 32_768;
const MEMBERS = ['iss', 'iat', 'jti', 'kind', 'body'] as const;

/** Parses a statement strictly; `undefined` for anything that is none. Its signature is not verified here. */
export function readStatement(token: string): Statement | undefined {
  const parsed = parseCompactJws(token, { typ: STATEMENT_TYP, maxChars: MAX_CHARS });
  if (!parsed.ok || parsed.value.kid === undefined || Object.keys(parsed.value.header).length !== 3) return undefined;
  const { payload } = parsed.value;
  if (!hasExactly(payload, MEMBERS)) return undefined;
  const { iss, iat, jti, kind } = payload;
  const body = readBody(kind, payload['body']);
  if (!isText(iss, 200) || !isText(jti, 200) || !isNumericDate(iat) || body === undefined) return undefined;
  return { iss, iat, jti, body, jws: parsed.value };
}

function readBody(kind: JsonValue | undefined, body: JsonValue | undefined): StatementBody | undefined {
  if (!isJsonObject(body)) return undefined;
  const { payload, digest, signature } = body;
  if (!isText(signature, 1_024)) return undefined;
  if (kind === 'scheme-declaration' && isText(payload, MAX_CHARS) && hasExactly(body, ['payload', 'signature']))
    return { kind, payload, signature };
  if (kind === 'document-signature' && isText(digest, 43) && hasExactly(body, ['digest', 'signature']))
    return { kind, digest, signature };
  return undefined;
}

function hasExactly(value: object, names: readonly string[]): boolean {
  const found = Object.keys(value);
  return found.length === names.length && names.every((name) => Object.hasOwn(value, name));
}

function isText(value: JsonValue | undefined, max: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= max;
}
