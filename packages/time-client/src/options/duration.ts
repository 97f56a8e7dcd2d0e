import { UsageError } from './usage-error.js';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** What a Node.js timer can hold, in milliseconds: 24.8 days. A longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Reads a duration such as `500ms`, `5s`, `1.5s`, `2m` or `1h`.
 *
 * @returns milliseconds, more than zero
 * @throws UsageError naming `option`
 */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const milliseconds = Number(match?.[1]) * (MILLISECONDS[match?.[2] ?? ''] ?? NaN);
  if (!(milliseconds > 0)) {
    throw new UsageError(`${option} needs a duration such as 500ms, 5s or 2m, not ${JSON.stringify(text)}`);
  }
  if (milliseconds > LONGEST) throw new UsageError(`${option} can be 24 days at most, not ${text}`);
  return milliseconds;
}
