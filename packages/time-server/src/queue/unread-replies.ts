import type { Message, MessageQueue, MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY } from '@timeq/time-protocol';

/** How often the server checks for unread replies, in milliseconds, while there can be any. */
export const SWEEP_MS = 100;

/** The age in milliseconds at which a reply counts as abandoned. */
export const FRESH_MS = 2000;

/** The same while other messages need its room. */
const FRESH_WITHOUT_ROOM_MS = 30;

const FRESH_SWEEPS = FRESH_MS / SWEEP_MS;

/** The limit of types that are tracked. */
const MAX_TYPES = 65_536;

/** The limit of types that one sweep checks, so that it is short. */
const TYPES_PER_SWEEP = 512;

/** How many messages are taken back at once. */
const BATCH = 256;

/** With this many replies at one type in a short while, they are checked one by one if room is needed. */
const FLOOD = 16;

/** When replies of one type were sent, by the steady clock in milliseconds. */
interface Span {
  /** All replies before this have been read. */
  first: number;
  last: number;
  /** How many were sent since the first. */
  count: number;
}

/** The actions on replies that are found in the queue. */
interface Judge {
  /** Whether a message is a reply of this server, and not another program's at the same type. */
  isReply(message: Message): boolean;
  /** Whether this reply was sent within this many milliseconds, so that its client may be about to read it. */
  isFresh(message: Message, milliseconds: number): boolean;
  /** Sends a message again that was taken although it is fresh, or another program's. */
  sendAgain(message: Message): void;
  /** Called for replies of one type that were taken back for good: one at least. */
  takenBack(messages: readonly Message[]): void;
  /** Called for replies that had to make room. They are sent again after all others if they are still fresh then. */
  madeRoom(messages: readonly Message[]): void;
}

/**
 * Takes back unread replies: their clients are dead, the next classic client would be told a time from the past, and
 * every receive has to walk past them.
 *
 * The kernel does not say which reply was read, so this follows from the order: a receive takes the oldest message of
 * its type, so the unread replies are always those that were sent last.
 * - Nothing was sent at a type for 2 s: all replies there are stale.
 * - Replies were sent at it both before that and since (shared type 3 in a busy hour): if the queue holds no more messages than
 *   were sent in the last 2 s, none of them is older. Otherwise the oldest are taken and checked, because each tells when it
 *   was sent; the first fresh one is sent again, and at shared type 3 that is as good as the original.
 *
 * When replies or requests find no room, 30 ms take the place of the 2 s. Replies that are taken then may be sent again
 * when there is room, after all others.
 */
export class UnreadReplies {
  readonly #judge: Judge;
  readonly #now: () => number;
  readonly #spans = new Map<MessageType, Span>();
  /** How many were sent in each of the last sweeps' intervals; the last one is the current. */
  readonly #sent: number[] = Array.from({ length: FRESH_SWEEPS }, () => 0);
  /** How many of them were shared, in the same intervals. */
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

  /** Whether a reply at this type can be tracked. If not, it must wait until others are read or taken back. */
  hasRoomFor(type: MessageType): boolean {
    return this.#spans.size < MAX_TYPES || this.#spans.has(type);
  }

  /** Records that this many replies were sent at a type. */
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

  /** Forgets all replies: there is none in the queue, or it is another queue now. */
  clear(): void {
    this.#spans.clear();
    this.#sent.fill(0);
    this.#sentShared.fill(0);
    this.#unfinished = undefined;
  }

  /**
   * Takes back stale replies. Call it every `SWEEP_MS` milliseconds while there are `any`, and again at the next chance
   * as long as it returns true: there were too many to check at once.
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
   * Takes out replies that have been unread for a short while, at most once in that time.
   * @param isNeeded whether other messages need the room of replies of this type
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
      } else if (span.count >= FLOOD && this.#takeStale(queue, type, FRESH_WITHOUT_ROOM_MS, false)) {
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
      if (taken.length > 0) this.#judge.takenBack(taken);
      this.#spans.delete(type);
    } else if (span.first < oldestFresh && messages > sum(this.#sent)) {
      if (this.#takeStale(queue, type, FRESH_MS, true)) span.first = now;
    }
  }

  /** Takes all replies of a type; other programs' messages go back. */
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

  /** Any client that waits at type 3 takes any of them: as many as were sent in a short while may still be wanted. */
  #makeRoomAmongShared(queue: MessageQueue): void {
    const wanted = (this.#sentShared.at(-1) ?? 0) + (this.#sentShared.at(-2) ?? 0);
    if (queue.stat().messages <= wanted) return;
    const taken = this.#take(queue, CLASSIC_REPLY);
    const old = taken.splice(0, Math.max(0, taken.length - wanted));
    for (const message of taken) this.#judge.sendAgain(message);
    if (old.length > 0) this.#judge.madeRoom(old);
  }

  /**
   * Takes stale replies, the oldest first.
   * @param forGood whether they are not sent again when there is room
   * @returns whether no stale reply is left
   */
  #takeStale(queue: MessageQueue, type: MessageType, fresh: number, forGood: boolean): boolean {
    for (let taken = 0; taken < BATCH; taken += 1) {
      const message = queue.tryReceive({ type });
      if (message === undefined) return true;
      if (!this.#judge.isReply(message) || this.#judge.isFresh(message, fresh)) {
        this.#judge.sendAgain(message);
        return true;
      }
      if (forGood) this.#judge.takenBack([message]);
      else this.#judge.madeRoom([message]);
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
