import type { MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY } from '@timeq/time-protocol';

/** How long a reply waits for room in the queue before it is given up, in milliseconds. */
export const SEND_DEADLINE_MS = 5000;

/** How many replies may wait. One more, and the one that has waited longest is given up. */
export const MAX_WAITING = 65_536;

/** How much memory those that wait may take up, in bytes: each keeps the id of its request, which can be long. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/** What became of an attempt to send: it is in the queue, there is no room, it never can be sent, or it need not be. */
export type Attempt = 'sent' | 'full' | 'impossible' | 'unwanted';

interface Waiting<Letter> {
  readonly type: MessageType;
  readonly letter: Letter;
  /** How much memory it takes up, roughly. */
  readonly bytes: number;
  /** In milliseconds of the steady clock. */
  readonly since: number;
  /** Sent or given up. */
  over: boolean;
  /** The next one of the type. */
  next: Waiting<Letter> | undefined;
}

interface OfType<Letter> {
  first: Waiting<Letter>;
  last: Waiting<Letter>;
}

/**
 * Replies that found no room in the queue. The server must never block in msgsnd: with a queue full of requests, nobody
 * but itself can make the room that it would wait for.
 *
 * Room goes round among the message types, to the one that came last first: whoever has asked just now is most likely
 * still there, and one that never reads its replies can't keep the others from theirs. At one type they keep their order.
 */
export class Outbox<Letter> {
  readonly #now: () => number;
  /** In the order in which they came, with those that are over in between. */
  #arrivals: Waiting<Letter>[] = [];
  /** Where the first one is: taking from the front of a long array copies all of it. */
  #first = 0;
  readonly #byType = new Map<MessageType, OfType<Letter>>();
  /** Types that have a turn in this round; the last one is next. Some of them may have nothing left to send. */
  #turns: MessageType[] = [];
  /** Types that come in the next round. */
  #later: MessageType[] = [];
  #size = 0;
  #bytes = 0;
  #unsent = 0;

  /** @param now the steady clock, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#size;
  }

  /** How many were given up so far. */
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
   * @param bytes how much memory the letter takes up, roughly
   * @param turn whether its type comes next, or after all that wait
   */
  add(type: MessageType, letter: Letter, bytes: number, turn: 'next' | 'last' = 'next'): void {
    const waiting = { type, letter, bytes, since: this.#now(), over: false, next: undefined };
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
    while (this.#size > MAX_WAITING || this.#bytes > MAX_WAITING_BYTES) this.#giveUpOldest();
  }

  /** Sends what there is room for, and gives up what is past its deadline. */
  flush(send: (type: MessageType, letter: Letter) => Attempt): void {
    const late = this.#now() - SEND_DEADLINE_MS;
    for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
      if (oldest.since > late) break;
      this.#giveUpOldest();
    }
    // Many clients may wait there.
    if (this.has(CLASSIC_REPLY)) this.#turns.push(CLASSIC_REPLY);
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { type, letter } = next;
      const attempt = send(type, letter);
      if (attempt === 'full') {
        this.#turns.push(type);
        return;
      }
      if (attempt === 'impossible') this.#unsent += 1;
      this.#remove(next);
      if (this.#byType.has(type)) this.#later.push(type);
    }
  }

  /** Takes the oldest of a type away, and does not count it. @returns whether there was one */
  withdraw(type: MessageType): boolean {
    const first = this.#byType.get(type)?.first;
    if (first === undefined) return false;
    this.#remove(first);
    return true;
  }

  /** Gives up those of a type that have waited for longer than so many milliseconds. */
  giveUp(type: MessageType, waited = -1): void {
    const since = this.#now() - waited;
    for (let first = this.#byType.get(type)?.first; first !== undefined; first = first.next) {
      if (first.since >= since) return;
      this.#unsent += 1;
      this.#remove(first);
    }
  }

  /** Gives up all. */
  clear(): void {
    while (this.#size > 0) this.#giveUpOldest();
  }

  /** Counts a reply that was given up without having waited. */
  countUnsent(): void {
    this.#unsent += 1;
  }

  /** The one that is sent next. */
  #next(): Waiting<Letter> | undefined {
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

  /** Turns of types that have nothing to send any more must not add up. */
  #forgetTurns(): void {
    if (this.#turns.length + this.#later.length <= 2 * this.#byType.size + 64) return;
    const waits = (type: MessageType): boolean => this.#byType.has(type);
    this.#later = [...new Set(this.#later)].filter(waits);
    // Of several turns the next one counts, which is the last in this order.
    this.#turns = [...new Set(this.#turns.toReversed())].filter(waits).toReversed();
  }

  #oldest(): Waiting<Letter> | undefined {
    while (this.#arrivals[this.#first]?.over === true) this.#first += 1;
    // Half of it at the least is gone then, so that each is moved once on average.
    if (this.#first > 0 && this.#first * 2 >= this.#arrivals.length) {
      this.#arrivals = this.#arrivals.slice(this.#first);
      this.#first = 0;
    }
    return this.#arrivals[this.#first];
  }

  #giveUpOldest(): void {
    const oldest = this.#oldest();
    if (oldest === undefined) return;
    this.#unsent += 1;
    this.#remove(oldest);
  }

  /** @param waiting the first one of its type, as every one is that was sent or has waited for longest */
  #remove(waiting: Waiting<Letter>): void {
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
