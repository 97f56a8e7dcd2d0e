import type { AlarmPlan, MessageType, RequestId } from '@timeq/time-protocol';

/** How many turns of an alarm may be due at once. Older ones are left out: they would only fill the queue. */
const MOST_DUE = 100;

/** A turn of an alarm that has come. */
export interface Turn {
  readonly number: number;
  /** Its moment. */
  readonly at: bigint;
  /** How many turns before it are left out. */
  readonly skipped: number;
  /** The moment of the next one; undefined if there is none. */
  readonly next: bigint | undefined;
}

/**
 * Where an alarm rings: at a message type of the queue, or at a subject of NATS. All subjects of a client differ in their
 * last part only.
 */
export type Recipient = MessageType | string;

/** An alarm of a client. Moments are nanoseconds since the epoch by the server's clock. */
export class Alarm {
  readonly number: number;
  readonly to: Recipient;
  /** Of the request. */
  readonly id: RequestId;
  readonly every: bigint | undefined;
  readonly count: number | undefined;
  /** When it rings next. */
  next: bigint;
  /** The number of that turn. */
  turn = 1;
  /** Its place in the heap. */
  place = 0;

  /** @param now when it was asked for */
  constructor(number: number, to: Recipient, id: RequestId, plan: AlarmPlan, now: bigint) {
    this.number = number;
    this.to = to;
    this.id = id;
    this.every = plan.every;
    this.count = plan.every === undefined ? undefined : plan.count;
    this.next = plan.every === undefined ? plan.at : (plan.from ?? now + plan.every);
  }

  /** Goes on to the next turn. @returns the one that was due */
  ring(now: bigint): Turn {
    const skipped = this.#skip(now);
    const { next: at, turn: number, every, count } = this;
    const isLast = every === undefined || number === count;
    const next = isLast ? undefined : at + every;
    if (next !== undefined) {
      this.next = next;
      this.turn += 1;
    }
    return { number, at, skipped, next };
  }

  #skip(now: bigint): number {
    const { every, count } = this;
    if (every === undefined) return 0;
    const due = Number((now - this.next) / every) + 1;
    const left = count === undefined ? Infinity : count - this.turn + 1;
    const skipped = Math.max(0, Math.min(due, left) - MOST_DUE);
    this.next += BigInt(skipped) * every;
    this.turn += skipped;
    return skipped;
  }
}
