import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NatsError } from '../nats-error.js';
import { readable } from './readable.js';

/** The fields of a context that are used here. All are text except `tls_first`. */
const USED = [
  'url',
  'user',
  'password',
  'token',
  'creds',
  'nkey',
  'cert',
  'key',
  'ca',
  'inbox_prefix',
  'jetstream_domain',
  'jetstream_api_prefix',
] as const;

/** Fields that only concern other programs. */
const PASSED_OVER: ReadonlySet<string> = new Set(['description', 'color_scheme', 'jetstream_event_prefix']);

const PATHS: ReadonlySet<string> = new Set(['creds', 'nkey', 'cert', 'key', 'ca']);

/** A context of the `nats` command, from its file, without empty fields. */
export type Context = Readonly<Partial<Record<(typeof USED)[number], string>>> & {
  readonly name: string;
  readonly tlsFirst: boolean;
};

type Environment = Readonly<NodeJS.ProcessEnv>;

/**
 * Reads a context.
 * @param name which; without one, that which `nats context select` chose
 * @returns undefined where none is named and none was chosen
 * @throws {NatsError} WRONG_SETTING, NOT_PERMITTED
 */
export function readContext(name: string | undefined, environment: Environment): Context | undefined {
  const folder = folderOf(environment);
  const wanted = name ?? selected(folder);
  if (wanted === undefined) return undefined;
  // Like the nats command: a name must not lead to another folder.
  if (wanted.includes('/') || wanted.includes('..')) {
    throw new NatsError('WRONG_SETTING', `'${wanted}' can't be the name of a NATS context`);
  }
  const file = join(folder, 'context', `${wanted}.json`);
  const what = `the NATS context '${wanted}'`;
  return fieldsOf(
    readable(file, () => readFileSync(file, 'utf8')),
    wanted,
    what,
    environment,
  );
}

function folderOf(environment: Environment): string {
  return join(environment['XDG_CONFIG_HOME'] || join(homeOf(environment), '.config'), 'nats');
}

/** Containers run as users that the system does not know; as for daemons, their home is the root. */
function homeOf({ HOME: home }: Environment): string {
  if (home) return home;
  try {
    return homedir();
  } catch {
    return '/';
  }
}

/** An unreadable selection counts as none, as for the nats command. */
function selected(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'context.txt'), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(text: string, name: string, what: string, environment: Environment): Context {
  const fields = parseObject(text);
  if (fields === undefined) throw new NatsError('WRONG_SETTING', `${what} is not a JSON object`);
  const { tls_first: tlsFirst, ...others } = fields;
  const context: Record<string, string> = {};
  for (const [key, value] of Object.entries(others)) {
    if (value === '' || value === null || value === false || PASSED_OVER.has(key)) continue;
    if (!USED.some((used) => used === key)) {
      throw new NatsError('WRONG_SETTING', `${what} has the field '${key}', which is not supported here`);
    }
    if (typeof value !== 'string') throw new NatsError('WRONG_SETTING', `${what}: '${key}' must be text`);
    context[key] = PATHS.has(key) ? expanded(value, environment) : value;
  }
  return { ...context, name, tlsFirst: tlsFirst === true };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A path with `~` and with variables as `$NAME` or `${NAME}`. */
function expanded(path: string, environment: Environment): string {
  return path
    .replace(/^~(?=\/|$)/, () => homeOf(environment))
    .replace(
      /\$(?:\{(\w+)\}|(\w+))/g,
      (_, braced?: string, bare?: string) => environment[braced ?? bare ?? ''] ?? '',
    );
}
