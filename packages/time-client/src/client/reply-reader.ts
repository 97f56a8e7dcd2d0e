import { IpcError, MessageQueue, type Message, type MessageType } from '@timeq/mq-native';

/**
 * Receives the messages of this client's own type. No other program receives them, so it goes on between two requests,
 * which costs less than starting and cancelling for each; but then it does not keep the process alive.
 */
export class ReplyReader {
  readonly #queue: MessageQueue;
  readonly #type: MessageType;
  readonly #deliver: (message: Message, now: number) => void;
  readonly #fail: (error: unknown) => void;
  readonly #more: () => boolean;
  #reading = false;

  /**
   * @param id of the queue: the reader has its own handle, which it can close by itself
   * @param deliver gets the message, and when it was read, by performance.now()
   * @param more whether to wait for further messages
   */
  constructor(
    id: number,
    type: MessageType,
    deliver: (message: Message, now: number) => void,
    fail: (error: unknown) => void,
    more: () => boolean,
  ) {
    // No other program receives these messages, and `drain` has to find all of them in the queue.
    this.#queue = MessageQueue.fromId(id, { handOver: false });
    this.#more = more;
    this.#type = type;
    this.#deliver = deliver;
    this.#fail = fail;
  }

  /** A request is waiting from now on. */
  start(): void {
    this.#queue.ref();
    if (this.#reading) return;
    this.#reading = true;
    void this.#read();
  }

  /** No request is waiting any more. */
  stop(): void {
    this.#queue.unref();
  }

  /** Delivers the messages that are in the queue now. */
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
        // The answered request's caller runs first: it most likely asks again, and until then nothing can come.
        await Promise.resolve();
      }
    } catch (error) {
      this.#reading = false;
      if (!(error instanceof IpcError) || !error.closed) this.#fail(error);
    }
  }
}
