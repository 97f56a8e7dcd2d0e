import { statSync } from 'node:fs';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ConnectionOptions as ClientOptions, TlsOptions } from '@nats-io/transport-node';
import { NatsError } from '../nats-error.js';
import { explainConnecting, whereText } from './explain.js';
import { authenticatorOf } from './authenticator.js';
import type { NatsConnection } from './nats-connection.js';
import { OpenedSockets } from './opened-sockets.js';
import { readable } from './readable.js';
import type { ConnectionSettings, TlsSettings } from './settings.js';

export interface ConnectOptions {
  /** What the server shows as the name of this connection. */
  readonly name: string;
  /** Milliseconds for the first connection; 5000. */
  readonly timeout?: number | undefined;
  /** Aborting it cancels the first connection. */
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_TIMEOUT = 5000;

/** How often a dead connection is noticed by a ping, in milliseconds; twice without an answer ends it. */
const PING_INTERVAL = 20_000;

/** Between two attempts to connect again, in milliseconds; and once it has been tried for so long. */
const SOON = 100;
const LATER = 1000;
const LATER_AFTER = 10_000;

/**
 * Connects. From then on the connection comes back by itself, however long the server is away; only `close` ends it.
 *
 * @throws {NatsError} NO_SERVER, TIMED_OUT, NOT_PERMITTED, WRONG_SETTING, FAILED
 */
export async function connect(
  settings: ConnectionSettings,
  { name, timeout = DEFAULT_TIMEOUT, signal }: ConnectOptions,
): Promise<NatsConnection> {
  signal?.throwIfAborted();
  const { connect: dial } = await import('@nats-io/transport-node');
  const pace = new ReconnectPace();
  const sockets = new OpenedSockets();
  const options: ClientOptions = {
    servers: [...settings.servers],
    name,
    // The client library can't cancel a connection: an aborted attempt continues for this long.
    timeout: Math.min(timeout, DEFAULT_TIMEOUT),
    maxReconnectAttempts: -1,
    // A server that refuses credentials now may accept them after its next reload.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => pace.next(),
    pingInterval: PING_INTERVAL,
    noAsyncTraces: true,
    ...(settings.identity !== undefined && { authenticator: await authenticatorOf(settings.identity) }),
    ...(settings.tls !== undefined && {
      tls: tlsOptions(settings.tls, (host) => checkedName(host, settings, sockets)),
    }),
    ...(settings.inboxPrefix !== undefined && { inboxPrefix: settings.inboxPrefix }),
  };
  const dialing = sockets.run(() => dial(options));
  try {
    const connection: NatsConnection = await withinTime(dialing, timeout, signal, whereText(settings));
    void pace.follow(connection);
    return connection;
  } catch (error) {
    // Under TLS 1.3 a server that misses a certificate hangs up after the handshake, which the client library passes over.
    const hungUp = settings.tls !== undefined && sockets.closed;
    // A connection that is made after a timeout or an abort has no owner.
    dialing.then((late) => late.close()).catch(() => sockets.destroy());
    signal?.throwIfAborted();
    throw explainConnecting(hungUp && isLate(error) ? CERTIFICATE_MISSING : error, settings);
  }
}

/** The name that a certificate has to have: where a server is given by its address, the client library gives no name. */
function checkedName(name: string, { servers }: ConnectionSettings, { address }: OpenedSockets): string {
  const hosts = servers.map((server) => server.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''));
  return name === 'localhost' && address !== undefined && hosts.includes(address) ? address : name;
}

function tlsOptions({ cert, key, ca, first }: TlsSettings, nameOf: (name: string) => string): TlsOptions {
  for (const file of [cert, key, ca]) if (file !== undefined) readable(file, () => statSync(file));
  const checks: object = {
    checkServerIdentity: (name: string, certificate: PeerCertificate) =>
      checkServerIdentity(nameOf(name), certificate),
  };
  return {
    ...checks,
    ...(cert !== undefined && { certFile: cert }),
    ...(key !== undefined && { keyFile: key }),
    ...(ca !== undefined && { caFile: ca }),
    ...(first && { handshakeFirst: true }),
  };
}

/** The client library's own timeout applies to each server and address. */
async function withinTime<T>(
  promise: Promise<T>,
  timeout: number,
  signal: AbortSignal | undefined,
  where: string,
): Promise<T> {
  const over = new AbortController();
  const late = setTimeout(() => over.abort(), timeout);
  const abort = (): void => over.abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        over.signal.addEventListener('abort', () => {
          reject(new NatsError('TIMED_OUT', `the NATS server at ${where} did not answer in time`));
        });
      }),
    ]);
  } finally {
    clearTimeout(late);
    signal?.removeEventListener('abort', abort);
  }
}

const CERTIFICATE_MISSING = { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' };

function isLate(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === 'TimeoutError' || (error as NatsError).code === 'TIMED_OUT')
  );
}

/** When to try again: soon, and less often once the server has been away for a while. */
class ReconnectPace {
  #awaySince: number | undefined;

  next(): number {
    const away = this.#awaySince === undefined ? 0 : performance.now() - this.#awaySince;
    const least = away < LATER_AFTER ? SOON : LATER;
    // Random, so that not all clients reconnect at the same moment.
    return least * (1 + Math.random());
  }

  async follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.#awaySince ??= performance.now();
      else if (type === 'reconnect') this.#awaySince = undefined;
    }
  }
}
