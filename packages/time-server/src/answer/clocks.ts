import type { BrokenDownTime } from '@timeq/time-protocol';

/** The clocks that a server tells the time by. */
export interface Clocks {
  /** Nanoseconds since the epoch. It may be set, and so jump. */
  wall(): bigint;
  /** Nanoseconds since some moment in the past, by a clock that nobody sets. */
  steady(): bigint;
  /** The parts of a second since the epoch in the zone that classic clients are told the time in. */
  local(second: bigint): BrokenDownTime;
}
