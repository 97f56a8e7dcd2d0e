import type { MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY } from '@timeq/time-protocol';

/** How long a reply waits for room in the queue before it is dropped, in milliseconds. */
const SEND_DEADLINE_MS = 5000;

/** How many replies may wait. With one more, the one that has waited longest is dropped. */
const MAX_WAITING = 65_536;

/** How much memory waiting replies may take up, in bytes: each keeps the id of its request, which can be long. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/**
 * The result of an attempt to send: it is in the queue, there is no room, it can never be sent, or it is not wanted.
 */
export type Attempt = 'sent' | 'full' | 'impossible' | 'unwanted';

interface Waiting<Reply> {
  readonly type: MessageType;
  readonly reply: Reply;
  /** How much memory it takes up, roughly. */
  readonly bytes: number;
  /** In milliseconds of the steady clock. */
  readonly since: number;
  /** Sent or dropped. */
  over: boolean;
  /** The next one of the type. */
  next: Waiting<Reply> | undefined;
}

interface OfType<Reply> {
  first: Waiting<Reply>;
  last: Waiting<Reply>;
}

/**
 * Replies that found no room in the queue. The server must never block in msgsnd: if the queue is full of requests,
 * only the server itself can make the room that it would wait for.
 *
 * The message types take turns, the latest first: the client that asked last is most likely still there, and one that
 * never reads its replies can't keep the others from theirs. Replies of one type keep their order.
 */
export class Outbox<Reply> {
  readonly #now: () => number;
  readonly #dropped: (reply: Reply) => void;
  /** In the order of their arrival, with finished ones in between. */
  #arrivals: Waiting<Reply>[] = [];
  /** The index of the first one: removing from the front of a long array copies all of it. */
  #first = 0;
  readonly #byType = new Map<MessageType, OfType<Reply>>();
  /** Types with a turn in this round; the last one is next. Some of them may have nothing left to send. */
  #turns: MessageType[] = [];
  /** Types with a turn in the next round. */
  #later: MessageType[] = [];
  #size = 0;
  #bytes = 0;
  #unsent = 0;

  /**
   * @param now the steady clock, in milliseconds
   * @param dropped is called for each that is dropped
   */
  constructor(now: () => number, dropped: (reply: Reply) => void) {
    this.#now = now;
    this.#dropped = dropped;
  }

  get size(): number {
    return this.#size;
  }

  /** How many were dropped so far. */
  get unsent(): number {
    return this.#unsent;
  }

  /** Whether one of this type waits: a further one must not overtake it. */
  has(type: MessageType): boolean {
    return this.#byType.has(type);
  }

  /** Whether any of another type waits. */
  hasOther(type: MessageType): boolean {
    return this.#byType.size > (this.has(type) ? 1 : 0);
  }

  /**
   * @param bytes how much memory the reply takes up, roughly
   * @param turn whether its type comes next, or after all that wait
   */
  add(type: MessageType, reply: Reply, bytes: number, turn: 'next' | 'last' = 'next'): void {
    const waiting = { type, reply, bytes, since: this.#now(), over: false, next: undefined };
    this.#arrivals.push(waiting);
    this.#size += 1;
    this.#bytes += bytes;
    const others = this.#byType.get(type);
    if (others === undefined) {
      this.#byType.set(type, { first: waiting, last: waiting });
      (turn === 'next' ? this.#turns : this.#later).push(type);
      this.#forgetTurns();
    } else {
      others.last.next = waiting;
      others.last = waiting;
    }
    while (this.#size > MAX_WAITING || this.#bytes > MAX_WAITING_BYTES) this.#dropOldest();
  }

  /** Sends replies while there is room, and drops those past their deadline. */
  flush(send: (type: MessageType, reply: Reply) => Attempt): void {
    const late = this.#now() - SEND_DEADLINE_MS;
    for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
      if (oldest.since > late) break;
      this.#dropOldest();
    }
    // Many clients may wait there.
    if (this.has(CLASSIC_REPLY)) this.#turns.push(CLASSIC_REPLY);
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { type, reply } = next;
      const attempt = send(type, reply);
      if (attempt === 'full') {
        this.#turns.push(type);
        return;
      }
      this.#remove(next);
      if (attempt === 'impossible') this.#count(next);
      if (this.#byType.has(type)) this.#later.push(type);
    }
  }

  /** Removes the oldest of a type without counting it. @returns whether there was one */
  withdraw(type: MessageType): boolean {
    const first = this.#byType.get(type)?.first;
    if (first === undefined) return false;
    this.#remove(first);
    return true;
  }

  /** Drops those of a type that have waited for longer than this many milliseconds. */
  drop(type: MessageType, waited = -1): void {
    const since = this.#now() - waited;
    for (let first = this.#byType.get(type)?.first; first !== undefined; first = first.next) {
      if (first.since >= since) return;
      this.#remove(first);
      this.#count(first);
    }
  }

  clear(): void {
    while (this.#size > 0) this.#dropOldest();
  }

  /** Counts a reply that was dropped without having waited. */
  countUnsent(): void {
    this.#unsent += 1;
  }

  #next(): Waiting<Reply> | undefined {
    for (;;) {
      const type = this.#turns.pop();
      if (type !== undefined) {
        const first = this.#byType.get(type)?.first;
        if (first !== undefined) return first;
      } else if (this.#later.length > 0) {
        this.#turns = this.#later.toReversed();
        this.#later = [];
      } else {
        return undefined;
      }
    }
  }

  /** Removes the turns of types that have nothing left to send. */
  #forgetTurns(): void {
    if (this.#turns.length + this.#later.length <= 2 * this.#byType.size + 64) return;
    const waits = (type: MessageType): boolean => this.#byType.has(type);
    this.#later = [...new Set(this.#later)].filter(waits);
    // Of several turns the next one counts, which is the last in this order.
    this.#turns = [...new Set(this.#turns.toReversed())].filter(waits).toReversed();
  }

  #oldest(): Waiting<Reply> | undefined {
    while (this.#arrivals[this.#first]?.over === true) this.#first += 1;
    // At least half of it is dropped then, so each is moved once on average.
    if (this.#first > 0 && this.#first * 2 >= this.#arrivals.length) {
      this.#arrivals = this.#arrivals.slice(this.#first);
      this.#first = 0;
    }
    return this.#arrivals[this.#first];
  }

  #dropOldest(): void {
    const oldest = this.#oldest();
    if (oldest === undefined) return;
    this.#remove(oldest);
    this.#count(oldest);
  }

  #count({ reply }: Waiting<Reply>): void {
    this.#unsent += 1;
    this.#dropped(reply);
  }

  /** @param waiting the first one of its type, as every one is that was sent or has waited for longest */
  #remove(waiting: Waiting<Reply>): void {
    waiting.over = true;
    this.#size -= 1;
    this.#bytes -= waiting.bytes;
    const others = this.#byType.get(waiting.type);
    if (others === undefined) return;
    if (waiting.next === undefined) this.#byType.delete(waiting.type);
    else others.first = waiting.next;
    if (this.#size === 0) {
      this.#arrivals = [];
      this.#first = 0;
    }
  }
}
