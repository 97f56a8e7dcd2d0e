import { E2BIG, ECANCELED, ETIMEDOUT } from '../errors/errno.js';
import { native } from '../native.js';
import { WaitQueue } from '../waiting/wait-queue.js';
import type { PollBudget } from '../waiting/poll-budget.js';
import { endTurn, pollingChanged, startPolling, stopPolling, Polled } from '../waiting/poller.js';
import { traceThread, tracing } from '../waiting/trace.js';
import { Wait, type CancelReason, type WaitOwner } from '../waiting/wait.js';
import { cancel, keepAlive, listen } from '../waiting/waiters.js';
import type { KernelQueue, Message } from './kernel-queue.js';
import { writeType } from './message-buffer.js';
import type { CheckedReceive, CheckedSelection } from './selection.js';
import { largestAwaited } from './slab.js';

type WaitingReceive = Wait<Message, CheckedReceive>;

/** State that the waits of one queue share. */
export interface ReceiveContext {
  readonly queue: KernelQueue;
  readonly budget: PollBudget;
  /** The default of waits: whether the kernel may hand messages to them. */
  readonly handOver: boolean;
  /** Whether pending waits keep the process alive. */
  refed: boolean;
}

/** A thread that is blocked in msgrcv. */
interface Blocked {
  readonly waiter: number;
  /** The first wait when the thread blocked. */
  readonly waiting: WaitingReceive;
  /** The largest body that the kernel hands it. A larger one wakes it and stays in the queue. */
  readonly room: number;
}

/**
 * The receives of one handle that wait for the same selection of messages, first come, first served. They poll for as
 * long as the budget allows. Then one thread blocks in msgrcv for the first of them, with a buffer for what that wait
 * accepts: so the wait has its turn among all receivers of the queue, and the kernel hands it the message. For a wait
 * without `handOver` the thread's buffer has zero length (see native/waiter_thread.c).
 */
export class ReceiveWaits extends Polled implements WaitOwner<Message, CheckedReceive> {
  readonly #context: ReceiveContext;
  readonly #selection: CheckedSelection;
  readonly #waits = new WaitQueue<WaitingReceive>();
  #blocked: Blocked | undefined;
  #pollUntil = 0;
  /** When the last message came that was waited for. */
  #idleSince = 0;

  constructor(context: ReceiveContext, selection: CheckedSelection) {
    super();
    this.#context = context;
    this.#selection = selection;
  }

  get pending(): number {
    return this.#waits.size;
  }

  get keepsAlive(): boolean {
    return this.#context.refed;
  }

  add(
    wanted: CheckedReceive,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Message> {
    const waiting = new Wait(this, wanted, timeout, signal);
    this.#waits.add(waiting);
    if (this.#waits.size === 1) {
      this.#idleSince = waiting.since;
      this.#pollOrBlock(waiting.since);
    }
    return waiting.promise;
  }

  /** Gives the first wait a message that is there, from the event loop. */
  poll(now: number, tries: number): boolean {
    if (this.#serve(now, tries)) this.#pollUntil = now + this.#context.budget.milliseconds;
    if (this.#waits.size === 0) return false;
    if (now < this.#pollUntil) return true;
    this.#block();
    return false;
  }

  /**
   * The handle was closed: ends all waits. A message that was handed over goes back, or to the first wait if it can't.
   */
  close(): void {
    stopPolling(this);
    const message = this.#unblock();
    if (message !== undefined && !this.#context.queue.putBack(message)) {
      this.#deliver(message, performance.now());
    }
    this.#failAll(this.#context.queue.error(-ECANCELED, 'msgrcv'));
  }

  describe(): string {
    const { type, flags } = this.#selection;
    const which = flags !== 0 ? `of any type but ${type}` : type === 0 ? 'of any type' : `of type ${type}`;
    return `receive ${which} from ${this.#context.queue.describe()}`;
  }

  refChanged(): void {
    if (this.#blocked !== undefined) keepAlive(this.#context.refed ? 1 : -1);
    else pollingChanged();
  }

  /**
   * Gives the first wait a message if there is one. It takes the next one only after script has seen this one: script
   * may end the process, and a message that was not taken stays in the queue.
   * @returns whether there was one
   */
  #serve(now: number, tries = 1): boolean {
    for (let waiting = this.#waits.first; waiting !== undefined; waiting = this.#waits.first) {
      let message: Message | undefined;
      try {
        message = this.#context.queue.take(waiting.what, tries);
      } catch (error) {
        this.#waits.remove(waiting);
        waiting.reject(error);
        continue;
      }
      if (message === undefined) return false;
      this.#settle(waiting, message, now);
      endTurn();
      return true;
    }
    return false;
  }

  /** Serves the next wait, once script has seen the message of the one before. */
  #serveNext(): void {
    if (this.#waits.size === 0) return;
    queueMicrotask(() => {
      this.#serveOrWait(performance.now());
    });
  }

  #serveOrWait(now: number): void {
    // Script may have added waits, or ended all of them.
    if (this.#waits.size === 0 || this.#blocked !== undefined || this.queued) return;
    if (this.#serve(now)) this.#serveNext();
    else if (this.#waits.size > 0) this.#pollOrBlock(now);
  }

  #settle(waiting: WaitingReceive, message: Message, now: number): void {
    this.#waits.remove(waiting);
    this.#context.budget.ended(now - this.#idleSince);
    this.#idleSince = now;
    waiting.resolve(message);
  }

  /** Gives the first wait the message that the kernel handed to its thread. */
  #deliver(message: Message, now: number): void {
    const waiting = this.#waits.first;
    if (waiting === undefined) return;
    const { maxBytes } = waiting.what;
    const cut = maxBytes !== undefined && message.body.length > maxBytes;
    this.#settle(waiting, cut ? { ...message, body: message.body.subarray(0, maxBytes) } : message, now);
  }

  #pollOrBlock(now: number): void {
    const milliseconds = this.#context.budget.milliseconds;
    if (milliseconds === 0) {
      this.#block();
      return;
    }
    this.#pollUntil = now + milliseconds;
    startPolling(this);
  }

  #roomFor({ maxBytes = Infinity, cut, handOver = this.#context.handOver }: CheckedReceive): number {
    if (!handOver) return 0;
    // A message that may be cut is taken whole: it may have to go back.
    return cut === 0 ? Math.min(maxBytes, largestAwaited()) : largestAwaited();
  }

  /** Makes a thread block for the first wait. With a zero-length buffer and a message pending it returns at once. */
  #block(): void {
    const waiting = this.#waits.first;
    if (waiting === undefined) return;
    const room = this.#roomFor(waiting.what);
    writeType(this.#selection.type);
    const waiter = native.waitReceive(this.#context.queue.id, this.#selection.flags, room);
    if (waiter < 0) {
      this.#failAll(this.#context.queue.error(waiter, 'pthread_create'));
      return;
    }
    const blocked = { waiter, waiting, room };
    this.#blocked = blocked;
    if (this.#context.refed) keepAlive(1);
    listen(waiter, (result) => {
      this.#awake();
      this.#ended(blocked, result);
    });
    if (tracing) traceThread(waiter, `blocks in the kernel for the ${this.describe()}`);
  }

  #awake(): void {
    this.#blocked = undefined;
    if (this.#context.refed) keepAlive(-1);
  }

  /** The thread's call returned: the size of the body that it took, or -errno. */
  #ended({ waiting, room }: Blocked, result: number): void {
    if (result < 0 && result !== -E2BIG) {
      this.#failAll(this.#context.queue.error(result, 'msgrcv'));
      return;
    }
    const now = performance.now();
    if (result >= 0) {
      const message = this.#fetch(result);
      if (message === undefined) return;
      this.#deliver(message, now);
      this.#serveNext();
    } else {
      if (this.#isAnswer(waiting.what, room)) this.#refuse(waiting);
      this.#serveOrWait(now);
    }
  }

  /**
   * Whether E2BIG is the kernel's answer to a wait: it had its turn, and the message was longer than it accepts,
   * whichever process has taken that message since.
   */
  #isAnswer({ maxBytes, cut, handOver = this.#context.handOver }: CheckedReceive, room: number): boolean {
    return handOver && cut === 0 && room === maxBytes;
  }

  #refuse(waiting: WaitingReceive): void {
    if (!this.#waits.remove(waiting)) return;
    waiting.reject(this.#context.queue.error(-E2BIG, 'msgrcv', { bytes: waiting.what.maxBytes ?? 0 }));
  }

  /** Stops the thread. @returns a message that the kernel handed to it at the last moment */
  #unblock(): Message | undefined {
    if (this.#blocked === undefined) return undefined;
    const result = cancel(this.#blocked.waiter);
    this.#awake();
    return result >= 0 ? this.#fetch(result) : undefined;
  }

  /**
   * The message that the thread received. If there is no memory for it, all waits fail and it is in the queue again.
   */
  #fetch(bytes: number): Message | undefined {
    try {
      return this.#context.queue.takenByThread(bytes);
    } catch (error) {
      this.#failAll(error as Error);
      return undefined;
    }
  }

  /**
   * Ends one wait before a message came for it. The thread goes on for the next wait if its buffer has the right size
   * for that, and so keeps its place among the receivers of the queue.
   */
  cancel(waiting: WaitingReceive, reason: CancelReason): void {
    const blocked = this.#blocked;
    const { next } = waiting;
    const stops =
      waiting === this.#waits.first && (next === undefined || this.#roomFor(next.what) !== blocked?.room);
    if (this.#waits.size === 1) stopPolling(this);
    if (stops) {
      const message = this.#unblock();
      if (message !== undefined) this.#deliver(message, performance.now());
    }
    if (this.#waits.remove(waiting)) {
      waiting.reject(
        reason === 'timeout'
          ? this.#context.queue.error(-ETIMEDOUT, 'msgrcv', { milliseconds: waiting.timeout ?? 0 })
          : reason,
      );
    }
    if (stops && blocked !== undefined) this.#block();
  }

  #failAll(error: Error): void {
    this.#waits.removeAll((waiting) => waiting.reject(error));
  }
}
