import type { QueueStat } from '@timeq/mq-native';
import type { ClockSync, ReplyClock, ReportedStatus } from '@timeq/time-protocol';
import type { ClassicStyle } from './ask-style.js';

/** How a server answers: at this client's own type, or as the exercise's servers do. */
export type Dialect = 'addressed' | 'classic';

/** The time, for this client alone. Moments are nanoseconds since the epoch by the server's clock. */
export interface AddressedTime {
  readonly dialect: 'addressed';
  readonly time: bigint;
  /** When the server took the request out of the queue. */
  readonly received: bigint;
  /** When the server put the reply into the queue. */
  readonly sent: bigint;
  /** The time as C's asctime writes it, in the server's zone. */
  readonly asctime: string;
  /** The server's clock, if it says that it is not its machine's. */
  readonly clock?: ReplyClock | undefined;
  /** How right the clock of its machine is, if it says so. */
  readonly sync?: ClockSync | undefined;
  /** Nanoseconds from before the request was sent until the reply was read, by a monotonic clock. */
  readonly roundTripNs: bigint;
}

/** The time from a classic server: text, most often as C's asctime writes it, in a zone that it does not name. */
export interface ClassicTime {
  readonly dialect: 'classic';
  /** Where the answer came. */
  readonly style: ClassicStyle;
  /** The body as UTF-8, as it came. */
  readonly text: string;
  readonly roundTripNs: bigint;
}

export type TimeAnswer = AddressedTime | ClassicTime;

/** The status of a server. */
export interface AddressedStatus {
  readonly dialect: 'addressed';
  /** When the server put the reply into the queue, in nanoseconds since the epoch by its clock. */
  readonly sent: bigint;
  /** Fields may be missing: the server can be older, or another program. */
  readonly status: ReportedStatus;
  /** The server's clock, if it says that it is not its machine's. */
  readonly clock?: ReplyClock | undefined;
  /** How right the clock of its machine is, if it says so. */
  readonly sync?: ClockSync | undefined;
  readonly roundTripNs: bigint;
}

/** A classic server reports nothing: it answered, and the kernel has counts for its queue. */
export interface ClassicStatus {
  readonly dialect: 'classic';
  /** Where the answer came. */
  readonly style: ClassicStyle;
  readonly queue: QueueStat;
  readonly roundTripNs: bigint;
}

export type StatusAnswer = AddressedStatus | ClassicStatus;
