import { EACCES, ECANCELED, ENOSYS, ETIMEDOUT, EXDEV } from '../errors/errno.js';
import { checkInteger, rangeError, typeError } from '../errors/argument-error.js';
import { IpcError } from '../errors/ipc-error.js';
import { INSPECT, shown, type Inspect, type InspectOptionsStylized } from '../inspection.js';
import { checkPublicKey } from '../check-key.js';
import { checkId, readStat, writeOwnership } from '../kernel-object.js';
import { IPC_PRIVATE, type Key } from '../key.js';
import { checkMode, DEFAULT_MODE } from '../mode.js';
import { currentVisit, isElsewhere } from '../namespace/entered.js';
import { fields, IPC_CREAT, IPC_EXCL, native, QUEUE } from '../native.js';
import type { OwnershipOptions } from '../ownership.js';
import { PollBudget } from '../waiting/poll-budget.js';
import { mustYield } from '../waiting/turn.js';
import { checkSignal, checkTimeout, type WaitOptions } from '../waiting/wait-options.js';
import { checkBody, type Body } from './body.js';
import { checkHandle, type CheckedHandle, type HandleOptions } from './handle-options.js';
import { KernelQueue, type Message } from './kernel-queue.js';
import { takeBatch, TakingIterator, type BatchesOptions } from './message-iterator.js';
import { checkMessageType, type MessageType } from './message-type.js';
import { checkMessages, type OutgoingMessage } from './outgoing-message.js';
import { readQueue, type QueueEntry, type QueueStat } from './queue-fields.js';
import { readQueueLimits, type QueueLimits } from './queue-limits.js';
import { queueEntries } from './queue-table.js';
import { ReceiveWaits, type ReceiveContext } from './receive-waits.js';
import {
  checkReceive,
  checkSelection,
  type CheckedReceive,
  type ReceiveOptions,
  type Selection,
} from './selection.js';
import { SendWaits } from './send-waits.js';

/** Options of a new queue. */
export interface CreateOptions extends HandleOptions {
  /** Permission bits, 0o600 if not given. The process's umask does not apply. */
  readonly mode?: number | undefined;
}

/** The properties to change. */
export interface QueueChanges extends OwnershipOptions {
  /** Bytes that the queue may hold, up to 2^31-1; above msgmnb it takes CAP_SYS_RESOURCE. */
  readonly maxBytes?: number | undefined;
}

const NO_OPTIONS = {};
const LARGEST_ID = 2 ** 31 - 1;
/** The kernel passes it on as an int, and takes 2^32 for 0 (`msgctl_down` in ipc/msg.c). */
const LARGEST_LIMIT = 2 ** 31 - 1;
/** A tenth of a second: with more, an idle program would look busy. */
const LONGEST_POLL = 100_000;
const DEFAULT_BATCH = 256;
/** Selections that are kept for later waits. */
const IDLE_SELECTIONS = 16;

/**
 * A handle on a System V message queue. The queue itself belongs to the kernel: all processes share it, it outlives
 * them, and only `remove` destroys it. `close` ends this handle only.
 *
 * A failed system call throws an IpcError, or a GoneError if the queue was removed; wrong arguments throw a TypeError
 * or a RangeError. Source: sysvipc(7), msgget(2), msgop(2), msgctl(2).
 */
export class MessageQueue implements Disposable {
  readonly #queue: KernelQueue;
  readonly #receives = new Map<MessageType | string, ReceiveWaits>();
  readonly #receiveContext: ReceiveContext;
  readonly #sends: SendWaits;
  /** The visit to another IPC namespace on which it was opened. */
  readonly #visit = currentVisit();
  #closed = false;

  private constructor(id: number, key: Key | undefined, { handOver, bodies }: CheckedHandle) {
    this.#queue = new KernelQueue(id, key, bodies === 'own');
    this.#sends = new SendWaits(this.#queue);
    this.#receiveContext = { queue: this.#queue, budget: new PollBudget(), handOver, refed: true };
  }

  static #get(key: Key, flags: number, options: HandleOptions): MessageQueue {
    const handle = checkHandle(options);
    const id = native.msgget(key, flags);
    if (id < 0) throw new IpcError(-id, { syscall: 'msgget', object: 'queue', key, limits: readQueueLimits });
    return new MessageQueue(id, key, handle);
  }

  /**
   * Creates a new queue (IPC_CREAT | IPC_EXCL).
   * @throws IpcError EEXIST if the key has one, ENOSPC at the limit (msgmni)
   */
  static create(key: Key, options: CreateOptions = NO_OPTIONS): MessageQueue {
    return MessageQueue.#get(
      checkPublicKey(key),
      IPC_CREAT | IPC_EXCL | checkMode(options.mode ?? DEFAULT_MODE),
      options,
    );
  }

  /**
   * Opens the queue at a key. The kernel checks permissions only when the queue is used.
   * @throws IpcError ENOENT if there is none
   */
  static open(key: Key, options: HandleOptions = NO_OPTIONS): MessageQueue {
    return MessageQueue.#get(checkPublicKey(key), 0, options);
  }

  /**
   * Opens the queue at a key, or creates it (IPC_CREAT). `mode` applies to a new queue only.
   * @throws IpcError ENOSPC at the limit (msgmni), EACCES if the existing queue does not grant `mode` to the caller
   */
  static openOrCreate(key: Key, options: CreateOptions = NO_OPTIONS): MessageQueue {
    return MessageQueue.#get(
      checkPublicKey(key),
      IPC_CREAT | checkMode(options.mode ?? DEFAULT_MODE),
      options,
    );
  }

  /** Creates a queue without a key (IPC_PRIVATE); other programs open it by its id. */
  static createPrivate(options: CreateOptions = NO_OPTIONS): MessageQueue {
    return MessageQueue.#get(IPC_PRIVATE, IPC_CREAT | checkMode(options.mode ?? DEFAULT_MODE), options);
  }

  /**
   * Opens the queue with an id (msqid).
   * @throws GoneError if there is none
   */
  static fromId(id: number, options: HandleOptions = NO_OPTIONS): MessageQueue {
    checkId(id);
    const handle = checkHandle(options);
    const result = readStat(QUEUE, id);
    // It exists but may not be read, on a system without MSG_STAT_ANY: its key is unknown.
    if (result === -EACCES) return new MessageQueue(id, undefined, handle);
    if (result !== 0) throw new KernelQueue(id, undefined).error(result, 'msgctl');
    return new MessageQueue(id, readQueue(fields).key, handle);
  }

  /**
   * Removes the queue with an id (IPC_RMID on a msqid) without a handle, for programs that remove many. The kernel
   * compares the whole id, which includes how often its slot was reused.
   * @throws IpcError EPERM unless owner, creator or root; GoneError if there is none
   */
  static removeId(id: number): void {
    const result = native.objectRemove(QUEUE, checkId(id));
    if (result !== 0) throw new KernelQueue(id, undefined).error(result, 'msgctl');
  }

  /** Whether this user may read the queue with an id, as the kernel itself decides; true if there is none. */
  static isReadable(id: number): boolean {
    return native.objectStat(QUEUE, checkId(id), 0) !== -EACCES;
  }

  /** Every queue of this IPC namespace, including those that may not be read. */
  static list(): QueueEntry[] {
    return [...queueEntries()];
  }

  /**
   * The same as an iterable, for tables of tens of thousands: it reads the kernel's table at once, but makes each entry
   * only when it is reached. It can be iterated again.
   */
  static entries(): Iterable<QueueEntry> {
    return queueEntries();
  }

  /**
   * The kernel's limits, and their usage.
   * @throws IpcError ENOSYS on a platform that does not report them
   */
  static limits(): QueueLimits {
    const limits = readQueueLimits();
    if (limits === undefined) throw new IpcError(ENOSYS, { syscall: 'msgctl' });
    return limits;
  }

  /** The kernel's id of the queue (msqid). */
  get id(): number {
    return this.#queue.id;
  }

  /** Its key; 0 for a private queue, undefined if it is unknown. */
  get key(): Key | undefined {
    return this.#queue.key;
  }

  /**
   * The longest time, in microseconds, that a wait of this handle polls from the event loop before a thread blocks for
   * it: 200 if not set; 0 for no polling. The actual time adapts to how soon messages came lately; an idle queue is not
   * polled. A wait has no place in the kernel's queue of receivers while it polls; with 0 it always has one.
   */
  get longestPoll(): number {
    return this.#receiveContext.budget.longest;
  }

  set longestPoll(microseconds: number) {
    if (typeof microseconds !== 'number')
      throw typeError('longestPoll', 'a number of microseconds', microseconds);
    if (!(microseconds >= 0 && microseconds <= LONGEST_POLL)) {
      throw rangeError('longestPoll', `0 to ${LONGEST_POLL} microseconds`, microseconds);
    }
    this.#receiveContext.budget.longest = microseconds;
    this.#sends.budget.longest = microseconds;
  }

  /**
   * Sends, and waits while the queue is full. Sends of one handle keep their order, awaited or not.
   * @param body is copied: the caller may change it at once
   * @throws IpcError EACCES, EINVAL for a body above msgmax, EAGAIN for one above the queue's own maxBytes, ETIMEDOUT,
   * ECANCELED after close; GoneError; AbortError
   */
  send(type: MessageType, body: Body, options: WaitOptions = NO_OPTIONS): Promise<void> {
    try {
      this.#checkHere('msgsnd');
      const checked = checkMessageType(type);
      checkBody(body);
      const timeout = checkTimeout(options.timeout);
      checkSignal(options.signal);
      if (
        this.#sends.pending === 0 &&
        (timeout === 0 || !mustYield()) &&
        this.#queue.trySend(checked, body)
      ) {
        return Promise.resolve();
      }
      if (timeout === 0) throw this.#queue.error(-ETIMEDOUT, 'msgsnd', { milliseconds: 0 });
      return this.#sends.add(checked, body, timeout, options.signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Sends if there is room now (IPC_NOWAIT).
   * @returns false if the queue is full, or earlier sends of this handle still wait
   * @throws IpcError EACCES, EINVAL, EAGAIN for a body that does not fit even into the empty queue; GoneError
   */
  trySend(type: MessageType, body: Body): boolean {
    this.#checkHere('msgsnd');
    const checked = checkMessageType(type);
    checkBody(body);
    return this.#sends.pending === 0 && this.#queue.trySend(checked, body);
  }

  /**
   * Sends messages in order, as many as there is room for now (IPC_NOWAIT), with fewer calls of the addon than
   * messages. If one of them is invalid, it throws before it sends any. The next call reports an error after the first
   * message.
   * @returns how many were sent: none if earlier sends of this handle still wait
   * @throws IpcError EACCES, EINVAL, EAGAIN for a first body that does not fit even into the empty queue; GoneError
   */
  trySendBatch(messages: readonly OutgoingMessage[]): number {
    this.#checkHere('msgsnd');
    const checked = checkMessages(messages);
    return this.#sends.pending === 0 ? this.#queue.trySendBatch(checked) : 0;
  }

  /**
   * Sends, and blocks this thread while the queue is full. It overtakes sends that still wait.
   * @throws IpcError EINTR when a signal with a handler arrives, ETIMEDOUT, EACCES, EINVAL, EAGAIN for a body that does not
   * fit even into the empty queue; GoneError
   */
  sendSync(type: MessageType, body: Body, options: Pick<WaitOptions, 'timeout'> = NO_OPTIONS): void {
    this.#checkHere('msgsnd');
    this.#queue.sendBlocking(checkMessageType(type), checkBody(body), checkTimeout(options.timeout));
  }

  /**
   * Takes a message, and waits until there is one: first come, first served among all processes that wait (msgrcv(2)).
   * Cancelling a wait loses no message: the wait receives what the kernel has already handed to it.
   * @throws IpcError EACCES, E2BIG if it is longer than maxBytes, ETIMEDOUT, ECANCELED after close; GoneError; AbortError
   */
  receive(options?: ReceiveOptions & WaitOptions): Promise<Message> {
    try {
      this.#checkHere('msgrcv');
      const wanted = checkReceive(options);
      return Promise.resolve(this.#receive(wanted, checkTimeout(options?.timeout), options?.signal));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Takes a message that is there now (IPC_NOWAIT).
   * @returns undefined if there is none
   * @throws IpcError EACCES, E2BIG; GoneError
   */
  tryReceive(options?: ReceiveOptions): Message | undefined {
    this.#checkHere('msgrcv');
    return this.#queue.take(checkReceive(options));
  }

  /**
   * Takes a message, and blocks this thread until there is one.
   * @throws IpcError EINTR when a signal with a handler arrives, ETIMEDOUT, EACCES, E2BIG; GoneError
   */
  receiveSync(options?: ReceiveOptions & Pick<WaitOptions, 'timeout'>): Message {
    this.#checkHere('msgrcv');
    return this.#queue.takeBlocking(checkReceive(options), checkTimeout(options?.timeout));
  }

  /**
   * Takes up to `max` messages that are there now (256 if not given), and never waits. The next call reports an error
   * after the first message.
   * @throws IpcError EACCES; GoneError
   */
  receiveBatch(options: Selection & { readonly max?: number | undefined } = NO_OPTIONS): Message[] {
    this.#checkHere('msgrcv');
    const max = checkInteger('max', options.max ?? DEFAULT_BATCH, 1, LARGEST_ID);
    return this.#queue.takeBatch(checkSelection(options), max);
  }

  /**
   * The messages, for `for await`. Each one is taken only when the loop asks for it, so leaving the loop loses none.
   * `close` ends the iteration quietly; every other failure is thrown.
   */
  messages(
    options: ReceiveOptions & Pick<WaitOptions, 'signal'> = NO_OPTIONS,
  ): AsyncIterableIterator<Message> {
    this.#checkHere('msgrcv');
    const wanted = checkReceive(options);
    return new TakingIterator(() => {
      this.#checkHere('msgrcv');
      return this.#receive(wanted, undefined, options.signal);
    });
  }

  /**
   * The messages in batches, for `for await`: each step takes up to `max` that are there now (256 if not given), and
   * waits only if there is none. For programs that are done with all of a batch before they ask for the next one: other
   * receivers don't get its messages. Leaving the loop loses none; `close` ends the iteration quietly.
   */
  batches(options: BatchesOptions = NO_OPTIONS): AsyncIterableIterator<Message[]> {
    this.#checkHere('msgrcv');
    checkReceive(options);
    const max = checkInteger('max', options.max ?? DEFAULT_BATCH, 1, LARGEST_ID);
    return new TakingIterator(() => takeBatch(this, max, options));
  }

  /**
   * A copy of a message, which stays in the queue (MSG_COPY). The queue's statistics do not change.
   * @param index its place in the queue, from 0
   * @returns undefined if the queue has fewer messages
   * @throws IpcError ENOSYS if the kernel has no MSG_COPY; EACCES; GoneError
   */
  peek(index = 0): Message | undefined {
    this.#checkOpen('msgrcv');
    return this.#queue.copy(checkInteger('index', index, 0, LARGEST_ID));
  }

  /** Copies of all messages, in order. A message that is sent or taken meanwhile can be missed or seen twice. */
  *peekAll(): Generator<Message, void> {
    for (let index = 0; ; index++) {
      const message = this.peek(index);
      if (message === undefined) return;
      yield message;
    }
  }

  /**
   * The queue's entry in the kernel's table.
   * @throws IpcError EACCES without permission to read it and without MSG_STAT_ANY; GoneError
   */
  stat(): QueueStat {
    this.#checkOpen('msgctl');
    const result = readStat(QUEUE, this.#queue.id);
    if (result !== 0) throw this.#queue.error(result, 'msgctl');
    return readQueue(fields);
  }

  /**
   * Changes the given properties and keeps the rest (IPC_SET). The kernel sets all of them at once, so a change that
   * another process makes between the read and the write is lost.
   * @throws IpcError EPERM unless owner, creator or root, and for maxBytes above msgmnb; GoneError
   */
  set(options: QueueChanges): void {
    const before = this.stat();
    const wanted = options.maxBytes ?? before.maxBytes;
    const maxBytes = checkInteger('maxBytes', wanted, 0, LARGEST_LIMIT);
    writeOwnership(options, before);
    fields[3] = maxBytes;
    const result = native.objectSet(QUEUE, this.#queue.id);
    if (result !== 0) {
      throw this.#queue.error(result, 'msgctl', maxBytes > before.maxBytes ? { bytes: maxBytes } : {});
    }
  }

  /**
   * Destroys the queue and its messages, for every process (IPC_RMID). Pending waits get a GoneError.
   * @throws IpcError EPERM unless owner, creator or root; GoneError
   */
  remove(): void {
    this.#checkNamespace('msgctl');
    const result = native.objectRemove(QUEUE, this.#queue.id);
    if (result !== 0) throw this.#queue.error(result, 'msgctl');
  }

  /**
   * Closes this handle: its waits are rejected with ECANCELED, and their threads end. The queue stays. A message that
   * the kernel has already handed to a wait goes back to the end of the queue; if it can't, the wait receives it.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const waits of this.#receives.values()) waits.close();
    this.#receives.clear();
    this.#sends.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What console.log shows, with the number of pending receives and sends. */
  [INSPECT](_depth: number, options: InspectOptionsStylized, inspect: Inspect): string {
    let receives = 0;
    for (const waits of this.#receives.values()) receives += waits.pending;
    const state = this.#closed ? { closed: true } : { receives, sends: this.#sends.pending };
    return shown(this, state, options, inspect);
  }

  /** Pending waits keep the process alive, as an open socket does; this is the default. */
  ref(): this {
    return this.#setRef(true);
  }

  /** Pending waits do not keep the process alive. */
  unref(): this {
    return this.#setRef(false);
  }

  #setRef(refed: boolean): this {
    if (this.#receiveContext.refed !== refed) {
      this.#receiveContext.refed = refed;
      for (const waits of this.#receives.values()) waits.refChanged();
    }
    this.#sends.setRef(refed);
    return this;
  }

  /** For calls that are refused in another IPC namespace. */
  #checkHere(syscall: string): void {
    this.#checkOpen(syscall);
    if (isElsewhere()) throw this.#queue.error(-EXDEV, syscall);
  }

  #checkOpen(syscall: string): void {
    if (this.#closed) throw this.#queue.error(-ECANCELED, syscall);
    this.#checkNamespace(syscall);
  }

  /** In another namespace its id means another queue. */
  #checkNamespace(syscall: string): void {
    if (this.#visit !== currentVisit()) throw this.#queue.error(-EXDEV, syscall, { strange: true });
  }

  /** A message that is there now, or a promise of the next one. */
  #receive(
    wanted: CheckedReceive,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ): Message | Promise<Message> {
    checkSignal(signal);
    const waits = this.#waitsFor(wanted);
    if (waits.pending === 0 && (timeout === 0 || !mustYield())) {
      const message = this.#queue.take(wanted);
      if (message !== undefined) return message;
    }
    if (timeout === 0) throw this.#queue.error(-ETIMEDOUT, 'msgrcv', { milliseconds: 0 });
    return waits.add(wanted, timeout, signal);
  }

  #waitsFor(wanted: CheckedReceive): ReceiveWaits {
    const name = wanted.flags === 0 ? wanted.type : `except ${wanted.type}`;
    const known = this.#receives.get(name);
    if (known !== undefined) return known;
    if (this.#receives.size >= IDLE_SELECTIONS) this.#forgetIdleSelections();
    const waits = new ReceiveWaits(this.#receiveContext, wanted);
    this.#receives.set(name, waits);
    return waits;
  }

  #forgetIdleSelections(): void {
    for (const [name, waits] of this.#receives) {
      if (waits.pending === 0) this.#receives.delete(name);
    }
  }
}
