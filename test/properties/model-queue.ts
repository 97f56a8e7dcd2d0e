import type { MessageType, ReceiveOptions, Selection } from '@timeq/mq-native';
import type { Operation, Result, Seen } from './operation.js';

interface ModelMessage {
  readonly type: bigint;
  readonly body: string;
}

/** What msgsnd(2), msgrcv(2) and the kernel's ipc/msg.c say that a queue is, in as few words as possible. */
export class ModelQueue {
  #messages: ModelMessage[] = [];
  #maxBytes: number;
  readonly #largestMessage: number;

  constructor(maxBytes: number, largestMessage: number) {
    this.#maxBytes = maxBytes;
    this.#largestMessage = largestMessage;
  }

  perform(operation: Operation): Result {
    switch (operation.kind) {
      case 'send':
        return this.#send(operation.type, operation.body);
      case 'receive':
        return this.#receive(operation.options);
      case 'batch':
        return this.#batch(operation.options);
      case 'peek': {
        const message = this.#messages[operation.index];
        return message === undefined ? 'nothing' : seen(message);
      }
      case 'peekAll':
        return this.#messages.map(seen);
      case 'stat':
        return { messages: this.#messages.length, bytes: this.#bytes() };
      case 'resize':
        this.#maxBytes = operation.maxBytes;
        return true;
    }
  }

  #bytes(): number {
    return this.#messages.reduce((sum, { body }) => sum + body.length, 0);
  }

  /** Full by bytes, or by as many messages as it may hold bytes, so that empty ones have an end too. */
  #send(type: MessageType, body: string): Result {
    if (body.length > this.#largestMessage) return 'EINVAL';
    const fits = this.#bytes() + body.length <= this.#maxBytes && this.#messages.length + 1 <= this.#maxBytes;
    if (fits) this.#messages.push({ type: BigInt(type), body });
    return fits;
  }

  #receive({ maxBytes = Infinity, truncate = false, ...selection }: ReceiveOptions): Result {
    const message = this.#find(selection);
    if (message === undefined) return 'nothing';
    if (message.body.length > maxBytes && !truncate) return 'E2BIG';
    this.#messages = this.#messages.filter((each) => each !== message);
    return seen({ ...message, body: message.body.slice(0, maxBytes) });
  }

  #batch({ max, ...selection }: Selection & { max: number }): Result {
    const taken: Seen[] = [];
    for (let message = this.#find(selection); taken.length < max && message !== undefined;) {
      taken.push(this.#receive(selection) as Seen);
      message = this.#find(selection);
    }
    return taken;
  }

  /** The message that a selection means; always the oldest of several. */
  #find({ type = 0, except }: Selection): ModelMessage | undefined {
    if (except !== undefined) return this.#messages.find((each) => each.type !== BigInt(except));
    const wanted = BigInt(type);
    if (wanted === 0n) return this.#messages[0];
    if (wanted > 0n) return this.#messages.find((each) => each.type === wanted);
    const low = this.#messages.filter((each) => each.type <= -wanted);
    return low.find(({ type: lowest }) => low.every((each) => lowest <= each.type));
  }
}

function seen({ type, body }: ModelMessage): Seen {
  return [String(type), body];
}
