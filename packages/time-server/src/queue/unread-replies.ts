import type { Message, MessageQueue, MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY } from '@timeq/time-protocol';

/** How often the server looks for replies that nobody read, in milliseconds, while there can be any. */
export const SWEEP_MS = 100;

/** How old a reply is at which nobody is expected to read it, in milliseconds. */
export const FRESH_MS = 2000;

/** The same where others need the room that it takes up. */
const FRESH_WITHOUT_ROOM_MS = 30;

const FRESH_SWEEPS = FRESH_MS / SWEEP_MS;

/** How many types are remembered at most. */
const MAX_TYPES = 65_536;

/** How many types one sweep looks at, so that it is short. */
const TYPES_PER_SWEEP = 512;

/** How many messages are taken back at once. */
const BATCH = 256;

/** So many replies at one type in a short while are looked at one by one where room is needed. */
const FLOOD = 16;

/** When replies of one type were sent, by the steady clock in milliseconds. */
interface Span {
  /** Before this all have been read. */
  first: number;
  last: number;
  /** How many were sent since the first. */
  count: number;
}

/** What to do with replies that are found in the queue. */
export interface Judge {
  /** Whether a message is a reply of this server, and no stranger's at the same type. */
  isReply(message: Message): boolean;
  /** Whether this reply was sent within so many milliseconds, so that its reader may be on its way. */
  isFresh(message: Message, milliseconds: number): boolean;
  /** Puts a message back that was taken although it was fresh, or a stranger's. */
  sendAgain(message: Message): void;
  /** Is told of replies taken back for good. */
  takenBack(type: MessageType, count: number): void;
  /** Is told of replies that had to make room, and are to be sent again after all others if they are still fresh then. */
  madeRoom(messages: readonly Message[]): void;
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
 *
 * Where replies or requests find no room, some 30 ms take the place of the 2 s. What is taken then may be sent
 * again when there is room, after all others.
 */
export class UnreadReplies {
  readonly #judge: Judge;
  readonly #now: () => number;
  readonly #spans = new Map<MessageType, Span>();
  /** How many were sent in each of the last sweeps' times; the last one is now. */
  readonly #sent: number[] = Array.from({ length: FRESH_SWEEPS }, () => 0);
  /** How many of them were shared, by the same times. */
  readonly #sentShared: number[] = Array.from({ length: FRESH_SWEEPS }, () => 0);
  #unfinished: Iterator<[MessageType, Span]> | undefined;
  #roomMade = -Infinity;

  /** @param now the steady clock, in milliseconds */
  constructor(judge: Judge, now: () => number) {
    this.#judge = judge;
    this.#now = now;
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
    const now = this.#now();
    const span = this.#spans.get(type);
    if (span === undefined) this.#spans.set(type, { first: now, last: now, count });
    else {
      span.last = now;
      span.count += count;
    }
    add(this.#sent, count);
    if (type === CLASSIC_REPLY) add(this.#sentShared, count);
  }

  /** Forgets all: there is no reply in the queue, or it is another queue now. */
  clear(): void {
    this.#spans.clear();
    this.#sent.fill(0);
    this.#sentShared.fill(0);
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

  /**
   * Takes replies out that have been unread for a short while, but not more often than that.
   * @param isNeeded whether others need the room that replies of this type take up
   */
  makeRoom(queue: MessageQueue, isNeeded: (type: MessageType) => boolean): void {
    const now = this.#now();
    const oldestFresh = now - FRESH_WITHOUT_ROOM_MS;
    if (this.#roomMade > oldestFresh) return;
    this.#roomMade = now;
    for (const [type, span] of this.#spans) {
      if (span.first > oldestFresh || !isNeeded(type)) continue;
      if (type === CLASSIC_REPLY) this.#makeRoomAmongShared(queue);
      else if (span.last <= oldestFresh) {
        const taken = this.#take(queue, type);
        if (taken.length > 0) this.#judge.madeRoom(taken);
        this.#spans.delete(type);
      } else if (span.count >= FLOOD && this.#takeStale(queue, type, FRESH_WITHOUT_ROOM_MS)) {
        span.first = now;
        span.count = 0;
      }
    }
  }

  #sweepType(queue: MessageQueue, type: MessageType, span: Span, messages: number): void {
    const now = this.#now();
    const oldestFresh = now - FRESH_MS;
    if (span.last < oldestFresh) {
      const taken = this.#take(queue, type);
      if (taken.length > 0) this.#judge.takenBack(type, taken.length);
      this.#spans.delete(type);
    } else if (span.first < oldestFresh && messages > sum(this.#sent)) {
      if (this.#takeStale(queue, type, FRESH_MS)) span.first = now;
    }
  }

  /** Takes all replies of a type; what is a stranger's goes back. */
  #take(queue: MessageQueue, type: MessageType): Message[] {
    const taken: Message[] = [];
    const strange: Message[] = [];
    for (;;) {
      const messages = queue.receiveBatch({ type, max: BATCH });
      for (const message of messages) (this.#judge.isReply(message) ? taken : strange).push(message);
      if (messages.length === 0) break;
    }
    for (const message of strange) this.#judge.sendAgain(message);
    return taken;
  }

  /** Whoever waits at type 3 takes any of them: as many as were sent in a short while may still be wanted. */
  #makeRoomAmongShared(queue: MessageQueue): void {
    const wanted = (this.#sentShared.at(-1) ?? 0) + (this.#sentShared.at(-2) ?? 0);
    if (queue.stat().messages <= wanted) return;
    const taken = this.#take(queue, CLASSIC_REPLY);
    const old = taken.splice(0, Math.max(0, taken.length - wanted));
    for (const message of taken) this.#judge.sendAgain(message);
    if (old.length > 0) this.#judge.madeRoom(old);
  }

  /** Whether nothing stale is left. */
  #takeStale(queue: MessageQueue, type: MessageType, fresh: number): boolean {
    for (let taken = 0; taken < BATCH; taken += 1) {
      const message = queue.tryReceive({ type });
      if (message === undefined) return true;
      if (!this.#judge.isReply(message) || this.#judge.isFresh(message, fresh)) {
        this.#judge.sendAgain(message);
        return true;
      }
      this.#judge.takenBack(type, 1);
    }
    return false;
  }

  #endSweep(): void {
    for (const counts of [this.#sent, this.#sentShared]) {
      counts.shift();
      counts.push(0);
    }
  }
}

function add(counts: number[], count: number): void {
  const last = counts.length - 1;
  counts[last] = (counts[last] ?? 0) + count;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
