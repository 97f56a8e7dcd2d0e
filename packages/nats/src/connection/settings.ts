import { NatsError } from '../nats-error.js';
import { readContext, type Context } from './context-file.js';
import type { Identity } from './identity.js';
import { readServerUrls } from './server-urls.js';

/** What the options of a command line say, under commander's names. */
export interface ConnectionOptions {
  readonly server?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly creds?: string | undefined;
  readonly nkey?: string | undefined;
  readonly tlscert?: string | undefined;
  readonly tlskey?: string | undefined;
  readonly tlsca?: string | undefined;
  readonly context?: string | undefined;
}

/** Paths of files in PEM. */
export interface TlsSettings {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly ca: string | undefined;
  /** Whether TLS begins before the server has said anything. */
  readonly first: boolean;
}

/** Where to connect, as whom, and how. */
export interface ConnectionSettings {
  /** Each as `host:port`. */
  readonly servers: readonly string[];
  readonly identity: Identity | undefined;
  /** Undefined: TLS if the server asks for it. */
  readonly tls: TlsSettings | undefined;
  readonly inboxPrefix: string | undefined;
  readonly jetstreamDomain: string | undefined;
  readonly jetstreamApiPrefix: string | undefined;
}

const DEFAULT_URL = 'nats://127.0.0.1:4222';

/** The variable that stands for each option. */
const VARIABLES: Readonly<Record<keyof ConnectionOptions, string>> = {
  server: 'NATS_URL',
  user: 'NATS_USER',
  password: 'NATS_PASSWORD',
  creds: 'NATS_CREDS',
  nkey: 'NATS_NKEY',
  tlscert: 'NATS_CERT',
  tlskey: 'NATS_KEY',
  tlsca: 'NATS_CA',
  context: 'NATS_CONTEXT',
};

/**
 * Where to connect: an option comes before its variable, and both come before the context. Credentials are one thing: those
 * of an option leave nothing of those of a variable or a context, except that a password may come from elsewhere than its
 * user.
 *
 * @throws {NatsError} WRONG_SETTING, NOT_PERMITTED
 */
export function connectionSettings(
  options: ConnectionOptions,
  environment: Readonly<NodeJS.ProcessEnv> = process.env,
): ConnectionSettings {
  const variables = fromEnvironment(environment);
  const context = readContext(options.context ?? variables.context, environment);
  const [url, source] = urlOf(options, variables, context);
  const { servers, tls, identity } = readServerUrls(url, source);
  const password = options.password ?? variables.password;
  const own =
    identityOf(options, password, '--') ??
    (source === '--server' ? identity : undefined) ??
    identityOf(variables, password, 'NATS_') ??
    (source === 'NATS_URL' ? identity : undefined);
  return {
    servers,
    identity: own ?? (context === undefined ? identity : (identityOfContext(context, password) ?? identity)),
    tls: tlsOf(options, variables, context, tls),
    inboxPrefix: context?.inbox_prefix,
    jetstreamDomain: context?.jetstream_domain,
    jetstreamApiPrefix: context?.jetstream_api_prefix,
  };
}

/** An empty variable is one that is not set. */
function fromEnvironment(environment: Readonly<NodeJS.ProcessEnv>): ConnectionOptions {
  return Object.fromEntries(
    Object.entries(VARIABLES).map(([name, variable]) => [name, environment[variable] || undefined]),
  );
}

function urlOf(
  options: ConnectionOptions,
  variables: ConnectionOptions,
  context: Context | undefined,
): [url: string, source: string] {
  if (options.server !== undefined) return [options.server, '--server'];
  if (variables.server !== undefined) return [variables.server, 'NATS_URL'];
  if (context?.url !== undefined) return [context.url, `the URL of the NATS context '${context.name}'`];
  return [DEFAULT_URL, 'the default'];
}

/** A user without a password is a token, as for the nats command. */
function identityOf(
  { user, creds, nkey }: ConnectionOptions,
  password: string | undefined,
  prefix: '--' | 'NATS_',
): Identity | undefined {
  const given = Object.entries({ user, creds, nkey }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => prefix + (prefix === '--' ? name : name.toUpperCase()));
    throw new NatsError('WRONG_SETTING', `${names.join(' and ')} say who you are: give one of them`);
  }
  if (creds !== undefined) return { kind: 'creds', file: creds };
  if (nkey !== undefined) return { kind: 'nkey', file: nkey };
  if (user === undefined) return undefined;
  return password === undefined ? { kind: 'token', token: user } : { kind: 'user', user, password };
}

/** Where a context has several, the nats command takes them in this order. */
function identityOfContext(context: Context, password = context.password): Identity | undefined {
  const { user, creds, nkey, token } = context;
  if (user !== undefined) return { kind: 'user', user, password: password ?? '' };
  if (creds !== undefined) return { kind: 'creds', file: creds };
  if (nkey !== undefined) return { kind: 'nkey', file: nkey };
  return token === undefined ? undefined : { kind: 'token', token };
}

function tlsOf(
  options: ConnectionOptions,
  variables: ConnectionOptions,
  context: Context | undefined,
  wanted: boolean,
): TlsSettings | undefined {
  const cert = options.tlscert ?? variables.tlscert ?? context?.cert;
  const key = options.tlskey ?? variables.tlskey ?? context?.key;
  const ca = options.tlsca ?? variables.tlsca ?? context?.ca;
  const first = context?.tlsFirst === true;
  if ((cert === undefined) !== (key === undefined)) {
    throw new NatsError('WRONG_SETTING', '--tlscert and --tlskey belong together: give both or neither');
  }
  if (!wanted && !first && cert === undefined && ca === undefined) return undefined;
  return { cert, key, ca, first };
}
