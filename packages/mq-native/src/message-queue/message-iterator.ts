import { setImmediate as nextTurn } from 'node:timers/promises';
import { IpcError } from '../errors/ipc-error.js';
import { mustYield } from '../waiting/turn.js';
import type { WaitOptions } from '../waiting/wait-options.js';
import type { Message } from './kernel-queue.js';
import type { ReceiveOptions, Selection } from './selection.js';

/** Options of an iteration over batches. */
export interface BatchesOptions extends Omit<ReceiveOptions, 'maxBytes' | 'truncate'> {
  /** The most messages in a batch; 256 if not given. */
  readonly max?: number | undefined;
  /** Aborting it ends the iteration with an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

interface Receiver {
  receive(options: ReceiveOptions & WaitOptions): Promise<Message>;
  receiveBatch(options: Selection & { readonly max: number }): Message[];
}

const DONE: IteratorResult<never, undefined> = { done: true, value: undefined };

/** Takes once per step, and nothing in advance. What is there at once costs one promise, and not three. */
export class TakingIterator<Taken> implements AsyncIterableIterator<Taken> {
  readonly #take: () => Taken | Promise<Taken>;
  #ended = false;

  constructor(take: () => Taken | Promise<Taken>) {
    this.#take = take;
  }

  next(): Promise<IteratorResult<Taken, undefined>> {
    if (this.#ended) return Promise.resolve(DONE);
    try {
      const taken = this.#take();
      return taken instanceof Promise ? this.#wait(taken) : Promise.resolve({ done: false, value: taken });
    } catch (error) {
      return this.#wait(Promise.reject(error));
    }
  }

  async #wait(taking: Promise<Taken>): Promise<IteratorResult<Taken, undefined>> {
    try {
      return { done: false, value: await taking };
    } catch (error) {
      this.#ended = true;
      if (error instanceof IpcError && error.closed) return DONE;
      throw error;
    }
  }

  return(): Promise<IteratorResult<Taken, undefined>> {
    this.#ended = true;
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The messages that are there, up to `max`; if there is none, waits for one, and takes those that came with it. */
export async function takeBatch(queue: Receiver, max: number, options: BatchesOptions): Promise<Message[]> {
  const { type, except, signal } = options;
  if (mustYield()) await nextTurn();
  if (signal?.aborted !== true) {
    const batch = queue.receiveBatch({ type, except, max });
    if (batch.length > 0) return batch;
  }
  const first = await queue.receive(options);
  if (max === 1) return [first];
  try {
    return [first, ...queue.receiveBatch({ type, except, max: max - 1 })];
  } catch {
    // The handle was closed or the queue removed meanwhile: the next step says so, and the first message is not lost.
    return [first];
  }
}
