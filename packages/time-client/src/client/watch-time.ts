import { setTimeout as delay } from 'node:timers/promises';
import type { Key } from '@timeq/mq-native';
import type { TimeAnswer } from './answers.js';
import { ClientError } from './client-error.js';
import { TimeClient } from './time-client.js';
import type { ConnectOptions } from './connect-options.js';

export interface WatchOptions extends ConnectOptions {
  /** Milliseconds from one request to the next; 1000 by default. */
  readonly interval?: number | undefined;
  /** How many times to tell; for ever by default. */
  readonly count?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type WatchEvent =
  | { readonly kind: 'time'; readonly answer: TimeAnswer }
  /** A request got no answer in time. */
  | { readonly kind: 'late'; readonly error: ClientError }
  /** There is no server any more. Told once; the watch goes on. */
  | { readonly kind: 'gone'; readonly error: ClientError }
  /** A server answers again. */
  | { readonly kind: 'back' };

/**
 * Asks for the time at a steady pace, measured from the first request, so that nothing adds up. A turn that passed while
 * an answer was awaited is skipped.
 *
 * The watch outlives its server: one that comes back at the key is asked again, at whatever queue it has then.
 *
 * @throws {ClientError} whatever goes wrong before the first answer, and later what waiting cannot mend
 */
export async function* watchTime(key: Key, options: WatchOptions = {}): AsyncGenerator<WatchEvent, void> {
  const { interval = 1000, count = Infinity, signal } = options;
  const start = performance.now();
  let client: TimeClient | undefined;
  let gone = false;
  let told = 0;
  let turn = 0;
  try {
    for (;;) {
      try {
        client ??= TimeClient.connect(key, options);
        const answer = await client.now({ signal });
        if (gone) yield { kind: 'back' };
        gone = false;
        yield { kind: 'time', answer };
        if (++told >= count) return;
      } catch (error) {
        if (told === 0 || !(error instanceof ClientError)) throw error;
        if (!error.noServer && !error.timedOut) throw error;
        if (error.timedOut) yield { kind: 'late', error };
        else if (!gone) yield { kind: 'gone', error };
        if (error.noServer) {
          gone = true;
          client?.close();
          client = undefined;
        }
      }
      const passed = performance.now() - start;
      // A timer may be a little early: then the turn that it came for is not yet in what has passed.
      turn = Math.max(turn, Math.floor(passed / interval)) + 1;
      await delay(turn * interval - passed, undefined, { signal });
    }
  } finally {
    client?.close();
  }
}
