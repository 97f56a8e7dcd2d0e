import { GoneError } from '@timeq/mq-native';

/** A kernel object that outlives the process unless it is removed: a queue, a set, a segment. */
interface Removable {
  remove(): void;
}

/**
 * Removes it when this process ends, in whatever way except kill -9, which can't be caught. `exit` listeners have to
 * be synchronous, and `remove` is.
 * @returns what it was given
 */
export function removeAtExit<R extends Removable>(object: R): R {
  process.on('exit', () => {
    try {
      object.remove();
    } catch (error) {
      // Another process was faster.
      if (!(error instanceof GoneError)) throw error;
    }
  });
  return object;
}
