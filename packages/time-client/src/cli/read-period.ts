import { readDuration } from '@timeq/cli-kit/args/duration';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { parseNanoseconds, SHORTEST_PERIOD } from '@timeq/time-protocol';

/** Nanoseconds from `10s` and the like, a millisecond or more. @throws UsageError */
export function readPeriod(word: string): bigint {
  const period = BigInt(Math.round(readDuration(word) * 1e6));
  if (parseNanoseconds(String(period)) === undefined) {
    throw new UsageError(`'${word}' is too long; an alarm takes 115740d at most`);
  }
  if (period >= SHORTEST_PERIOD) return period;
  throw new UsageError(`'${word}' is too short; an alarm takes 1ms or more`);
}
