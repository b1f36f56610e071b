/**
 * How to reach the bus. `nats`: one URL, or several of one cluster separated by commas; a token or user and password may
 * stand in the first. `tcp`: Nest's own transport, one server at a known address; it carries requests, not hints.
 */
export type BusOptions =
  | { readonly kind: 'nats'; readonly url: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** Characters; a statement is a few kilobytes. */
export const MAX_TCP_MESSAGE = 1_000_000;

/** Options of the NATS client. The client does not read credentials from an URL, so they are taken out here. */
export interface NatsConnection {
  readonly servers: string[];
  readonly token?: string;
  readonly user?: string;
  readonly pass?: string;
  readonly tls?: object;
  readonly name: string;
  /** Milliseconds for one attempt to connect. */
  readonly timeout: number;
  readonly maxReconnectAttempts: number;
  readonly reconnectTimeWait: number;
}

/** @throws TypeError when a URL is none; the message does not repeat it */
export function natsConnection(url: string, name: string): NatsConnection {
  const urls = url.split(',').map((text) => {
    const parsed = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
    if (parsed === undefined || parsed.host === '')
      throw new TypeError('the NATS address is not a URL like nats://host:4222');
    return parsed;
  });
  const [first] = urls;
  return {
    servers: urls.map(({ host }) => host),
    ...credentialsOf(first),
    ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
    name,
    timeout: 5_000,
    // For ever: an outage of any length ends by itself.
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
  };
}

function credentialsOf(url: URL | undefined): { token?: string; user?: string; pass?: string } {
  if (url === undefined || url.username === '') return {};
  const user = decodeURIComponent(url.username);
  return url.password === '' ? { token: user } : { user, pass: decodeURIComponent(url.password) };
}
