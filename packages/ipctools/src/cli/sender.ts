import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Message, MessageQueue } from '@timeq/mq-native';
import { codeOf, Failure } from '../failure.js';
import { nameQueue } from '../model/find-queue.js';

/** Signals are seen only between two turns of the event loop: how many messages may be sent within one. */
const MESSAGES_PER_TURN = 64;

/** Sends messages to one queue; all of them share one timeout for room. */
export class Sender {
  readonly #queue: MessageQueue;
  readonly #until: number;
  readonly #waits: boolean;
  readonly #signal: AbortSignal;
  #count = 0;

  /** @param timeout milliseconds for everything together; 0 sends only what there is room for */
  constructor(queue: MessageQueue, timeout: number, signal: AbortSignal) {
    this.#queue = queue;
    this.#until = performance.now() + timeout;
    this.#waits = timeout > 0;
    this.#signal = signal;
  }

  /** Messages that were sent. */
  get count(): number {
    return this.#count;
  }

  /** @throws Failure (timed out), AbortError, GoneError, IpcError */
  async send(message: Message): Promise<void> {
    if (!this.#queue.trySend(message.type, message.body)) await this.#sendWhenRoom(message);
    this.#count += 1;
    if (this.#count % MESSAGES_PER_TURN === 0) await nextTurn();
  }

  async #sendWhenRoom({ type, body }: Message): Promise<void> {
    const full = new Failure(`${nameQueue(this.#queue)} is full`, 'TIMED_OUT');
    const left = this.#until - performance.now();
    if (!this.#waits || left <= 0) throw full;
    try {
      await this.#queue.send(type, body, { timeout: left, signal: this.#signal });
    } catch (error) {
      throw codeOf(error) === 'ETIMEDOUT' ? full : error;
    }
  }
}
