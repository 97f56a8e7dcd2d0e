import type { Message, MessageQueue, MessageType } from '@timeq/mq-native';

/** Takes messages of one type out of a queue for as long as somebody waits for them. */
export class ReplyReader {
  readonly #queue: MessageQueue;
  readonly #type: MessageType;
  readonly #deliver: (message: Message) => void;
  readonly #fail: (error: unknown) => void;
  #wait: AbortController | undefined;

  constructor(
    queue: MessageQueue,
    type: MessageType,
    deliver: (message: Message) => void,
    fail: (error: unknown) => void,
  ) {
    this.#queue = queue;
    this.#type = type;
    this.#deliver = deliver;
    this.#fail = fail;
  }

  start(): void {
    if (this.#wait !== undefined) return;
    this.#wait = new AbortController();
    void this.#read(this.#wait);
  }

  /** A message that was taken before this is delivered all the same. */
  stop(): void {
    this.#wait?.abort();
    this.#wait = undefined;
  }

  /** Delivers what is in the queue at this moment. */
  drain(): void {
    for (;;) {
      const messages = this.#queue.receiveBatch({ type: this.#type });
      if (messages.length === 0) return;
      messages.forEach(this.#deliver);
    }
  }

  async #read(wait: AbortController): Promise<void> {
    try {
      while (!wait.signal.aborted) {
        this.#deliver(await this.#queue.receive({ type: this.#type, signal: wait.signal }));
      }
    } catch (error) {
      if (wait.signal.aborted) return;
      this.#wait = undefined;
      this.#fail(error);
    }
  }
}
