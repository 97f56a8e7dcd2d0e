import type { Key } from '@timeq/mq-native';
import type { TimeAnswer } from './answers.js';
import type { AskStyle } from './ask-style.js';
import { ClientError } from './client-error.js';
import { TimeClient } from './time-client.js';
import { untilAnswered } from './until-answered.js';

/** Milliseconds between two looks for a queue: the kernel tells no process when one appears. */
const LOOK_AGAIN = 50;

export interface WaitOptions {
  /** How to ask, as in `ConnectOptions`. */
  readonly ask?: AskStyle | undefined;
  /** Milliseconds; 30,000 by default, Infinity for no limit. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until a server at the key answers, whether or not it has started yet.
 *
 * @returns its answer
 * @throws {ClientError} `TIMED_OUT`, whose message says what was missing last; `NOT_PERMITTED` and whatever else waiting
 * can't mend, at once
 */
export function waitForServer(key: Key, options: WaitOptions = {}): Promise<TimeAnswer> {
  const { ask, signal } = options;
  return untilAnswered(
    async (timeout) => {
      using client = TimeClient.connect(key, { ask });
      // A request that is sent early is answered late: a server that starts keeps the requests that it finds.
      return await client.now({ timeout, signal });
    },
    (error): error is ClientError => error instanceof ClientError && error.noServer,
    LOOK_AGAIN,
    options,
  );
}
