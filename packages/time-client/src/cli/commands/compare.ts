import { readNamingKey } from '@timeq/cli-kit/args/key';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { givenConnectionOption } from '@timeq/nats/options';
import { DEFAULT_TIMEOUT } from '../../client/connect-options.js';
import type { ServerClock } from '../../measure/server-clock.js';
import { explain } from '../explain.js';
import { remark } from '../notes.js';
import { clockJson, clockLines } from '../render/server-clocks.js';
import type { RawOptions, Settings } from '../settings.js';
import { currentTerminal } from '../terminal.js';
import { verb } from '../verb.js';

/** Milliseconds that an answer of a server is waited for at most. */
const PATIENCE = 500;

/** Without keys it is over NATS, whether it is said or not. */
export async function run(words: readonly string[], { key, ...options }: RawOptions): Promise<number> {
  const compare = typeof key === 'string' ? await atQueues(key, options) : await overNats(options);
  return await verb(async (settings, signal, output) => {
    const servers = await compare(settings, signal);
    const lines = settings.json ? servers.map(clockJson) : clockLines(servers, currentTerminal());
    await output.deliver(`${lines.join('\n')}\n`);
    for (const { error } of servers) if (error !== undefined) remark(error.message);
    const silent = servers.find(({ missing }) => missing === 'no-answer');
    if (silent === undefined) return EXIT.done;
    return silent.error === undefined ? EXIT.timedOut : explain(silent.error).exitCode;
  })(words, typeof key === 'string' ? options : { ...options, nats: true });
}

type Compare = (settings: Settings, signal: AbortSignal) => Promise<ServerClock[]>;

/** @throws UsageError */
async function atQueues(text: string, options: RawOptions): Promise<Compare> {
  const keys = text.split(',').map(readNamingKey);
  const given = options['subject'] === undefined ? givenConnectionOption(options) : '--subject';
  if (given !== undefined)
    throw new UsageError(`--key compares queues and ${given} is for NATS: give one of them`);
  const { compareQueues } = await import('../../measure/compare-queues.js');
  return async ({ timeout, count }, signal) => await compareQueues(keys, { rounds: count, timeout, signal });
}

/** @throws UsageError, NatsError */
async function overNats(options: RawOptions): Promise<Compare> {
  const { readNats } = await import('../nats/read-nats.js');
  const { subject, connection: settings } = readNats(options);
  const { inboxPrefix } = settings;
  return async ({ timeout = DEFAULT_TIMEOUT, count }, signal) => {
    const { openConnection } = await import('../nats/open-nats-client.js');
    const { compareServers } = await import('../../nats/compare.js');
    const connection = await openConnection(settings, timeout, signal);
    const patience = Math.min(timeout, PATIENCE);
    try {
      return await compareServers(connection, { subject, inboxPrefix, rounds: count, patience, signal });
    } finally {
      await connection.close();
    }
  };
}
