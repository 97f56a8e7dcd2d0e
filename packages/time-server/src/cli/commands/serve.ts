import { readNamingKey } from '@timeq/cli-kit/args/key';
import { keyOfPlace, readKeyPlace } from '@timeq/cli-kit/args/key-place';
import { readMode } from '@timeq/cli-kit/args/mode';
import { zoneComplaint } from '@timeq/cli-kit/args/zone';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import { ftok } from '@timeq/mq-native';
import { DEFAULT_KEY } from '@timeq/time-protocol';
import type { ReplyStyle } from '../../queue/dialect.js';
import { ServerError } from '../../server-error.js';
import { TimeServer } from '../../time-server.js';
import type { TimeServerOptions } from '../../time-server.js';
import { ENDED_AT_ONCE, exitCodeOf } from '../exit-codes.js';
import { readGroup } from '../group.js';
import { logWriter } from '../log-writer.js';
import { ServiceManager } from '../service-manager.js';
import type { LogFormat } from '../log-writer.js';

/** The options as they were typed. */
interface ServeOptions {
  readonly key?: string;
  readonly path?: string;
  readonly projectId?: string;
  readonly mode?: string;
  readonly group?: string;
  readonly reply?: ReplyStyle;
  readonly onStop?: 'exit' | 'ignore';
  readonly takeover?: true;
  readonly adoptForeign?: true;
  readonly logFormat?: LogFormat;
  readonly quiet?: true;
}

/** The server's options. @throws UsageError */
export function readOptions(options: ServeOptions): TimeServerOptions {
  const { key, mode, group, reply = 'auto', onStop = 'exit', takeover, adoptForeign } = options;
  const place = readKeyPlace({ ...options });
  return {
    key: place === undefined ? readNamingKey(key ?? String(DEFAULT_KEY)) : keyOfPlace(place, ftok),
    mode: readMode(mode ?? '0600'),
    gid: group === undefined ? undefined : readGroup(group),
    reply,
    onStop,
    takeover,
    adoptForeign,
  };
}

/** Serves until it is stopped. */
export async function serve(options: ServeOptions, overrides: TimeServerOptions): Promise<number> {
  const serverOptions = readOptions(options);
  const log = logWriter(options.logFormat ?? 'text', options.quiet === true, process);
  const complaint = zoneComplaint();
  if (complaint !== undefined) log({ level: 'warning', event: 'zone', message: complaint, details: {} });
  try {
    await serveUntilStopped({ ...serverOptions, log, ...overrides });
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    log({ level: 'error', event: 'failed', message: error.message, details: { code: error.code } });
    return exitCodeOf(error.code);
  }
}

async function serveUntilStopped(options: TimeServerOptions): Promise<void> {
  using interruption = new Interruption();
  using manager = new ServiceManager(process.env, options.log);
  const running: { server?: TimeServer } = {};
  const endAtOnce = (): never => {
    running.server?.abandon();
    process.exit(ENDED_AT_ONCE);
  };
  interruption.signal.addEventListener('abort', () => {
    // Before it serves it waits only for another server's end: there is nothing to clean up yet.
    if (running.server === undefined) endAtOnce();
    else running.server.stop(interruption.name === 'SIGINT' ? 'Ctrl-C' : (interruption.name ?? ''));
  });
  interruption.second.addEventListener('abort', endAtOnce);
  running.server = await TimeServer.start({ ...options, log: (event) => manager.hear(event) });
  await running.server.ended;
}
