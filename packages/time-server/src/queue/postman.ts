import { GoneError, IpcError, MessageQueue } from '@timeq/mq-native';
import type { MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY, isAddressedType, parseReply } from '@timeq/time-protocol';
import type { Answer, Answerer, Content } from '../answer/answerer.js';
import type { Log } from '../log.js';
import { LogLimit } from '../log-limit.js';
import { Outbox } from './outbox.js';
import type { Attempt } from './outbox.js';
import { SWEEP_MS, UnreadReplies } from './unread-replies.js';

/** How many replies may lie in the queue unread. Every receive walks past them. */
const MAX_UNREAD = 1024;

/** How many replies are sent together. With more of them the clients would have to wait for the first. */
const TOGETHER = 16;

/** How often the outbox tries again, in milliseconds. A queue does not say when there is room. */
const RETRY_MS = 5;

/** How old a reply is at which nobody is expected to read it, in seconds. */
const FRESH_SECONDS = 2;

/** What a letter takes up beside the id in it, roughly. */
const LETTER_BYTES = 512;

/** What is sent together with others. */
interface Held {
  readonly type: MessageType;
  readonly content: Content;
  readonly requestBytes: number;
}

/** What waits for room. */
interface Letter {
  readonly type: MessageType;
  readonly content: Content;
}

/**
 * Brings replies into the queue without ever waiting for room, and takes back those that nobody reads. It has timers only
 * while replies are outstanding: with none, an idle server does nothing at all.
 */
export class Postman {
  readonly #answerer: Answerer;
  readonly #log: Log;
  readonly #outbox: Outbox<Letter>;
  readonly #unread: UnreadReplies;
  /** Posted, and not sent yet: no more than until the end of what was received together. */
  #held: Held[] = [];
  #queue: MessageQueue;
  #maxReplyBytes: number;
  /** How many replies may be sent before it must be looked how many lie there. */
  #sendsUntilLook = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #takenBack = 0;
  #reportedUnsent = 0;
  readonly #reports = new LogLimit(() => performance.now());

  constructor(queue: MessageQueue, answerer: Answerer, log: Log) {
    this.#queue = queue;
    this.#answerer = answerer;
    this.#log = log;
    this.#maxReplyBytes = readMaxReplyBytes(queue);
    this.#outbox = new Outbox(() => performance.now());
    this.#unread = new UnreadReplies({
      isFresh: (type, body) => this.#isFresh(type, body),
      sendAgain: (type, body) => this.#sendAgain(type, body),
      takenBack: (type, count) => this.#countTakenBack(type, count),
    });
  }

  /** The longest body that the queue takes, in bytes. */
  get maxReplyBytes(): number {
    return this.#maxReplyBytes;
  }

  /** Replies taken back since nobody read them. */
  get takenBack(): number {
    return this.#takenBack;
  }

  /** Replies given up since there was no room for them. */
  get unsent(): number {
    return this.#outbox.unsent;
  }

  /** Replies that wait for room. */
  get waiting(): number {
    return this.#outbox.size;
  }

  /** Takes the answer to a request, which is sent with the next `send`, or when there is room. */
  post(answer: Answer, classicType: number, requestBytes: number): void {
    const type = answer.to === 'classic' ? classicType : answer.type;
    if (this.#outbox.size === 0 && this.#mayAdd(type)) {
      const held = { type, content: answer, requestBytes };
      // Most go alone, and to push makes room for seventeen.
      if (this.#held.length === 0) this.#held = [held];
      else this.#held.push(held);
      if (this.#held.length === TOGETHER) this.send();
    } else {
      this.send();
      this.#post(type, answer, requestBytes);
    }
  }

  /** Sends what was posted; what finds no room waits for it. */
  send(): void {
    const held = this.#held;
    if (held.length === 0) return;
    this.#held = [];
    const sent = this.#trySendAll(held);
    this.#countAllSent(held, sent);
    if (sent === held.length) return;
    this.#sendsUntilLook += held.length - sent;
    // The first of them finds out what was in the way.
    for (const { type, content, requestBytes } of held.slice(sent)) this.#post(type, content, requestBytes);
  }

  /** Sends what has waited, as far as there is room now. */
  flush(): void {
    if (this.#outbox.size > 0) this.#outbox.flush(({ type, content }) => this.#trySend(type, content));
  }

  /** Goes on with another queue: the replies that were in the old one, or on their way to it, are gone. */
  moveTo(queue: MessageQueue): void {
    this.#queue = queue;
    this.#held = [];
    this.#maxReplyBytes = readMaxReplyBytes(queue);
    this.#sendsUntilLook = 0;
    this.#unread.clear();
    this.#outbox.giveUp(() => true);
    this.#reportedUnsent = this.#outbox.unsent;
  }

  /** Ends all timers. */
  stop(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#sweepTimer);
  }

  /** @param requestBytes the size of the request, which its id is a part of */
  #post(type: MessageType, content: Content, requestBytes: number): void {
    // Behind those that wait already, or a client would get its replies out of order.
    const attempt = this.#outbox.size > 0 ? 'full' : this.#trySend(type, content);
    if (attempt === 'impossible') this.#outbox.countUnsent();
    if (attempt !== 'full') return;
    this.#outbox.add({ type, content }, requestBytes + LETTER_BYTES);
    this.#retryTimer ??= setTimeout(() => this.#retry(), RETRY_MS);
  }

  /** @returns how many; what went wrong with the first is found out when it is sent by itself */
  #trySendAll(held: readonly Held[]): number {
    const moment = this.#answerer.now();
    try {
      // A single one goes out sooner by itself than as a batch.
      const [first] = held;
      if (held.length === 1 && first !== undefined)
        return this.#queue.trySend(first.type, first.content.body(moment, 0)) ? 1 : 0;
      return this.#queue.trySendBatch(
        held.map(({ type, content }, place) => ({ type, body: content.body(moment, place) })),
      );
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      return 0;
    }
  }

  #trySend(type: MessageType, content: Content): Attempt {
    if (!this.#mayAdd(type)) return 'full';
    let body = content.body(this.#answerer.now());
    for (;;) {
      try {
        if (!this.#queue.trySend(type, body)) return 'full';
        break;
      } catch (error) {
        const code = error instanceof IpcError && !(error instanceof GoneError) ? error.code : undefined;
        if (code === 'ENOMEM') return 'full';
        if (code !== 'EINVAL') throw error;
        // msgmax has been lowered. The reply is made again, as an error that is short.
        const former = this.#maxReplyBytes;
        this.#maxReplyBytes = readMaxReplyBytes(this.#queue);
        if (this.#maxReplyBytes >= former) return 'impossible';
        body = content.body(this.#answerer.now());
      }
    }
    this.#countSent(type, 1);
    return 'sent';
  }

  /** @param count so many of them, from the first on */
  #countAllSent(held: readonly Held[], count: number): void {
    for (let first = 0; first < count;) {
      const { type } = held[first] as Held;
      let end = first + 1;
      while (end < count && held[end]?.type === type) end++;
      this.#countSent(type, end - first);
      first = end;
    }
  }

  #countSent(type: MessageType, count: number): void {
    this.#unread.sent(type, count);
    this.#sweepTimer ??= setTimeout(() => this.#sweep(), SWEEP_MS);
  }

  #mayAdd(type: MessageType): boolean {
    return this.#unread.hasRoomFor(type) && this.#mayAddUnread();
  }

  #mayAddUnread(): boolean {
    if (this.#sendsUntilLook === 0) {
      const lying = this.#queue.stat().messages + this.#held.length;
      this.#sendsUntilLook = Math.max(0, MAX_UNREAD - lying);
      if (this.#sendsUntilLook === 0) return false;
    }
    this.#sendsUntilLook -= 1;
    return true;
  }

  #retry(): void {
    this.#retryTimer = undefined;
    whileQueueIsThere(() => this.flush());
    this.#reportUnsent();
    if (this.#outbox.size > 0) this.#retryTimer = setTimeout(() => this.#retry(), RETRY_MS);
  }

  #sweep(): void {
    this.#sweepTimer = undefined;
    let unfinished = false;
    whileQueueIsThere(() => {
      unfinished = this.#unread.sweep(this.#queue);
      this.flush();
    });
    this.#reportUnsent();
    // What the sweep sent has set a timer already.
    clearTimeout(this.#sweepTimer);
    this.#sweepTimer = this.#unread.any
      ? setTimeout(() => this.#sweep(), unfinished ? 0 : SWEEP_MS)
      : undefined;
  }

  #isFresh(type: MessageType, body: Uint8Array): boolean {
    if (!isAddressedType(type)) {
      return this.#answerer.recentClassicTexts(FRESH_SECONDS).includes(Buffer.from(body).toString('latin1'));
    }
    const sent = parseReply(body)?.sent;
    if (sent === undefined) return false;
    const age = this.#answerer.now() - sent;
    return age >= 0n && age <= BigInt(FRESH_SECONDS) * 1_000_000_000n;
  }

  #sendAgain(type: MessageType, body: Uint8Array): void {
    const content: Content = {
      body: (sent) => (isAddressedType(type) ? body : this.#answerer.classicBody(sent)),
    };
    this.#post(type, content, body.byteLength);
  }

  #countTakenBack(type: MessageType, count: number): void {
    this.#takenBack += count;
    // Who does not read what is there will not read the rest either. Only type 3 has many readers: nobody waited there for
    // as long as those replies lay unread, but whoever has asked since may be about to.
    this.#outbox.giveUp(
      (letter, waited) => letter.type === type && (type !== CLASSIC_REPLY || waited > FRESH_SECONDS * 1000),
    );
  }

  #reportUnsent(): void {
    const count = this.#outbox.unsent - this.#reportedUnsent;
    if (count === 0 || this.#reports.next() === undefined) return;
    this.#reportedUnsent = this.#outbox.unsent;
    this.#log.warn(
      'unsent',
      `the queue is full and its messages are not read: ${count} ${count === 1 ? 'reply was' : 'replies were'} given up`,
      { count },
    );
  }
}

/** The queue may be gone when a timer fires. Whoever waits for requests is told that, too, and sees to it. */
function whileQueueIsThere(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
  }
}

function readMaxReplyBytes(queue: MessageQueue): number {
  return Math.min(MessageQueue.limits().maxMessageBytes, queue.stat().maxBytes);
}
