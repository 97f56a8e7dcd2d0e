import type { ClockSync } from '@timeq/time-protocol';

/** The clocks of a server. */
export interface Clocks {
  /** Nanoseconds since the epoch. It can be set, and so jump. */
  wall(): bigint;
  /** Nanoseconds since some moment in the past, by a monotonic clock. */
  steady(): bigint;
  /** The classic reply of a second since the epoch: the text of C's asctime, in the zone of the server. */
  asctime(second: bigint): string;
  /** What the wall clock is, if it is not the machine's, and what the machine's says. Addressed replies tell both. */
  other?(): OtherClock | undefined;
  /** How right the machine's clock is, for addressed replies; without it they do not say. */
  sync?(): ClockSync;
  /**
   * When the wall clock shows a moment, by one of the machine's clocks; undefined if it never will. Without this, when
   * the machine's wall clock does.
   */
  when?(moment: bigint): MachineMoment | undefined;
  /**
   * Sets the wall clock, if clients may do that.
   * @param text as `TestClock` takes it
   * @throws {RangeError} whose message says what such a text is
   */
  set?(text: string): void;
}

/** A moment by the machine's wall clock, or by its monotonic one. */
export interface MachineMoment {
  readonly clock: 'wall' | 'steady';
  /** Nanoseconds. */
  readonly moment: bigint;
}

/** A clock that is not the machine's. */
export interface OtherClock {
  /** Such as `offset:+1h`. */
  readonly name: string;
  /** The present moment by the machine's clock, in nanoseconds since the epoch. */
  readonly machine: bigint;
}
