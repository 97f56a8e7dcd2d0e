import { GoneError, IpcError, MessageQueue, type Message, type MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY, isAddressedType, parseReply } from '@timeq/time-protocol';
import type { Ringing } from '../alarms/alarms.js';
import type { Answerer } from '../answer/answerer.js';
import type { ReplyEncoder } from '../reply-encoder.js';
import type { Log } from '../log.js';
import { LogLimit } from '../log-limit.js';
import { isClassicText } from './classic-text.js';
import { Outbox, type Attempt } from './outbox.js';
import { StrangerWatch } from './strangers.js';
import { FRESH_MS, SWEEP_MS, UnreadReplies } from './unread-replies.js';

/** How many unread replies the queue may hold. Every receive walks past them. */
const MAX_UNREAD = 1024;

/** How many replies are sent together. With more of them the first clients would wait too long. */
const BATCH_MAX = 16;

/** How often the outbox tries again, in milliseconds. A queue does not say when there is room. */
const RETRY_MS = 5;

/** How full the queue may be before unread replies have to make room. */
const CROWDED = 3 / 4;

/** The room that a reply takes up in the queue, rounded up. */
const USUAL_BYTES = 200;

/** The memory that a waiting reply takes up beside its id, roughly. */
const OVERHEAD_BYTES = 512;

/** A reply that is sent together with others. */
interface BatchedReply {
  readonly type: MessageType;
  readonly reply: ReplyEncoder;
  readonly requestBytes: number;
}

interface WaitingReply {
  readonly reply: ReplyEncoder;
  /** When it is not worth sending any more, by performance.now(). */
  readonly until: number;
}

/**
 * Sends replies without ever waiting for room, and takes back unread ones. It has timers only while replies are
 * outstanding: with none, an idle server does nothing at all.
 */
export class ReplySender {
  readonly #answerer: Answerer;
  readonly #log: Log;
  readonly #tellUnread: (type: MessageType) => void;
  readonly #tellLost: (alarm: number) => void;
  readonly #outbox: Outbox<WaitingReply>;
  readonly #unread: UnreadReplies;
  /** Added and not sent yet: at most until the end of the received batch. */
  #batch: BatchedReply[] = [];
  #queue: MessageQueue;
  #maxReplyBytes: number;
  /** How many replies may be sent before the queue has to be checked. */
  #sendsUntilLook = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #takenBack = 0;
  /** As far as the kernel shows it: it records the last sender only. */
  #foreignClients = false;
  #reportedUnsent = 0;
  /** The size of the body that was sent last. */
  #lastBytes = 0;
  /** Messages that were taken by mistake and found no room. */
  #strange: Message[] = [];
  readonly #strangers: StrangerWatch;
  readonly #reports = new LogLimit(() => performance.now());

  /**
   * @param unread is called with types whose replies were not read
   * @param lost is called with the number of an alarm whose message was not read, or found no room
   */
  constructor(
    queue: MessageQueue,
    answerer: Answerer,
    log: Log,
    unread: (type: MessageType) => void,
    lost: (alarm: number) => void,
  ) {
    this.#tellUnread = unread;
    this.#tellLost = lost;
    this.#queue = queue;
    this.#answerer = answerer;
    this.#log = log;
    this.#strangers = new StrangerWatch(log, () => performance.now());
    this.#maxReplyBytes = readMaxReplyBytes(queue);
    this.#outbox = new Outbox(
      () => performance.now(),
      ({ reply }) => this.#lose(reply),
    );
    this.#unread = new UnreadReplies(
      {
        isReply: (message) => this.#isReply(message),
        isFresh: (message, milliseconds) => this.#isFresh(message, milliseconds),
        sendAgain: (message) => this.#sendAgain(message),
        takenBack: (messages) => this.#countTakenBack(messages),
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

  /** Replies that were taken back unread. */
  get takenBack(): number {
    return this.#takenBack;
  }

  /** Replies that were dropped for want of room. */
  get unsent(): number {
    return this.#outbox.unsent;
  }

  /** Replies that wait for room. */
  get waiting(): number {
    return this.#outbox.size;
  }

  /** Adds the answer to a request, which goes out with the next `send`, or when there is room. */
  add(type: MessageType, reply: ReplyEncoder, requestBytes: number): void {
    if (this.#outbox.size === 0 && this.#mayAdd(type)) {
      const added = { type, reply, requestBytes };
      // Most go alone, and `push` allocates room for seventeen.
      if (this.#batch.length === 0) this.#batch = [added];
      else this.#batch.push(added);
      if (this.#batch.length === BATCH_MAX) this.send();
    } else {
      this.send();
      this.#sendOrQueue(type, reply, requestBytes);
    }
  }

  /** Sends the batch; replies without room wait for it. */
  send(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    const sent = this.#trySendAll(batch);
    this.#countAllSent(batch, sent);
    if (sent === batch.length) return;
    this.#sendsUntilLook += batch.length - sent;
    // The first of them finds out what was wrong.
    for (const { type, reply, requestBytes } of batch.slice(sent))
      this.#sendOrQueue(type, reply, requestBytes);
  }

  /**
   * Takes back the oldest replies at a type and keeps other programs' messages. @returns how many, fewer than `most` if
   * some were read
   */
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

  /** Sends messages that no request asked for. */
  ring(ringing: readonly Ringing[]): void {
    whileQueueIsThere(() => {
      for (const { type, reply } of ringing) this.add(type, reply, 0);
      this.send();
    });
  }

  /** Sends the time to a type, when there is room. */
  sendClassic(type: MessageType): void {
    this.send();
    this.#sendOrQueue(type, { body: (sent) => this.#answerer.classicBody(sent) }, 0);
  }

  /**
   * Sends waiting replies. It uses no more than half of the room at once, so that clients that wait to send a request
   * get some of it.
   */
  flush(): void {
    this.#sendStrange();
    if (this.#outbox.size === 0) return;
    const { bytes, messages, maxBytes } = this.#queue.stat();
    let bytesLeft = (maxBytes - bytes) / 2;
    let messagesLeft = Math.min(maxBytes, MAX_UNREAD) - messages;
    this.#outbox.flush((type, { reply, until }) => {
      if (until <= performance.now()) {
        this.#takenBack += 1;
        this.#lose(reply);
        return 'unwanted';
      }
      if (bytesLeft <= 0 || messagesLeft <= 0) return 'full';
      const attempt = this.#unread.hasRoomFor(type) ? this.#sendNow(type, reply) : 'full';
      if (attempt === 'sent') {
        bytesLeft -= this.#lastBytes;
        messagesLeft -= 1;
      }
      return attempt;
    });
  }

  /** Continues with another queue: the replies in the old one, and those on their way to it, are lost. */
  moveTo(queue: MessageQueue): void {
    this.#queue = queue;
    this.#foreignClients = false;
    this.#batch = [];
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

  /** @param requestBytes the size of the request, of which its id is a part */
  #sendOrQueue(type: MessageType, reply: ReplyEncoder, requestBytes: number): void {
    // Behind replies of its type that wait already, or a client would get its replies out of order.
    const attempt = this.#outbox.has(type) ? 'full' : this.#trySend(type, reply);
    if (attempt === 'impossible') {
      this.#outbox.countUnsent();
      this.#lose(reply);
    }
    if (attempt !== 'full') return;
    this.#outbox.add(type, { reply, until: Infinity }, requestBytes + OVERHEAD_BYTES);
    this.#retryLater();
  }

  /** @returns how many were sent; an error of the first one shows when it is sent by itself */
  #trySendAll(batch: readonly BatchedReply[]): number {
    const moment = this.#answerer.now();
    try {
      // A single one goes out sooner by itself than as a batch.
      const [first] = batch;
      if (batch.length === 1 && first !== undefined)
        return this.#queue.trySend(first.type, first.reply.body(moment, 0)) ? 1 : 0;
      return this.#queue.trySendBatch(
        batch.map(({ type, reply }, place) => ({ type, body: reply.body(moment, place) })),
      );
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      return 0;
    }
  }

  #trySend(type: MessageType, reply: ReplyEncoder): Attempt {
    return this.#mayAdd(type) ? this.#sendNow(type, reply) : 'full';
  }

  #sendNow(type: MessageType, reply: ReplyEncoder): Attempt {
    let body = reply.body(this.#answerer.now());
    for (;;) {
      try {
        if (!this.#queue.trySend(type, body)) return 'full';
        break;
      } catch (error) {
        const code = error instanceof IpcError && !(error instanceof GoneError) ? error.code : undefined;
        // EAGAIN: the queue's own limit has been lowered below it, and may be raised again.
        if (code === 'ENOMEM' || code === 'EAGAIN') return 'full';
        if (code !== 'EINVAL') throw error;
        // msgmax has been lowered. The reply is encoded again, as a short error.
        const former = this.#maxReplyBytes;
        this.#maxReplyBytes = readMaxReplyBytes(this.#queue);
        if (this.#maxReplyBytes >= former) return 'impossible';
        body = reply.body(this.#answerer.now());
      }
    }
    this.#lastBytes = body.byteLength;
    this.#countSent(type, 1);
    return 'sent';
  }

  /** @param count of them, from the first on */
  #countAllSent(batch: readonly BatchedReply[], count: number): void {
    for (let first = 0; first < count;) {
      const { type } = batch[first] as BatchedReply;
      let end = first + 1;
      while (end < count && batch[end]?.type === type) end++;
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
      // The rest is for replies that have waited, and for requests.
      this.#sendsUntilLook = Math.max(0, Math.min(MAX_UNREAD - messages, room) - this.#batch.length);
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
    // Replies that the sweep sent have set a timer already.
    clearTimeout(this.#sweepTimer);
    this.#sweepTimer = this.#unread.any
      ? setTimeout(() => this.#sweep(), unfinished ? 0 : SWEEP_MS)
      : undefined;
  }

  /** Makes room for replies of other types, or, if none waits, for requests. */
  #makeRoom(): void {
    const outbox = this.#outbox;
    this.#unread.makeRoom(this.#queue, (type) => outbox.size === 0 || outbox.hasOther(type));
  }

  #isCrowded(): boolean {
    const { bytes, messages, maxBytes } = this.#queue.stat();
    return bytes > CROWDED * maxBytes || messages > CROWDED * Math.min(maxBytes, MAX_UNREAD);
  }

  /** Every program that may write can put messages of any type into the queue. */
  #isReply({ type, body }: Message): boolean {
    if (isAddressedType(type)) return parseReply(body) !== undefined;
    return type === CLASSIC_REPLY || isClassicText(body);
  }

  #isFresh(message: Message, milliseconds: number): boolean {
    return this.#age(message) <= milliseconds;
  }

  #age({ type, body }: Message): number {
    return this.#answerer.ageOf(body, !isAddressedType(type));
  }

  /** Unchanged, if it may be another program's; a reply tells the time at which it is sent again. */
  #sendAgain(message: Message): void {
    const { type, body } = message;
    if (this.#isReply(message)) this.#sendOrQueue(type, this.#again(message), body.byteLength);
    else if (!this.#trySendStrange(message)) {
      this.#strange.push(message);
      this.#retryLater();
    }
  }

  /** Messages that were taken out of a full queue, and that this server must not drop. */
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
        this.#countTakenBack([message]);
      } else {
        const waiting = { reply: unchanged(body), until: performance.now() + left };
        this.#outbox.add(type, waiting, body.byteLength + OVERHEAD_BYTES, 'last');
      }
    }
    this.#retryLater();
  }

  #again({ type, body }: Message): ReplyEncoder {
    return isAddressedType(type) ? unchanged(body) : { body: (sent) => this.#answerer.classicBody(sent) };
  }

  /** The message of an alarm did not reach its client. */
  #lose({ alarm }: ReplyEncoder): void {
    if (alarm !== undefined) this.#tellLost(alarm);
  }

  /** @param messages of one type */
  #countTakenBack(messages: readonly Message[]): void {
    const { type } = messages[0] as Message;
    this.#takenBack += messages.length;
    this.#tellUnread(type);
    for (const { body } of isAddressedType(type) ? messages : []) this.#lose(unchanged(body));
    // A client that does not read these replies will not read the rest either. Only classic types can have several
    // readers: none waited there while those replies lay unread, but a client that has asked since may be about to.
    this.#outbox.drop(type, isAddressedType(type) ? undefined : FRESH_MS);
  }

  #reportUnsent(): void {
    const count = this.#outbox.unsent - this.#reportedUnsent;
    if (count === 0 || this.#reports.next() === undefined) return;
    this.#reportedUnsent = this.#outbox.unsent;
    this.#log.warn(
      'unsent',
      `the queue is full and its messages are not read: dropped ${count} ${count === 1 ? 'reply' : 'replies'}`,
      { count },
    );
  }
}

/** The queue may be gone when a timer fires. The wait for requests is told that, too, and handles it. */
function whileQueueIsThere(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
  }
}

/** A reply that was taken out of the queue, to be sent again. */
function unchanged(body: Uint8Array): ReplyEncoder {
  const bytes = new Uint8Array(body);
  const reply = parseReply(bytes);
  return { body: () => bytes, alarm: reply?.kind === 'ring' ? reply.alarm : undefined };
}

function readMaxReplyBytes(queue: MessageQueue): number {
  return Math.min(MessageQueue.limits().maxMessageBytes, queue.stat().maxBytes);
}
