import { IpcError } from '../errors/ipc-error.js';
import type { WaitOptions } from '../waiting/wait-options.js';
import type { Message } from './kernel-queue.js';
import type { ReceiveOptions } from './selection.js';

interface Receiver {
  receive(options: ReceiveOptions & WaitOptions): Promise<Message>;
}

const DONE: IteratorResult<Message, undefined> = { done: true, value: undefined };

/** Takes one message per step, and none in advance. */
export class MessageIterator implements AsyncIterableIterator<Message> {
  readonly #queue: Receiver;
  readonly #options: ReceiveOptions & Pick<WaitOptions, 'signal'>;
  #ended = false;

  constructor(queue: Receiver, options: ReceiveOptions & Pick<WaitOptions, 'signal'>) {
    this.#queue = queue;
    this.#options = options;
  }

  async next(): Promise<IteratorResult<Message, undefined>> {
    if (this.#ended) return DONE;
    try {
      return { done: false, value: await this.#queue.receive(this.#options) };
    } catch (error) {
      this.#ended = true;
      if (error instanceof IpcError && error.closed) return DONE;
      throw error;
    }
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    this.#ended = true;
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
