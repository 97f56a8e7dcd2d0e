import { once } from 'node:events';
import { isIP } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { readPause } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { Console, type ConsoleOptions } from '@timeq/console/server';
import { codeOf, Failure } from '../../failure.js';
import { version } from '../../version.js';
import { explain } from '../explain.js';
import { serviceManager } from '../service-manager.js';
import { LiveChanges } from '../serve/live-changes.js';
import { LiveSource } from '../serve/live-source.js';
import { tokenFrom } from '../serve/token.js';
import { criteriaFrom, type CriteriaOptions } from '../criteria.js';

interface ServeOptions extends CriteriaOptions {
  readonly port?: string;
  readonly listen?: string;
  readonly tokenFile?: string;
  readonly interval?: string;
  readonly allowChanges?: true;
}

/** Reachable from this machine only. */
const LOOPBACK = '127.0.0.1';

/** With less, sampling would be all that the machine does. */
const SHORTEST_INTERVAL = 100;

/** The folder of the page is beside the bundled command. */
const PAGE = new URL('page/', import.meta.url);

export async function run(words: readonly string[], options: ServeOptions): Promise<number> {
  if (words.length > 0) throw new UsageError('serve takes no queue: the page shows all of them');
  const interval = readPause(options.interval ?? '1s', SHORTEST_INTERVAL);
  const port = readCount(options.port ?? '0', 'port', 0, 65_535);
  const host = options.listen ?? LOOPBACK;
  const criteria = criteriaFrom(options);
  const token = tokenFrom(options.tokenFile);
  const allowsChanges = options.allowChanges === true;
  const hello = {
    version: version(),
    host: escapeText(hostname()),
    user: escapeText(ownName()),
    interval,
    allowsChanges,
  };
  const source = new LiveSource(hello, criteria, allowsChanges ? new LiveChanges() : undefined);
  using interruption = new Interruption();
  const served = await start({ source, page: PAGE, token, host, port, failed: failureLog() });
  const name = isIP(host) === 6 ? `[${host}]` : host;
  await new Output().deliver(`http://${name}:${served.port}/${token}/\n`);
  using manager = serviceManager();
  // Without the token, which other users of the machine could read in the status of a service.
  manager.hear({
    level: 'info',
    event: 'listening',
    message: `the page is at port ${served.port} of ${host}`,
    details: { port: served.port },
  });
  if (!isLoopback(host)) {
    note(
      'ipctools: other machines reach this address, and the network can read the token and every message: nothing is encrypted',
    );
  }
  if (!interruption.signal.aborted) await once(interruption.signal, 'abort');
  manager.hear({ level: 'info', event: 'stopping', message: 'stopping', details: {} });
  await served.close();
  return interruption.name === 'SIGINT' ? EXIT.done : (interruption.exitCode ?? EXIT.done);
}

/** Logs what failed, once for as long as it is the same: the page looks again each second. */
function failureLog(): (error: unknown) => string {
  let last = '';
  return (error) => {
    const sentence = escapeText(explain(error)?.message ?? String(error));
    if (sentence !== last) note(`ipctools: ${sentence}`);
    last = sentence;
    return sentence;
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? '');
  }
}

async function start(options: ConsoleOptions): Promise<Console> {
  const { host, port } = options;
  try {
    return await Console.start(options);
  } catch (error) {
    const sentences: Readonly<Record<string, string>> = {
      EADDRINUSE: `port ${port} of ${host} is in use; choose another with --port`,
      EADDRNOTAVAIL: `${host} is not an address of this machine; --listen takes one that is`,
      ENOTFOUND: `there is no address for ${host}; --listen takes one of this machine`,
      EACCES: `this user may not listen at port ${port}; choose one above 1023`,
    };
    const code = codeOf(error) ?? '';
    const sentence = sentences[code];
    if (sentence === undefined) throw error;
    throw new Failure(escapeText(sentence), code === 'EACCES' ? 'NOT_PERMITTED' : 'FAILED');
  }
}
