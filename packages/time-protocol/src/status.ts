/** What a server says of itself. Moments and spans are nanoseconds in decimal, for they do not fit into a double. */
export interface ServerStatus {
  readonly pid: number;
  /** The version of the server's package. */
  readonly version: string;
  /** Nanoseconds since the epoch. */
  readonly startedAt: string;
  /** Nanoseconds, by a clock that nobody sets. */
  readonly uptimeNs: string;
  /** How many requests were answered since the start. */
  readonly served: {
    /** Requests answered at type 3, or at a type that follows from the client's pid. */
    readonly classic: number;
    /** Requests answered with the time, at a type of their client's own. */
    readonly addressed: number;
    /** Status requests, this one included. */
    readonly status: number;
    /** Requests answered with an error. */
    readonly refused: number;
  };
  /** Replies that did not reach anybody. */
  readonly lost: {
    /** Replies taken back since nobody read them. */
    readonly unread: number;
    /** Replies never sent, since there was no room in the queue until their deadline. */
    readonly unsent: number;
  };
  /** Replies that wait for room in the queue right now. */
  readonly waiting: number;
  /** How classic requests are answered: at type 3, at the pid in their body, at that plus 3, or where each client waits. */
  readonly reply: 'auto' | 'shared' | 'pid' | 'pid+3';
  /** What a stop message does. */
  readonly onStop: 'exit' | 'ignore';
  /** The queue that the server listens on; null for a server that has none. */
  readonly queue: QueueStatus | null;
}

/** A message queue, as its server sees it. */
export interface QueueStatus {
  readonly id: number;
  /** Unsigned. */
  readonly key: number;
  /** Permission bits in octal, such as `0600`. */
  readonly mode: string;
  /** How many messages lie in the queue. */
  readonly messages: number;
  /** How many bytes of bodies lie in the queue. */
  readonly bytes: number;
  /** How many bytes of bodies it may hold; also how many messages. */
  readonly maxBytes: number;
}
