import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { Output, ReaderGone } from '@timeq/cli-kit/output/output';
import { Interruption, SAME_MILLISECONDS } from '@timeq/cli-kit/signals/interruption';
import { DEFAULT_SETTINGS, type RawOptions, type Settings } from './settings.js';

/** Runs a verb. Resolves with the exit code. */
type Work = (
  settings: Settings,
  signal: AbortSignal,
  output: Output,
  words: readonly string[],
) => Promise<number>;

/** Runs a verb with its options read, and ends it on a signal. */
export function verb(work: Work): (words: readonly string[], options: RawOptions) => Promise<number> {
  return async (words, options) => {
    const output = new Output();
    using interruption = new Interruption();
    // A second signal ends what the first could not.
    interruption.signal.addEventListener('abort', () => {
      setTimeout(() => interruption[Symbol.dispose](), SAME_MILLISECONDS).unref();
    });
    try {
      return await work(await settingsFrom(options), interruption.signal, output, words);
    } catch (error) {
      const { name } = interruption;
      if (name === undefined || error instanceof ReaderGone) throw error;
      interruption[Symbol.dispose]();
      // The shell should see which signal it was.
      process.kill(process.pid, name);
      return EXIT.failed;
    }
  };
}

/** Reads the options. Loads the readers only of those that are given. @throws UsageError */
async function settingsFrom(options: RawOptions): Promise<Settings> {
  if (Object.keys(options).length === 0) return DEFAULT_SETTINGS;
  return await (await import('./read-settings.js')).readSettings(options);
}
