import { readOwner } from '@timeq/cli-kit/args/owner';
import { groupId, isTimeZone, sendUnixDatagram } from '@timeq/mq-native/libc';
import { readNamingKey } from '@timeq/cli-kit/args/key';
import { keyOfPlace, readKeyPlace } from '@timeq/cli-kit/args/key-place';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { readMode } from '@timeq/cli-kit/args/mode';
import { zoneComplaint } from '@timeq/cli-kit/args/zone';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { logWriter } from '@timeq/cli-kit/service/log-writer';
import { ServiceManager } from '@timeq/cli-kit/service/service-manager';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import { ftok } from '@timeq/mq-native';
import { exitCodeOfNatsError, givenConnectionOption } from '@timeq/nats/options';
import { DEFAULT_KEY } from '@timeq/time-protocol';
import type { ReplyStyle } from '../../queue/reply-style.js';
import { ServerError } from '../../server-error.js';
import { TestClock } from '../../clock/test-clock.js';
import type { LogEvent } from '../../log.js';
import { TimeServer, type TimeServerOptions } from '../../time-server.js';
import { ENDED_AT_ONCE, EXIT_OF_SERVER_ERROR } from '../exit-codes.js';
import type { NatsPlace, NatsServeOptions } from '../nats/read-nats.js';
import { RequestLog } from '../request-log.js';

/** The options as they were typed. */
interface ServeOptions extends NatsServeOptions {
  readonly key?: string;
  readonly path?: string;
  readonly projectId?: string;
  readonly mode?: string;
  readonly group?: string;
  readonly reply?: ReplyStyle;
  readonly onStop?: 'exit' | 'ignore';
  readonly takeover?: true;
  readonly adoptForeign?: true;
  readonly logFormat?: 'text' | 'json';
  readonly quiet?: true;
  readonly verbose?: true;
  readonly clock?: string;
  readonly allowSetClock?: true;
}

/** The server's options. @throws UsageError */
export function readOptions(options: ServeOptions): TimeServerOptions {
  const { key, mode, group, reply = 'auto', onStop = 'exit', takeover, adoptForeign } = options;
  const place = readKeyPlace({ ...options });
  return {
    key: place === undefined ? readNamingKey(key ?? String(DEFAULT_KEY)) : keyOfPlace(place, ftok),
    mode: readMode(mode ?? '0600'),
    gid: group === undefined ? undefined : readOwner('group', group, groupId),
    reply,
    onStop,
    takeover,
    adoptForeign,
    clocks: readClock(options),
  };
}

function readClock({ clock, allowSetClock }: ServeOptions): TestClock | undefined {
  if (clock === undefined && allowSetClock !== true) return undefined;
  try {
    return new TestClock(clock ?? 'machine', allowSetClock === true);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** Serves until it is stopped. */
export async function serve(options: ServeOptions, overrides: TimeServerOptions): Promise<number> {
  const serverOptions = readOptions(options);
  if (options.quiet === true && options.verbose === true) {
    throw new UsageError('--quiet prints no requests and --verbose prints them: choose one');
  }
  const write = logWriter('time-server', options.logFormat === 'json');
  const log = (event: LogEvent): void => {
    if (event.level !== 'info' || options.quiet !== true) write(event);
  };
  const complaint = zoneComplaint(isTimeZone);
  if (complaint !== undefined) log({ level: 'warning', event: 'zone', message: complaint, details: {} });
  const requests = options.verbose === true ? new RequestLog(log) : undefined;
  const heard: TimeServerOptions = {
    log: (event) => {
      requests?.flush();
      log(event);
    },
    onRequest: requests && ((request) => requests.add(request)),
  };
  try {
    await serveUntilStopped({ ...serverOptions, ...heard, ...overrides }, await readNats(options));
    return EXIT.done;
  } catch (error) {
    const exitCode =
      error instanceof ServerError ? EXIT_OF_SERVER_ERROR[error.code] : exitCodeOfNatsError(error);
    if (exitCode === undefined) throw error;
    const { code, message } = error as { code: string; message: string };
    log({ level: 'error', event: 'failed', message, details: { code } });
    return exitCode;
  }
}

/** Loads the reader only for those who want NATS. @throws UsageError, NatsError */
async function readNats(options: ServeOptions): Promise<NatsPlace | undefined> {
  if (options.nats === true || options.natsOnly === true) {
    return (await import('../nats/read-nats.js')).readNats(options);
  }
  const given = options.subject === undefined ? givenConnectionOption(options) : '--subject';
  if (given !== undefined) throw new UsageError(`${given} is for NATS: give --nats, too`);
  return undefined;
}

async function serveUntilStopped(options: TimeServerOptions, nats: NatsPlace | undefined): Promise<void> {
  using interruption = new Interruption();
  using manager = new ServiceManager({
    ready: ['listening', 'nats-listening'],
    environment: process.env,
    log: options.log,
    sendDatagram: sendUnixDatagram,
  });
  const told: TimeServerOptions = { ...options, log: (event) => manager.hear(event) };
  const running: { server?: TimeServer; stop?: () => void } = {};
  const endAtOnce = (): never => {
    running.server?.abandon();
    process.exit(ENDED_AT_ONCE);
  };
  interruption.signal.addEventListener('abort', () => {
    // Before it serves it waits only for another server's end, or for NATS: there is nothing to clean up yet.
    if (running.stop === undefined) endAtOnce();
    else running.stop();
  });
  interruption.second.addEventListener('abort', endAtOnce);
  const reason = (): string => (interruption.name === 'SIGINT' ? 'Ctrl-C' : (interruption.name ?? ''));
  const overNats = nats && (await (await import('../nats/over-nats.js')).OverNats.connect(nats));
  try {
    if (nats?.only === true) {
      await overNats?.serve(told);
      await new Promise<void>((resolve) => (running.stop = resolve));
      const details = { reason: reason() };
      told.log?.({ level: 'info', event: 'stopping', message: `stopping: ${reason()}`, details });
      return;
    }
    const server = await TimeServer.start(told);
    running.server = server;
    running.stop = () => server.stop(reason());
    try {
      await overNats?.serve({ ...told, answerer: server.answerer });
    } catch (error) {
      server.stop('NATS');
      await server.ended;
      throw error;
    }
    await server.ended;
  } finally {
    await overNats?.end();
  }
}
