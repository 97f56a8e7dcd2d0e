import { UsageError } from './usage-error.js';

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The longest time that a timer of Node.js takes, about 24.8 days; a longer one would be over at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

function isUnit(word: string): word is keyof typeof MILLISECONDS {
  return Object.hasOwn(MILLISECONDS, word);
}

/**
 * Milliseconds from `500ms`, `5s`, `1.5m`, `1h` or `2d`. The unit is required; only 0 goes without.
 *
 * @throws UsageError
 */
export function readDuration(word: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(word) ?? [];
  if (amount !== undefined && isUnit(unit)) return Number(amount) * MILLISECONDS[unit];
  if (amount !== undefined && Number(amount) === 0 && unit === '') return 0;
  throw new UsageError(`'${word}' is not a duration; write it as 500ms, 5s, 1m, 1h or 2d`);
}

/** A duration, as above, that is waited for. @throws UsageError */
export function readWait(word: string): number {
  const milliseconds = readDuration(word);
  if (milliseconds <= LONGEST_WAIT) return milliseconds;
  throw new UsageError(`'${word}' is too long to wait for; the longest is 24d`);
}

/** A wait, as above, of so many milliseconds at least. @throws UsageError */
export function readPause(word: string, shortest = 1): number {
  const milliseconds = readWait(word);
  if (milliseconds >= shortest) return milliseconds;
  throw new UsageError(`'${word}' is too short; the shortest is ${shortest}ms`);
}
