import { setTimeout as delay } from 'node:timers/promises';
import type { Key } from '@timeq/mq-native';
import type { TimeAnswer } from './answers.js';
import { ClientError } from './client-error.js';
import { TimeClient } from './time-client.js';
import type { ConnectOptions } from './connect-options.js';

export interface WatchOptions extends ConnectOptions {
  /** Milliseconds from one request to the next; 1000 by default. */
  readonly interval?: number | undefined;
  /** How many times; for ever by default. */
  readonly count?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a watch asks. */
export type WatchedClient = Pick<TimeClient, 'now' | 'close'>;

export type WatchEvent =
  | { readonly kind: 'time'; readonly answer: TimeAnswer }
  /** A request got no answer in time. */
  | { readonly kind: 'late'; readonly error: ClientError }
  /** The server is gone. Reported once; the watch goes on. */
  | { readonly kind: 'gone'; readonly error: ClientError }
  /** A server answers again. */
  | { readonly kind: 'back' };

/**
 * Asks for the time at a steady pace, measured from the first request, so delays do not add up. A turn that passes
 * while an answer is awaited is skipped.
 *
 * The watch outlives its server: it asks a server that comes back at the key again, at whatever queue it has then.
 *
 * @param where the key of a queue, or what makes a client, at first and after each loss of the server
 * @throws {ClientError} for any failure before the first answer, and later for one that waiting can't mend
 */
export async function* watchTime(
  where: Key | (() => WatchedClient),
  options: WatchOptions = {},
): AsyncGenerator<WatchEvent, void> {
  const { interval = 1000, count = Infinity, signal } = options;
  const connect = typeof where === 'number' ? () => TimeClient.connect(where, options) : where;
  const start = performance.now();
  let client: WatchedClient | undefined;
  let gone = false;
  let told = 0;
  let turn = 0;
  try {
    for (;;) {
      try {
        client ??= connect();
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
      // A timer may be a little early: then its own turn has not passed yet.
      turn = Math.max(turn, Math.floor(passed / interval)) + 1;
      await delay(turn * interval - passed, undefined, { signal });
    }
  } finally {
    client?.close();
  }
}
