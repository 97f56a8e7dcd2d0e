import { setTimeout as delay } from 'node:timers/promises';

/** Long enough where twenty processes share a core: only a hang takes this long. An environment variable sets it, in seconds. */
export const hangMilliseconds = Number(process.env['TIMEQ_TEST_PATIENCE'] ?? 180) * 1000;

const pollMilliseconds = 5;

/** Waits for `promise`, and rejects if it hangs. `what` completes the sentence "... did not happen". */
export async function deadline<T>(
  promise: Promise<T>,
  what: string | (() => string),
  milliseconds = hangMilliseconds,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new Error(`${typeof what === 'string' ? what : what()} did not happen within ${milliseconds} ms`),
      );
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, hang]);
  } finally {
    clearTimeout(timer);
  }
}

/** Polls `probe` until it returns something other than undefined and false, and resolves with that. Rejects on a hang. */
export async function until<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  milliseconds = hangMilliseconds,
): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`${what} did not happen within ${milliseconds} ms`);
    await delay(pollMilliseconds);
  }
}
