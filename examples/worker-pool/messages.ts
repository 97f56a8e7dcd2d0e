/** What goes to a worker, with the worker's number as its message type. An empty body is the end marker. */
export interface Task {
  readonly task: number;
  /** The work: to count the primes below it. */
  readonly below: number;
  /** The worker kills itself in the middle of it, as the kernel would if memory ran out. */
  readonly crash: boolean;
}

/** The dispatcher's messages, by type; the body is a Report. */
export const READY = 1;
export const RESULT = 2;
/** Sent by the dispatcher itself when a worker has ended. The queue keeps order: what the worker sent comes before it. */
export const ENDED = 3;

export interface Report {
  readonly worker: number;
  /** With RESULT. */
  readonly task?: number;
  readonly primes?: number;
}
