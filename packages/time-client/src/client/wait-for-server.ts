import { setTimeout as delay } from 'node:timers/promises';
import type { Key } from '@timeq/mq-native';
import type { TimeAnswer } from './answers.js';
import { ClientError } from './client-error.js';
import type { AskStyle } from './ask-style.js';
import { TimeClient } from './time-client.js';

/** Milliseconds between two looks for a queue: the kernel tells no process when one appears. */
const LOOK_AGAIN = 50;

/** Milliseconds that a wait for a server takes at most unless it is told otherwise. */
export const DEFAULT_WAIT = 30_000;

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
export async function waitForServer(key: Key, options: WaitOptions = {}): Promise<TimeAnswer> {
  const { timeout = DEFAULT_WAIT, ask, signal } = options;
  const until = performance.now() + timeout;
  for (;;) {
    try {
      using client = TimeClient.connect(key, { ask });
      // A request that is sent early is answered late: a server that starts keeps the requests that it finds.
      return await client.now({ timeout: Math.max(0, until - performance.now()), signal });
    } catch (error) {
      if (!(error instanceof ClientError) || !error.noServer) throw error;
      const left = until - performance.now();
      if (left <= 0) {
        throw new ClientError('TIMED_OUT', `no time server answered in time: ${error.message}`, {
          cause: error,
        });
      }
      await delay(Math.min(LOOK_AGAIN, left), undefined, { signal });
    }
  }
}
