/** The clocks of a server. */
export interface Clocks {
  /** Nanoseconds since the epoch. It can be set, and so jump. */
  wall(): bigint;
  /** Nanoseconds since some moment in the past, by a monotonic clock. */
  steady(): bigint;
  /** The classic reply of a second since the epoch: the text of C's asctime, in the zone of the server. */
  asctime(second: bigint): string;
}
