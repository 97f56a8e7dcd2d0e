/** The clocks that a server tells the time by. */
export interface Clocks {
  /** Nanoseconds since the epoch. It may be set, and so jump. */
  wall(): bigint;
  /** Nanoseconds since some moment in the past, by a clock that nobody sets. */
  steady(): bigint;
  /** What classic clients are told of a second since the epoch: the text of C's asctime, in the zone of the server. */
  asctime(second: bigint): string;
}
