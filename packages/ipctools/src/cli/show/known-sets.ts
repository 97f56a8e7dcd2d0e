/** The values of a set and its last process, as known-sets reads them. */
interface SetValues {
  readonly values: readonly number[];
  /** When a process last operated on it, in seconds since the epoch; 0: never. */
  readonly operateTime: number;
}

function lock([held, dirty]: readonly number[]): string | undefined {
  if (held === 0 && dirty === 0) return 'Lock: free';
  if (held === 0 && dirty === 1) return 'Lock: free; its last holder died without releasing it';
  return held === 1 && dirty === 1 ? 'Lock: held' : undefined;
}

function counting([permits, initialised]: readonly number[]): string | undefined {
  return initialised === 1 ? `CountingSemaphore: ${permits} free` : undefined;
}

function condition([held, dirty, waiting, tokens]: readonly number[]): string | undefined {
  const own = lock([held ?? 0, dirty ?? 0]);
  const notified = tokens === 0 ? '' : `, ${tokens} notified`;
  return own && `Condition: ${waiting} waiting${notified}; ${own.replace('Lock: ', 'its lock is ')}`;
}

function event([value]: readonly number[]): string | undefined {
  if (value === 0) return 'EventFlag: clear';
  return value === 1 ? 'EventFlag: set' : undefined;
}

/** What each number of semaphores may be; Timeq's sets carry no other mark. */
const READERS: Readonly<Record<number, readonly ((values: readonly number[]) => string | undefined)[]>> = {
  1: [event],
  2: [lock, counting],
  4: [condition],
};

/** What the set means if Timeq made it: each kind that its number of semaphores and its values allow, in its own words. */
export function readingsOf({ values, operateTime }: SetValues): readonly string[] {
  // A program of another kind may have set the values; Timeq's kinds change them by operations only.
  if (operateTime === 0 && values.some((value) => value !== 0)) return [];
  return (READERS[values.length] ?? []).flatMap((read) => read(values) ?? []);
}
