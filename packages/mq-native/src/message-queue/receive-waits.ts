import { E2BIG, ECANCELED, ETIMEDOUT } from '../errors/errno.js';
import { native } from '../native.js';
import { Line } from '../waiting/line.js';
import type { PollBudget } from '../waiting/poll-budget.js';
import { pollingChanged, startPolling, stopPolling, Polled } from '../waiting/poller.js';
import { Wait, type GivenUp, type WaitOwner } from '../waiting/wait.js';
import { cancel, keepAlive, listen } from '../waiting/waiters.js';
import type { KernelQueue, Message } from './kernel-queue.js';
import { writeType } from './message-buffer.js';
import { Races } from './races.js';
import type { CheckedReceive, CheckedSelection } from './selection.js';
import { usualLargest } from './slab.js';

type WaitingReceive = Wait<Message, CheckedReceive>;

/** What the waits of one queue share. */
export interface ReceiveContext {
  readonly queue: KernelQueue;
  readonly budget: PollBudget;
  /** Whether pending waits keep the process alive. */
  refed: boolean;
}

/**
 * The receives of one handle that wait for the same selection of messages, first come, first served. They go through
 * two stages: they poll for as long as the budget says, and then one thread waits for all of them. It has room for no
 * bytes, so it takes nothing but empty messages, until others have taken too often what it was woken for (see races.ts
 * and native/waiter.c).
 */
export class ReceiveWaits extends Polled implements WaitOwner<Message, CheckedReceive> {
  readonly #context: ReceiveContext;
  readonly #selection: CheckedSelection;
  readonly #waits = new Line<WaitingReceive>();
  readonly #races = new Races();
  /** Whether what the thread takes could be put back, as was found when a race was last lost. */
  #mayTake = false;
  #waiter: number | undefined;
  /** The largest body that the thread takes. */
  #room = 0;
  /** The largest body that every pending wait accepts. */
  #largest = Infinity;
  #pollUntil = 0;
  /** Since when nothing came that was waited for. */
  #quietSince = 0;

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
    const accepted = wanted.maxBytes ?? Infinity;
    this.#waits.add(waiting);
    if (this.#waits.size === 1) {
      this.#largest = accepted;
      this.#quietSince = waiting.since;
      this.#pollOrBlock(waiting.since);
    } else if (accepted < this.#largest) {
      this.#largest = accepted;
      this.#narrow();
    }
    return waiting.promise;
  }

  /** Gives what is there to those who wait, from the event loop. */
  poll(now: number, tries: number): boolean {
    if (this.#drain(now, tries)) this.#pollUntil = now + this.#context.budget.milliseconds;
    if (this.#waits.size === 0) return false;
    if (now < this.#pollUntil) return true;
    this.#block();
    return false;
  }

  /** Ends all waits: the handle was closed. */
  close(): void {
    stopPolling(this);
    this.#unblock();
    this.#failAll(this.#context.queue.error(-ECANCELED, 'msgrcv'));
  }

  refChanged(): void {
    if (this.#waiter !== undefined) keepAlive(this.#context.refed ? 1 : -1);
    else pollingChanged();
  }

  /** Gives messages that are there to those who wait. @returns whether there was one */
  #drain(now: number, tries = 1): boolean {
    let found = false;
    for (let waiting = this.#waits.first; waiting !== undefined; waiting = this.#waits.first) {
      let message: Message | undefined;
      try {
        message = this.#context.queue.take(waiting.what, found ? 1 : tries);
      } catch (error) {
        this.#waits.remove(waiting);
        waiting.reject(error);
        continue;
      }
      if (message === undefined) break;
      this.#deliver(waiting, message, now);
      found = true;
    }
    if (found) this.#races.won();
    return found;
  }

  #deliver(waiting: WaitingReceive, message: Message, now: number): void {
    this.#waits.remove(waiting);
    this.#context.budget.ended(now - this.#quietSince);
    this.#quietSince = now;
    waiting.resolve(message);
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

  /** Makes a thread wait. With a message pending it reports at once, so this comes after the queue was drained. */
  #block(): void {
    this.#room = this.#mayTake && this.#races.takes ? Math.min(usualLargest(), this.#largest) : 0;
    writeType(this.#selection.type);
    const waiter = native.waitReceive(this.#context.queue.id, this.#selection.flags, this.#room);
    if (waiter < 0) {
      this.#failAll(this.#context.queue.error(waiter, 'pthread_create'));
      return;
    }
    this.#waiter = waiter;
    if (this.#context.refed) keepAlive(1);
    listen(waiter, (result) => {
      this.#awake();
      this.#ended(result);
    });
  }

  #awake(): void {
    this.#waiter = undefined;
    if (this.#context.refed) keepAlive(-1);
  }

  /** The thread's call returned: the size of the body that it took, or -errno. */
  #ended(result: number): void {
    if (result < 0 && result !== -E2BIG) {
      this.#failAll(this.#context.queue.error(result, 'msgrcv'));
      return;
    }
    const now = performance.now();
    if (result >= 0) this.#deliverTaken(result, now);
    const found = this.#drain(now);
    if (this.#waits.size === 0) return;
    if (result < 0 && !found) this.#lostRace();
    this.#pollOrBlock(now);
  }

  #lostRace(): void {
    this.#races.lost();
    this.#mayTake = this.#races.takes && this.#context.queue.mayPutBack();
  }

  #deliverTaken(bytes: number, now: number): void {
    const message = this.#context.queue.takenByThread(bytes);
    if (this.#room > 0) this.#races.took();
    if (this.#waits.first !== undefined) this.#deliver(this.#waits.first, message, now);
  }

  /** Stops the thread; a message that it took at the last moment is delivered. */
  #unblock(): void {
    if (this.#waiter === undefined) return;
    const result = cancel(this.#waiter);
    this.#awake();
    if (result >= 0) this.#deliverTaken(result, performance.now());
  }

  /** The thread must not take what the wait that has just been added would have to refuse. */
  #narrow(): void {
    if (this.#waiter === undefined || this.#room <= this.#largest) return;
    this.#unblock();
    if (this.#waits.size > 0) this.#block();
  }

  /** Ends one wait before anything came for it. */
  giveUp(waiting: WaitingReceive, reason: GivenUp): void {
    if (this.#waits.size === 1) {
      stopPolling(this);
      this.#unblock();
    }
    if (!this.#waits.remove(waiting)) return;
    waiting.reject(
      reason === 'timeout'
        ? this.#context.queue.error(-ETIMEDOUT, 'msgrcv', { milliseconds: waiting.timeout ?? 0 })
        : reason,
    );
  }

  #failAll(error: Error): void {
    this.#waits.removeAll((waiting) => waiting.reject(error));
  }
}
