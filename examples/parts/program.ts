import { constants } from 'node:os';
import { IpcError } from '@timeq/mq-native';

/** The command line is wrong: exit code 2. The message is the sentence for the user. */
export class Misuse extends Error {}

/** An expected failure of a correct program: exit code 1. The message is the sentence for the user. */
export class Failure extends Error {}

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * What every example begins with. Ctrl-C and kill end it through process.exit, so that what `removeAtExit` and
 * `startChild` have registered is done; a failure that was to be expected is one sentence on stderr; `| head` is none.
 * @param options.server a server that is ended by a signal has done its work: exit code 0
 */
export function prepareProgram(options: { readonly server?: boolean } = {}): void {
  for (const signal of endSignals) {
    process.once(signal, () => {
      process.exit(options.server === true ? 0 : 128 + constants.signals[signal]);
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  process.on('uncaughtException', (error) => {
    const expected = error instanceof Misuse || error instanceof Failure || error instanceof IpcError;
    console.error(expected ? error.message : error);
    process.exit(error instanceof Misuse ? 2 : 1);
  });
}
