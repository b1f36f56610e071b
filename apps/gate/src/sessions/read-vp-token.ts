import { GatewayError } from '#libs/platform';

/** Longer than any presentation that is parsed; what is longer is no presentation. */
const MAX_CHARS = 16_384;

/**
 * The one presentation in a wallet's answer (OpenID4VP 1.0 §8.1): `vp_token` is `{tier: [presentation]}`, in a form post
 * (§8.2) as JSON text.
 * @throws GatewayError BODY_INVALID naming the member that is not as it should be
 */
export function readVpToken(body: unknown): string {
  if (!isHolder(body)) return refuse('', 'must be an object');
  const { vp_token: token, state, ...others } = body;
  const [surplus] = Object.keys(others);
  if (surplus !== undefined) return refuse(`/${surplus.slice(0, 40)}`, 'is not allowed here');
  if (state !== undefined && typeof state !== 'string') return refuse('/state', 'must be string');
  const answers = typeof token === 'string' ? parse(token) : token;
  if (!isHolder(answers) || Object.keys(answers).length !== 1) return refuse('/vp_token', 'must answer exactly tier');
  const presentations = answers['tier'];
  if (!Array.isArray(presentations) || presentations.length !== 1) return refuse('/vp_token/tier', 'must hold one');
  const [presentation] = presentations as readonly unknown[];
  if (typeof presentation !== 'string' || presentation.length > MAX_CHARS)
    return refuse('/vp_token/tier/0', 'must be a presentation');
  return presentation;
}

/** The body of a `direct_post`: each member once. @throws GatewayError BODY_INVALID */
export function readFormBody(text: string): Readonly<Record<string, string>> {
  const entries = [...new URLSearchParams(text)];
  if (new Set(entries.map(([name]) => name)).size !== entries.length) return refuse('', 'names a member twice');
  return Object.fromEntries(entries);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(path: string, message: string): never {
  throw new GatewayError('BODY_INVALID', { fields: [{ path, message }] });
}
