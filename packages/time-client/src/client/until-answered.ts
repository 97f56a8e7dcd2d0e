import { setTimeout as delay } from 'node:timers/promises';
import { ClientError } from './client-error.js';

/** Milliseconds that a wait for a server takes at most unless it is told otherwise. */
const DEFAULT_WAIT = 30_000;

/** Milliseconds in which an attempt can find out what is missing. */
const ENOUGH = 1000;

interface UntilAnswered {
  /** Milliseconds; 30,000 by default, Infinity for no limit. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks again and again until a server answers.
 *
 * @param ask is told how many milliseconds are left
 * @param isAbsent whether the error only means that there is no server yet; any other error ends the wait
 * @param pause milliseconds between two attempts
 * @throws {ClientError} `TIMED_OUT`, whose message says what was missing last
 */
export async function untilAnswered<T>(
  ask: (left: number) => Promise<T>,
  isAbsent: (error: unknown) => error is Error,
  pause: number,
  { timeout = DEFAULT_WAIT, signal }: UntilAnswered,
): Promise<T> {
  const until = performance.now() + timeout;
  let missing: Error | undefined;
  for (;;) {
    const given = Math.max(0, until - performance.now());
    try {
      return await ask(given);
    } catch (error) {
      // What was missing before says more than that the last attempt had too little time.
      if (missing === undefined || given >= ENOUGH || !isLate(error)) {
        if (!isAbsent(error)) throw error;
        missing = error;
      }
      const left = until - performance.now();
      if (left <= 0) {
        throw new ClientError('TIMED_OUT', `no time server answered in time: ${missing.message}`, {
          cause: missing,
        });
      }
      await delay(Math.min(pause, left), undefined, { signal });
    }
  }
}

function isLate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'TIMED_OUT';
}
