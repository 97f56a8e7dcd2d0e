import type { Message, MessageQueue, MessageType } from '@timeq/mq-native';

interface Wait {
  readonly cancel: AbortController;
  /** Whether there is a receive to cancel. */
  receiving: boolean;
}

/**
 * Receives messages of a type at which a classic server answers, only while a request waits for one: at the type that
 * all classic clients share the next message may be another client's.
 */
export class ClassicReader {
  readonly #queue: MessageQueue;
  readonly #type: MessageType;
  readonly #deliver: (message: Message) => void;
  readonly #fail: (error: unknown) => void;
  #wait: Wait | undefined;
  /** Reused after a receive that was not cancelled: making one per request would cost more than the request. */
  #spare: AbortController | undefined;

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
    const wait = { cancel: this.#spare ?? new AbortController(), receiving: false };
    this.#spare = undefined;
    this.#wait = wait;
    void this.#read(wait);
  }

  /** A message that was received before this is still delivered. */
  stop(): void {
    const wait = this.#wait;
    this.#wait = undefined;
    if (wait === undefined) return;
    if (wait.receiving) wait.cancel.abort();
    else this.#spare = wait.cancel;
  }

  async #read(wait: Wait): Promise<void> {
    const { signal } = wait.cancel;
    try {
      while (this.#wait === wait) {
        wait.receiving = true;
        const message = await this.#queue.receive({ type: this.#type, signal });
        wait.receiving = false;
        this.#deliver(message);
      }
    } catch (error) {
      if (this.#wait !== wait) return;
      this.#wait = undefined;
      this.#fail(error);
    }
  }
}
