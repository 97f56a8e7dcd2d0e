import { NatsError } from '../nats-error.js';
import type { ConnectionSettings } from './settings.js';

/** Names of errors of the client library, of Node's sockets and of OpenSSL. */
interface Named {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly cause?: unknown;
}

/** Where a connection goes, for a sentence. */
export function whereText({ servers }: ConnectionSettings): string {
  return servers.map((server) => `nats://${server}`).join(', ');
}

/** Why there is no connection, in a sentence. */
export function explainConnecting(error: unknown, settings: ConnectionSettings): NatsError {
  if (error instanceof NatsError) return error;
  const where = whereText(settings);
  const { name = '', code = '', message = String(error) } = (error ?? {}) as Named;
  const options = { cause: error };
  if (name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError') {
    const next =
      settings.identity === undefined
        ? 'say who you are with --creds, --nkey, --user or a context'
        : 'check --creds, --nkey, --user, the variables NATS_* and the context';
    return new NatsError(
      'NOT_PERMITTED',
      `the NATS server at ${where} refuses you (${message}); ${next}`,
      options,
    );
  }
  if (name === 'TimeoutError') {
    return new NatsError('TIMED_OUT', `the NATS server at ${where} did not answer in time`, options);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new NatsError('NO_SERVER', `the host of ${where} is not known (${code})`, options);
  }
  if (wantsCertificate(code)) {
    const sentence = `the NATS server at ${where} wants a certificate that it trusts (${code}); give --tlscert and --tlskey`;
    return new NatsError('NOT_PERMITTED', sentence, options);
  }
  if (/^(?:DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS_CERT)/.test(code)) {
    const sentence = `the certificate of the NATS server at ${where} is not trusted (${code}); name its authority with --tlsca`;
    return new NatsError('FAILED', sentence, options);
  }
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_OSSL_') || code.startsWith('ERR_TLS_')) {
    return new NatsError('FAILED', `no TLS with the NATS server at ${where} (${code})`, options);
  }
  if (message === 'connection refused' || isUnreachable(code)) {
    const why = code === '' ? message : code;
    return new NatsError(
      'NO_SERVER',
      `there is no NATS server at ${where} (${why}); start one with: nats-server`,
      options,
    );
  }
  return new NatsError('FAILED', `no connection to a NATS server at ${where} (${message})`, options);
}

function wantsCertificate(code: string): boolean {
  return /^ERR_SSL_.*(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)$/.test(code);
}

function isUnreachable(code: string): boolean {
  return ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ETIMEDOUT'].includes(
    code,
  );
}

/** What a server forbids, of an error that a subscription or the connection reports; undefined for any other error. */
export function explainForbidden(error: unknown): NatsError | undefined {
  const { name, operation, subject } = (error ?? {}) as {
    name?: string;
    operation?: string;
    subject?: string;
  };
  if (name !== 'PermissionViolationError') return undefined;
  const doing = operation === 'subscription' ? 'subscribe to' : 'publish to';
  return new NatsError(
    'NOT_PERMITTED',
    `the NATS server does not permit you to ${doing} ${subject}; its administrator can allow it`,
    { cause: error },
  );
}
