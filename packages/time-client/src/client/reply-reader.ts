import { IpcError, MessageQueue } from '@timeq/mq-native';
import type { Message, MessageType } from '@timeq/mq-native';

/**
 * Takes the messages of one client's own type. Nobody else wants them, so it goes on between two requests, which costs
 * less than to begin and to give up for each; but then it does not keep the process alive.
 */
export class ReplyReader {
  readonly #queue: MessageQueue;
  readonly #type: MessageType;
  readonly #deliver: (message: Message, now: number) => void;
  readonly #fail: (error: unknown) => void;
  readonly #more: () => boolean;
  #reading = false;

  /**
   * @param id of the queue: the reader has a handle of its own, to end it by itself
   * @param deliver is told also when the message was read, by performance.now()
   * @param more whether further messages are waited for
   */
  constructor(
    id: number,
    type: MessageType,
    deliver: (message: Message, now: number) => void,
    fail: (error: unknown) => void,
    more: () => boolean,
  ) {
    // Nobody else wants these messages, and `drain` is to find all of them in the queue.
    this.#queue = MessageQueue.fromId(id, { handOver: false });
    this.#more = more;
    this.#type = type;
    this.#deliver = deliver;
    this.#fail = fail;
  }

  /** From now on somebody waits. */
  start(): void {
    this.#queue.ref();
    if (this.#reading) return;
    this.#reading = true;
    void this.#read();
  }

  /** Nobody waits any more. */
  stop(): void {
    this.#queue.unref();
  }

  /** Delivers what is in the queue at this moment. */
  drain(): void {
    for (;;) {
      const messages = this.#queue.receiveBatch({ type: this.#type });
      if (messages.length === 0) return;
      const now = performance.now();
      for (const message of messages) this.#deliver(message, now);
    }
  }

  close(): void {
    this.#queue.close();
  }

  async #read(): Promise<void> {
    const selection = { type: this.#type };
    try {
      for (;;) {
        const message = await this.#queue.receive(selection);
        this.#deliver(message, performance.now());
        if (this.#more()) this.drain();
        // Whoever was answered goes on first: most likely it asks again, and until then nothing can come.
        await Promise.resolve();
      }
    } catch (error) {
      this.#reading = false;
      if (!(error instanceof IpcError) || !error.closed) this.#fail(error);
    }
  }
}
