import type { MessageQueue, MessageType } from '@timeq/mq-native';

/** How often the server looks for replies that nobody read, in milliseconds, while there can be any. */
export const SWEEP_MS = 500;

/** For so many sweeps a reply is fresh: nobody takes it back before it is 2 s old. */
const FRESH_SWEEPS = 4;

/** How many types are remembered at most. */
const MAX_TYPES = 65_536;

/** How many types one sweep looks at, so that it is short. */
const TYPES_PER_SWEEP = 512;

/** How many messages are taken back at once. */
const BATCH = 256;

/** When replies of one type were sent, in sweeps since the start. */
interface Span {
  /** Before this one all have been read. */
  first: number;
  last: number;
}

/** What to do with replies that are found in the queue. */
export interface Judge {
  /** Whether this reply was sent only now, so that its reader may be on its way. */
  isFresh(type: MessageType, body: Uint8Array): boolean;
  /** Puts a reply back that was taken although it was fresh. */
  sendAgain(type: MessageType, body: Uint8Array): void;
  /** Is told of replies taken back. */
  takenBack(type: MessageType, count: number): void;
}

/**
 * Takes back the replies that nobody reads: their clients are dead, the next classic client would be told a time from the
 * past, and every receive has to walk past them.
 *
 * The kernel does not say which reply was read, so this follows from what was sent and from the order: a receive takes the
 * oldest message of its type, so what is unread is always what was sent last.
 * - Nothing was sent at a type for 2 s: whatever is there is stale.
 * - Something was sent at it both before and since (shared type 3 in a busy hour): if there are no more messages in the
 *   queue than were sent in the last 2 s, then none of them is older. Otherwise the oldest are taken and looked at, for
 *   each tells when it was sent; the first fresh one is put back, and at shared type 3 that is as good as the original.
 */
export class UnreadReplies {
  readonly #judge: Judge;
  readonly #spans = new Map<MessageType, Span>();
  /** How many were sent in each of the last sweeps' times; the last one is now. */
  readonly #sent: number[] = Array.from({ length: FRESH_SWEEPS }, () => 0);
  #sweep = 0;
  #unfinished: Iterator<[MessageType, Span]> | undefined;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** Whether there can be any. While there are none nothing needs to be swept. */
  get any(): boolean {
    return this.#spans.size > 0;
  }

  /** Whether a reply at this type can be remembered. If not it must wait until others are read or taken back. */
  hasRoomFor(type: MessageType): boolean {
    return this.#spans.size < MAX_TYPES || this.#spans.has(type);
  }

  /** Remembers that so many replies were sent at a type. */
  sent(type: MessageType, count: number): void {
    const span = this.#spans.get(type);
    if (span === undefined) this.#spans.set(type, { first: this.#sweep, last: this.#sweep });
    else span.last = this.#sweep;
    this.#sent[FRESH_SWEEPS - 1] = (this.#sent[FRESH_SWEEPS - 1] ?? 0) + count;
  }

  /** Forgets all: there is no reply in the queue, or it is another queue now. */
  clear(): void {
    this.#spans.clear();
    this.#sent.fill(0);
    this.#unfinished = undefined;
  }

  /**
   * Takes back what is stale. To be called every `SWEEP_MS` milliseconds while there are `any`, and again at the next
   * chance as long as it returns true: there were too many to look at in one go.
   */
  sweep(queue: MessageQueue): boolean {
    const { messages } = queue.stat();
    if (messages === 0) {
      this.clear();
      return false;
    }
    const types = this.#unfinished ?? this.#spans.entries();
    this.#unfinished = undefined;
    for (let looked = 0; looked < TYPES_PER_SWEEP; looked += 1) {
      const next = types.next();
      if (next.done === true) {
        this.#endSweep();
        return false;
      }
      this.#sweepType(queue, next.value[0], next.value[1], messages);
    }
    this.#unfinished = types;
    return true;
  }

  #sweepType(queue: MessageQueue, type: MessageType, span: Span, messages: number): void {
    const oldestFresh = this.#sweep - FRESH_SWEEPS + 1;
    if (span.last < oldestFresh) {
      this.#takeAll(queue, type);
      this.#spans.delete(type);
    } else if (span.first < oldestFresh && messages > sum(this.#sent)) {
      if (this.#takeStale(queue, type)) span.first = this.#sweep;
    }
  }

  #takeAll(queue: MessageQueue, type: MessageType): void {
    for (;;) {
      const { length } = queue.receiveBatch({ type, max: BATCH });
      if (length === 0) return;
      this.#judge.takenBack(type, length);
    }
  }

  /** Whether nothing stale is left. */
  #takeStale(queue: MessageQueue, type: MessageType): boolean {
    for (let taken = 0; taken < BATCH; taken += 1) {
      const message = queue.tryReceive({ type });
      if (message === undefined) return true;
      if (this.#judge.isFresh(type, message.body)) {
        this.#judge.sendAgain(type, message.body);
        return true;
      }
      this.#judge.takenBack(type, 1);
    }
    return false;
  }

  #endSweep(): void {
    this.#sweep += 1;
    this.#sent.shift();
    this.#sent.push(0);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
