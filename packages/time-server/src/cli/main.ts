import { zoneComplaint } from '@timeq/cli-kit/args/zone';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { ServerError } from '../server-error.js';
import { TimeServer } from '../time-server.js';
import type { TimeServerOptions } from '../time-server.js';
import { exitCodeOf } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { logWriter } from './log-writer.js';
import { parseCommandLine } from './program.js';

/** A second signal that comes sooner is the first one once more: npm hands on a Ctrl-C that the terminal sends as well. */
const SECOND_SIGNAL_MS = 100;

/**
 * The command `time-server`: reads the command line, serves until it is stopped, and gives the exit code.
 * @param args the arguments, without node's and the script's names
 * @param overrides options for the server on top of the command line's
 */
export async function main(args: readonly string[], overrides: TimeServerOptions = {}): Promise<ExitCode> {
  // A log that nobody reads any more (`| head -1`, a closed terminal) is no reason to stop serving.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    const invocation = parseCommandLine(args, (text) => process.stdout.write(text));
    if (invocation === undefined) return 0;
    const log = logWriter(invocation.logFormat, invocation.quiet, process);
    const complaint = zoneComplaint();
    if (complaint !== undefined) log({ level: 'warning', event: 'zone', message: complaint, details: {} });
    try {
      await serve({ ...invocation.server, log, ...overrides });
      return 0;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      log({ level: 'error', event: 'failed', message: error.message, details: { code: error.code } });
      return exitCodeOf(error.code);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`time-server: ${escapeText(error.message)}; see time-server --help\n`);
    return 2;
  }
}

async function serve(options: TimeServerOptions): Promise<void> {
  let server: TimeServer | undefined;
  let firstSignalAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    const isSecond = firstSignalAt !== undefined && now - firstSignalAt >= SECOND_SIGNAL_MS;
    // Before it serves it waits for nothing but another server's end: there is nothing to clean up yet.
    if (server === undefined || (signal === 'SIGINT' && isSecond)) {
      server?.abandon();
      process.exit(130 satisfies ExitCode);
    }
    firstSignalAt ??= now;
    server.stop(signal === 'SIGINT' ? 'Ctrl-C' : signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    server = await TimeServer.start(options);
    await server.ended;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
