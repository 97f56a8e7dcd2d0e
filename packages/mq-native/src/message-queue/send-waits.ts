import { ECANCELED, EINTR, ETIMEDOUT } from '../errors/errno.js';
import { native } from '../native.js';
import { WaitQueue } from '../waiting/wait-queue.js';
import { PollBudget } from '../waiting/poll-budget.js';
import { pollingChanged, startPolling, stopPolling, Polled } from '../waiting/poller.js';
import { traceThread, tracing } from '../waiting/trace.js';
import { mustYield } from '../waiting/turn.js';
import { Wait, type CancelReason, type WaitOwner } from '../waiting/wait.js';
import { cancel, keepAlive, listen } from '../waiting/waiters.js';
import { bodySize, keepBody, type Body } from './body.js';
import type { KernelQueue } from './kernel-queue.js';
import type { MessageType } from './message-type.js';
import type { OutgoingMessage } from './outgoing-message.js';

type WaitingSend = Wait<void, OutgoingMessage>;

/**
 * The sends of one handle for which the queue had no room, in their order. The first one is retried from the event loop
 * for as long as the budget allows, and then a thread blocks with it; the others follow.
 */
export class SendWaits extends Polled implements WaitOwner<void, OutgoingMessage> {
  readonly budget = new PollBudget();
  readonly #queue: KernelQueue;
  readonly #waits = new WaitQueue<WaitingSend>();
  #blocked: { readonly sending: WaitingSend; readonly waiter: number } | undefined;
  #pollUntil = 0;
  /** When a message last found room. */
  #fullSince = 0;
  #refed = true;

  constructor(queue: KernelQueue) {
    super();
    this.#queue = queue;
  }

  get pending(): number {
    return this.#waits.size;
  }

  get keepsAlive(): boolean {
    return this.#refed;
  }

  /** Waits for room; the caller may change `body` at once. */
  add(
    type: MessageType,
    body: Body,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const waiting = new Wait(this, { type, body: keepBody(body) }, timeout, signal);
    this.#waits.add(waiting);
    if (this.#waits.size === 1) {
      this.#fullSince = waiting.since;
      this.#pollUntil = waiting.since + this.budget.milliseconds;
      startPolling(this);
    }
    return waiting.promise;
  }

  poll(now: number): boolean {
    const progress = this.#drain(now);
    if (this.#waits.size === 0) return false;
    if (progress !== 'none') this.#pollUntil = now + this.budget.milliseconds;
    if (progress === 'more' || now < this.#pollUntil) return true;
    this.#block();
    return false;
  }

  close(): void {
    stopPolling(this);
    this.#unblock();
    const error = this.#queue.error(-ECANCELED, 'msgsnd');
    this.#waits.removeAll((waiting) => waiting.reject(error));
  }

  describe({ type, body }: OutgoingMessage): string {
    return `send of type ${type}, ${bodySize(body)} bytes, to ${this.#queue.describe()}`;
  }

  setRef(refed: boolean): void {
    if (this.#refed === refed) return;
    this.#refed = refed;
    if (this.#blocked !== undefined) keepAlive(refed ? 1 : -1);
    else pollingChanged();
  }

  /** Sends what fits, in order; 'more' if it stopped only to let the event loop turn. */
  #drain(now: number): 'none' | 'some' | 'more' {
    let progress: 'none' | 'some' = 'none';
    for (let waiting = this.#waits.first; waiting !== undefined; waiting = this.#waits.first) {
      try {
        if (!this.#queue.trySend(waiting.what.type, waiting.what.body)) return progress;
        this.#sent(waiting, now);
      } catch (error) {
        this.#fail(waiting, error);
      }
      progress = 'some';
      if (mustYield()) return 'more';
    }
    return progress;
  }

  #sent(waiting: WaitingSend, now: number): void {
    this.#waits.remove(waiting);
    this.budget.ended(now - this.#fullSince);
    this.#fullSince = now;
    waiting.resolve();
  }

  #fail(waiting: WaitingSend, error: unknown): void {
    this.#waits.remove(waiting);
    waiting.reject(error);
  }

  /** Makes a thread block in msgsnd with the first message. */
  #block(): void {
    for (let sending = this.#waits.first; sending !== undefined; sending = this.#waits.first) {
      try {
        const waiter = this.#startThread(sending.what);
        this.#blocked = { sending, waiter };
        if (this.#refed) keepAlive(1);
        listen(waiter, (result) => {
          this.#ended(result);
        });
        if (tracing) traceThread(waiter, `blocks in the kernel for the ${this.describe(sending.what)}`);
        return;
      } catch (error) {
        this.#fail(sending, error);
      }
    }
  }

  #startThread({ type, body }: OutgoingMessage): number {
    const bytes = this.#queue.load(type, body);
    // A body above the queue's own limit would wait for ever.
    const tooLarge = this.#queue.tooLargeFor(bytes);
    if (tooLarge !== undefined) throw tooLarge;
    const waiter = native.waitSend(this.#queue.id, bytes);
    if (waiter < 0) throw this.#queue.error(waiter, 'pthread_create');
    return waiter;
  }

  #ended(result: number): void {
    const now = performance.now();
    this.#settle(result, now);
    if (this.#waits.size > 0) {
      this.#pollUntil = now + this.budget.milliseconds;
      startPolling(this);
    }
  }

  /** The blocked call is over: 0 or -errno. */
  #settle(result: number, now: number): void {
    const sending = this.#blocked?.sending;
    this.#blocked = undefined;
    if (this.#refed) keepAlive(-1);
    if (sending === undefined || result === -EINTR) return;
    if (result === 0) this.#sent(sending, now);
    else this.#fail(sending, this.#queue.error(result, 'msgsnd'));
  }

  /** Stops the thread. A message that it sent at the last moment counts as sent. */
  #unblock(): void {
    if (this.#blocked !== undefined) this.#settle(cancel(this.#blocked.waiter), performance.now());
  }

  /** Ends one wait before it was sent. */
  cancel(waiting: WaitingSend, reason: CancelReason): void {
    const blocked = this.#blocked?.sending === waiting;
    if (blocked) this.#unblock();
    if (this.#waits.remove(waiting)) {
      waiting.reject(
        reason === 'timeout'
          ? this.#queue.error(-ETIMEDOUT, 'msgsnd', { milliseconds: waiting.timeout ?? 0 })
          : reason,
      );
    }
    if (this.#waits.size === 0) stopPolling(this);
    else if (blocked) startPolling(this);
  }
}
