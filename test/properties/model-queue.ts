import type { MessageType, ReceiveOptions, Selection } from '@timeq/mq-native';
import type { Operation, Outgoing, Result, Seen } from './operation.js';

export interface ModelMessage {
  readonly type: bigint;
  readonly body: string;
}

/**
 * A minimal queue by the rules of msgsnd(2), msgrcv(2) and the kernel's ipc/msg.c. The mistakes in wrong-models.ts
 * override its protected methods.
 */
export class ModelQueue {
  protected messages: readonly ModelMessage[] = [];
  protected maxBytes: number;
  protected readonly largestMessage: number;

  constructor(maxBytes: number, largestMessage: number) {
    this.maxBytes = maxBytes;
    this.largestMessage = largestMessage;
  }

  perform(operation: Operation): Result {
    switch (operation.kind) {
      case 'send':
        return this.send(operation.type, operation.body);
      case 'sendBatch':
        return this.sendBatch(operation.messages);
      case 'receive':
        return this.receive(operation.options);
      case 'batch':
        return this.batch(operation.options);
      case 'peek':
        return this.peek(operation.index);
      case 'peekAll':
        return this.messages.map(seen);
      case 'stat':
        return { messages: this.messages.length, bytes: this.bytes() };
      case 'resize':
        return this.resize(operation.maxBytes);
    }
  }

  protected bytes(): number {
    return this.messages.reduce((sum, { body }) => sum + body.length, 0);
  }

  protected send(type: MessageType, body: string): Result {
    if (body.length > this.largestMessage) return 'EINVAL';
    const fits = this.fits(body);
    if (fits) this.messages = [...this.messages, { type: BigInt(type), body }];
    return !fits && this.neverFits(body) ? 'EAGAIN' : fits;
  }

  /** A queue with a limit of 0 bytes takes no messages either. */
  protected neverFits(body: string): boolean {
    return body.length > this.maxBytes || this.maxBytes === 0;
  }

  /** @returns how many were sent; an error of a later message is left to the next call */
  protected sendBatch(messages: readonly Outgoing[]): Result {
    for (const [index, { type, body }] of messages.entries()) {
      const result = this.send(type, body);
      if (result !== true) return index === 0 && result !== false ? result : index;
    }
    return messages.length;
  }

  /** The limit of bytes is also the limit of messages, so that empty ones cannot fill memory: msg_fits_inqueue in ipc/msg.c. */
  protected fits(body: string): boolean {
    return this.bytes() + body.length <= this.maxBytes && this.messages.length + 1 <= this.maxBytes;
  }

  protected receive({ maxBytes = Infinity, truncate = false, ...selection }: ReceiveOptions): Result {
    const message = this.find(selection);
    if (message === undefined) return 'nothing';
    if (message.body.length > maxBytes && !truncate) return 'E2BIG';
    this.take(message);
    return seen({ ...message, body: message.body.slice(0, maxBytes) });
  }

  protected take(message: ModelMessage): void {
    this.messages = this.messages.filter((each) => each !== message);
  }

  protected batch({ max, ...selection }: Selection & { max: number }): Result {
    const taken: Seen[] = [];
    for (let message = this.find(selection); taken.length < max && message !== undefined;) {
      taken.push(this.receive(selection) as Seen);
      message = this.find(selection);
    }
    return taken;
  }

  protected peek(index: number): Result {
    const message = this.messages[index];
    return message === undefined ? 'nothing' : seen(message);
  }

  protected resize(maxBytes: number): Result {
    this.maxBytes = maxBytes;
    return true;
  }

  /** The message that a selection matches; always the oldest one. */
  protected find(
    { type = 0, except }: Selection,
    among: readonly ModelMessage[] = this.messages,
  ): ModelMessage | undefined {
    if (except !== undefined) return among.find((each) => each.type !== BigInt(except));
    const wanted = BigInt(type);
    if (wanted === 0n) return among[0];
    if (wanted > 0n) return among.find((each) => each.type === wanted);
    const low = among.filter((each) => each.type <= -wanted);
    return low.find(({ type: lowest }) => low.every((each) => lowest <= each.type));
  }
}

export function seen({ type, body }: ModelMessage): Seen {
  return [String(type), body];
}
