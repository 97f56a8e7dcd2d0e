import { GoneError, IpcError, MessageQueue } from '@timeq/mq-native';
import type { Message, MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY, isAddressedType, parseReply } from '@timeq/time-protocol';
import type { Answerer, Content } from '../answer/answerer.js';
import type { Log } from '../log.js';
import { LogLimit } from '../log-limit.js';
import { isClassicText } from './classic-text.js';
import { Outbox } from './outbox.js';
import type { Attempt } from './outbox.js';
import { StrangerWatch } from './strangers.js';
import { FRESH_MS, SWEEP_MS, UnreadReplies } from './unread-replies.js';

/** How many replies may lie in the queue unread. Every receive walks past them. */
const MAX_UNREAD = 1024;

/** How many replies are sent together. With more of them the clients would have to wait for the first. */
const TOGETHER = 16;

/** How often the outbox tries again, in milliseconds. A queue does not say when there is room. */
const RETRY_MS = 5;

/** The part of the queue that may be full before replies that nobody reads have to make room. */
const CROWDED = 3 / 4;

/** What a reply takes up in the queue, more rather than less. */
const USUAL_BYTES = 200;

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
  readonly content: Content;
  /** When it need not be sent any more, by performance.now(). */
  readonly until: number;
}

/**
 * Brings replies into the queue without ever waiting for room, and takes back those that nobody reads. It has timers only
 * while replies are outstanding: with none, an idle server does nothing at all.
 */
export class ReplySender {
  readonly #answerer: Answerer;
  readonly #log: Log;
  readonly #tellUnread: (type: MessageType) => void;
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
  /** As far as the kernel showed it, which tells of the last sender only. */
  #foreignClients = false;
  #reportedUnsent = 0;
  /** How long the body was that was sent last. */
  #lastBytes = 0;
  /** What was taken by mistake and found no room. */
  #strange: Message[] = [];
  readonly #strangers: StrangerWatch;
  readonly #reports = new LogLimit(() => performance.now());

  /** @param unread is told of types whose replies nobody read */
  constructor(queue: MessageQueue, answerer: Answerer, log: Log, unread: (type: MessageType) => void) {
    this.#tellUnread = unread;
    this.#queue = queue;
    this.#answerer = answerer;
    this.#log = log;
    this.#strangers = new StrangerWatch(log, () => performance.now());
    this.#maxReplyBytes = readMaxReplyBytes(queue);
    this.#outbox = new Outbox(() => performance.now());
    this.#unread = new UnreadReplies(
      {
        isReply: (message) => this.#isReply(message),
        isFresh: (message, milliseconds) => this.#isFresh(message, milliseconds),
        sendAgain: (message) => this.#sendAgain(message),
        takenBack: (type, count) => this.#countTakenBack(type, count),
        madeRoom: (messages) => this.#sendLater(messages),
      },
      () => performance.now(),
    );
  }

  /** The longest body that the queue takes, in bytes. */
  get maxReplyBytes(): number {
    return this.#maxReplyBytes;
  }

  /** Whether requests come from another pid namespace, too: then pids mean little here. */
  get hasForeignClients(): boolean {
    this.#foreignClients ||= this.#queue.stat().lastSendPid === 0;
    return this.#foreignClients;
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
  post(type: MessageType, content: Content, requestBytes: number): void {
    if (this.#outbox.size === 0 && this.#mayAdd(type)) {
      const held = { type, content, requestBytes };
      // Most go alone, and to push makes room for seventeen.
      if (this.#held.length === 0) this.#held = [held];
      else this.#held.push(held);
      if (this.#held.length === TOGETHER) this.send();
    } else {
      this.send();
      this.#post(type, content, requestBytes);
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

  /** Takes the oldest replies at a type back; what is a stranger's stays. @returns how many, fewer than asked for if the others were read */
  withdraw(type: MessageType, most: number): number {
    this.send();
    const strange: Message[] = [];
    let count = 0;
    while (count < most) {
      const message = this.#queue.tryReceive({ type });
      if (message === undefined) break;
      if (this.#isReply(message)) count += 1;
      else strange.push(message);
    }
    for (const message of strange) this.#sendAgain(message);
    while (count < most && this.#outbox.withdraw(type)) count += 1;
    return count;
  }

  /** Sends the time to a type, when there is room. */
  sendClassic(type: MessageType): void {
    this.send();
    this.#post(type, { body: (sent) => this.#answerer.classicBody(sent) }, 0);
  }

  /**
   * Sends what has waited. No more than half of the room is used up at once, so that clients that wait to send a request
   * get in between.
   */
  flush(): void {
    this.#sendStrange();
    if (this.#outbox.size === 0) return;
    const { bytes, messages, maxBytes } = this.#queue.stat();
    let bytesLeft = (maxBytes - bytes) / 2;
    let messagesLeft = Math.min(maxBytes, MAX_UNREAD) - messages;
    this.#outbox.flush((type, { content, until }) => {
      if (until <= performance.now()) {
        this.#takenBack += 1;
        return 'unwanted';
      }
      if (bytesLeft <= 0 || messagesLeft <= 0) return 'full';
      const attempt = this.#unread.hasRoomFor(type) ? this.#sendNow(type, content) : 'full';
      if (attempt === 'sent') {
        bytesLeft -= this.#lastBytes;
        messagesLeft -= 1;
      }
      return attempt;
    });
  }

  /** Goes on with another queue: the replies that were in the old one, or on their way to it, are gone. */
  moveTo(queue: MessageQueue): void {
    this.#queue = queue;
    this.#foreignClients = false;
    this.#held = [];
    this.#maxReplyBytes = readMaxReplyBytes(queue);
    this.#sendsUntilLook = 0;
    this.#unread.clear();
    this.#outbox.clear();
    this.#strange = [];
    this.#reportedUnsent = this.#outbox.unsent;
  }

  /** Ends all timers. */
  stop(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#sweepTimer);
  }

  /** @param requestBytes the size of the request, which its id is a part of */
  #post(type: MessageType, content: Content, requestBytes: number): void {
    // Behind those of its type that wait already, or a client would get its replies out of order.
    const attempt = this.#outbox.has(type) ? 'full' : this.#trySend(type, content);
    if (attempt === 'impossible') this.#outbox.countUnsent();
    if (attempt !== 'full') return;
    this.#outbox.add(type, { content, until: Infinity }, requestBytes + LETTER_BYTES);
    this.#retryLater();
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
    return this.#mayAdd(type) ? this.#sendNow(type, content) : 'full';
  }

  #sendNow(type: MessageType, content: Content): Attempt {
    let body = content.body(this.#answerer.now());
    for (;;) {
      try {
        if (!this.#queue.trySend(type, body)) return 'full';
        break;
      } catch (error) {
        const code = error instanceof IpcError && !(error instanceof GoneError) ? error.code : undefined;
        // EAGAIN: the queue's own limit has been lowered below it, and may be raised again.
        if (code === 'ENOMEM' || code === 'EAGAIN') return 'full';
        if (code !== 'EINVAL') throw error;
        // msgmax has been lowered. The reply is made again, as an error that is short.
        const former = this.#maxReplyBytes;
        this.#maxReplyBytes = readMaxReplyBytes(this.#queue);
        if (this.#maxReplyBytes >= former) return 'impossible';
        body = content.body(this.#answerer.now());
      }
    }
    this.#lastBytes = body.byteLength;
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
      const { bytes, messages, maxBytes } = this.#queue.stat();
      const room = Math.floor((CROWDED * maxBytes - bytes) / USUAL_BYTES);
      // What is left then is for those that have waited, and for requests.
      this.#sendsUntilLook = Math.max(0, Math.min(MAX_UNREAD - messages, room) - this.#held.length);
      if (this.#sendsUntilLook === 0) return false;
    }
    this.#sendsUntilLook -= 1;
    return true;
  }

  #retryLater(): void {
    this.#retryTimer ??= setTimeout(() => this.#retry(), RETRY_MS);
  }

  #retry(): void {
    this.#retryTimer = undefined;
    whileQueueIsThere(() => {
      if (this.#outbox.size > 0) this.#makeRoom();
      this.flush();
    });
    this.#reportUnsent();
    if (this.#outbox.size > 0 || this.#strange.length > 0) this.#retryLater();
  }

  #sweep(): void {
    this.#sweepTimer = undefined;
    let unfinished = false;
    whileQueueIsThere(() => {
      unfinished = this.#unread.sweep(this.#queue);
      if (this.#isCrowded()) {
        this.#makeRoom();
        this.#strangers.look(this.#queue);
      }
      this.flush();
    });
    this.#reportUnsent();
    // What the sweep sent has set a timer already.
    clearTimeout(this.#sweepTimer);
    this.#sweepTimer = this.#unread.any
      ? setTimeout(() => this.#sweep(), unfinished ? 0 : SWEEP_MS)
      : undefined;
  }

  /** For replies of other types, or, where none waits, for requests. */
  #makeRoom(): void {
    const outbox = this.#outbox;
    this.#unread.makeRoom(this.#queue, (type) => outbox.size === 0 || outbox.hasOther(type));
  }

  #isCrowded(): boolean {
    const { bytes, messages, maxBytes } = this.#queue.stat();
    return bytes > CROWDED * maxBytes || messages > CROWDED * Math.min(maxBytes, MAX_UNREAD);
  }

  /** In a queue of one's own anybody can put messages of any type. */
  #isReply({ type, body }: Message): boolean {
    if (isAddressedType(type)) return parseReply(body) !== undefined;
    return type === CLASSIC_REPLY || isClassicText(body);
  }

  #isFresh(message: Message, milliseconds: number): boolean {
    return this.#age(message) <= milliseconds;
  }

  /** For how many milliseconds it has lain there. Classic texts tell seconds only: it may be a second more. */
  #age({ type, body }: Message): number {
    if (!isAddressedType(type)) {
      const texts = this.#answerer.recentClassicTexts(FRESH_MS / 1000);
      const seconds = texts.indexOf(body.toString('latin1'));
      return seconds === -1 ? Infinity : seconds * 1000;
    }
    const sent = parseReply(body)?.sent;
    const age = sent === undefined ? -1 : Number(this.#answerer.now() - sent) / 1e6;
    // The clock was set back.
    return age < 0 ? Infinity : age;
  }

  /** As it is, if it may be a stranger's; a reply tells the time at which it is sent again. */
  #sendAgain(message: Message): void {
    const { type, body } = message;
    if (this.#isReply(message)) this.#post(type, this.#again(message), body.byteLength);
    else if (!this.#trySendStrange(message)) {
      this.#strange.push(message);
      this.#retryLater();
    }
  }

  /** What was taken out of a full queue, and is not this server's to give up. */
  #sendStrange(): void {
    while (this.#strange.length > 0) {
      if (!this.#trySendStrange(this.#strange[0] as Message)) return;
      this.#strange.shift();
    }
  }

  #trySendStrange({ type, body }: Message): boolean {
    try {
      return this.#queue.trySend(type, body);
    } catch (error) {
      if (error instanceof IpcError && error.code === 'EAGAIN') return false;
      throw error;
    }
  }

  #sendLater(messages: readonly Message[]): void {
    for (const message of messages) {
      const { type, body } = message;
      const left = FRESH_MS - this.#age(message);
      if (left <= 0) {
        this.#countTakenBack(type, 1);
      } else {
        const bytes = new Uint8Array(body);
        const letter = { content: { body: () => bytes }, until: performance.now() + left };
        this.#outbox.add(type, letter, bytes.byteLength + LETTER_BYTES, 'last');
      }
    }
    this.#retryLater();
  }

  #again({ type, body }: Message): Content {
    if (!isAddressedType(type)) return { body: (sent) => this.#answerer.classicBody(sent) };
    const bytes = new Uint8Array(body);
    return { body: () => bytes };
  }

  #countTakenBack(type: MessageType, count: number): void {
    this.#takenBack += count;
    this.#tellUnread(type);
    // Who does not read what is there will not read the rest either. Only classic types can have several readers: nobody
    // waited there for as long as those replies lay unread, but whoever has asked since may be about to.
    this.#outbox.giveUp(type, isAddressedType(type) ? undefined : FRESH_MS);
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
