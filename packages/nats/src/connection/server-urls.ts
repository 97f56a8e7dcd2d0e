import { NatsError } from '../nats-error.js';
import type { Identity } from './identity.js';

/** What a list of server URLs says. */
interface ServerUrls {
  /** Each as `host:port`. */
  readonly servers: readonly string[];
  /** Whether one of them has the scheme `tls`. */
  readonly tls: boolean;
  /** Who to be, from `user:password@` or `token@`. */
  readonly identity: Identity | undefined;
}

const DEFAULT_PORT = '4222';

/**
 * Takes server URLs apart: the client library knows hosts and ports only.
 *
 * @param text URLs, separated by commas; the scheme may be missing
 * @param source where they stand, for the error: `--server`
 * @throws {NatsError} WRONG_SETTING
 */
export function readServerUrls(text: string, source: string): ServerUrls {
  const urls = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => readUrl(part, source));
  if (urls.length === 0) throw new NatsError('WRONG_SETTING', `${source} names no server`);
  const identities = urls.map(identityOf).filter((identity) => identity !== undefined);
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || DEFAULT_PORT}`),
    tls: urls.some(({ protocol }) => protocol === 'tls:'),
    identity: identities[0],
  };
}

function readUrl(part: string, source: string): URL {
  const url = parseUrl(part.includes('://') ? part : `nats://${part}`);
  if (url !== undefined && /^wss?:$/.test(url.protocol)) {
    throw new NatsError(
      'WRONG_SETTING',
      `${source}: WebSockets are not supported; use a nats:// or tls:// URL`,
    );
  }
  if (url !== undefined && /^(?:nats|tls):$/.test(url.protocol) && url.hostname !== '' && isComplete(url)) {
    return url;
  }
  // The text is not repeated: it may hold a password.
  throw new NatsError('WRONG_SETTING', `${source} must be like nats://host:4222 or tls://host:4222`);
}

function parseUrl(text: string): URL | undefined {
  try {
    const url = new URL(text);
    decodeURIComponent(url.username + url.password);
    return url;
  } catch {
    return undefined;
  }
}

/** Whether nothing follows the port, at which something can listen. */
function isComplete({ port, pathname, search, hash }: URL): boolean {
  return port !== '0' && /^\/?$/.test(pathname) && search === '' && hash === '';
}

/** A name without a password is a token, as for the clients of NATS themselves. */
function identityOf({ username, password }: URL): Identity | undefined {
  if (username === '' && password === '') return undefined;
  const user = decodeURIComponent(username);
  if (password === '') return { kind: 'token', token: user };
  return { kind: 'user', user, password: decodeURIComponent(password) };
}
