import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { DEFAULT_TIMEOUT } from '../../client/connect-options.js';
import { compareServers } from '../../nats/compare.js';
import { openConnection } from '../nats/open-nats-client.js';
import { readNats } from '../nats/read-nats.js';
import { clockJson, clockLines } from '../render/server-clocks.js';
import type { RawOptions } from '../settings.js';
import { currentTerminal } from '../terminal.js';
import { verb } from '../verb.js';

/** Milliseconds that an answer of a server is waited for at most. */
const PATIENCE = 500;

/** It is over NATS, whether it is said or not. */
export async function run(words: readonly string[], options: RawOptions): Promise<number> {
  const { subject, connection: settings } = readNats(options);
  return await verb(async ({ timeout = DEFAULT_TIMEOUT, json }, signal, output) => {
    const connection = await openConnection(settings, timeout, signal);
    try {
      const patience = Math.min(timeout, PATIENCE);
      const { inboxPrefix } = settings;
      const servers = await compareServers(connection, { subject, inboxPrefix, patience, signal });
      const lines = json ? servers.map(clockJson) : clockLines(servers, currentTerminal());
      await output.deliver(`${lines.join('\n')}\n`);
      return servers.every(({ clock }) => clock !== undefined) ? EXIT.done : EXIT.timedOut;
    } finally {
      await connection.close();
    }
  })(words, { ...options, nats: true });
}
