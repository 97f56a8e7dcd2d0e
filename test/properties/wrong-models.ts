import type { MessageType, ReceiveOptions, Selection } from '@timeq/mq-native';
import { ModelQueue, seen, type ModelMessage } from './model-queue.js';
import type { Operation, Outgoing, Result, Seen } from './operation.js';

/*
 * Wrong models of a System V queue. The property compares a queue with a model, so a wrong model shows the same
 * difference as a binding or a kernel with that mistake.
 */

const HIGHEST_TYPE = 2n ** 63n - 1n;

function isNegative({ type = 0, except }: Selection): boolean {
  return except === undefined && BigInt(type) < 0n;
}

function low32(type: MessageType): bigint {
  return BigInt.asIntN(32, BigInt(type));
}

/** Models with one mistake each, by a description of it. */
export const wrongModels: Readonly<Record<string, typeof ModelQueue>> = {
  'takes the first up to a negative type, not the lowest': class extends ModelQueue {
    protected override find(selection: Selection): ModelMessage | undefined {
      if (!isNegative(selection)) return super.find(selection);
      return this.messages.find((each) => each.type <= -BigInt(selection.type ?? 0));
    }
  },

  'takes a negative type for "less than"': class extends ModelQueue {
    protected override find(selection: Selection): ModelMessage | undefined {
      const lower = this.messages.filter((each) => each.type !== -BigInt(selection.type ?? 0));
      return super.find(selection, isNegative(selection) ? lower : this.messages);
    }
  },

  'takes the newest of a type first': class extends ModelQueue {
    protected override find(selection: Selection): ModelMessage | undefined {
      const { type } = super.find(selection) ?? {};
      return this.messages.findLast((each) => each.type === type);
    }
  },

  'ignores an exception': class extends ModelQueue {
    protected override find({ type }: Selection): ModelMessage | undefined {
      return super.find({ type });
    }
  },

  'takes the lowest type for type 0': class extends ModelQueue {
    protected override find(selection: Selection): ModelMessage | undefined {
      const any = selection.except === undefined && BigInt(selection.type ?? 0) === 0n;
      return super.find(any ? { type: -HIGHEST_TYPE } : selection);
    }
  },

  'compares types in 32 bits': class extends ModelQueue {
    protected override find(selection: Selection): ModelMessage | undefined {
      const { type = 0, except } = selection;
      if (except !== undefined) return this.messages.find((each) => low32(each.type) !== low32(except));
      if (BigInt(type) <= 0n) return super.find(selection);
      return this.messages.find((each) => low32(each.type) === low32(type));
    }
  },

  'hands out the whole of what it should cut': class extends ModelQueue {
    protected override receive(options: ReceiveOptions): Result {
      return super.receive(options.truncate === true ? { ...options, maxBytes: undefined } : options);
    }
  },

  'keeps the rest of what it cuts': class extends ModelQueue {
    protected override receive(options: ReceiveOptions): Result {
      const message = this.find(options);
      const result = super.receive(options);
      const rest = message?.body.slice(options.maxBytes ?? Infinity) ?? '';
      if (message !== undefined && rest !== '' && options.truncate === true) {
        this.messages = [{ ...message, body: rest }, ...this.messages];
      }
      return result;
    }
  },

  'takes what is too large for the receiver': class extends ModelQueue {
    protected override receive(options: ReceiveOptions): Result {
      const message = this.find(options);
      const result = super.receive(options);
      if (result === 'E2BIG' && message !== undefined) this.take(message);
      return result;
    }
  },

  'passes over what is too large for the receiver': class extends ModelQueue {
    protected override receive(options: ReceiveOptions): Result {
      const result = super.receive(options);
      if (result !== 'E2BIG') return result;
      const { maxBytes = Infinity } = options;
      const other = this.find(
        options,
        this.messages.filter(({ body }) => body.length <= maxBytes),
      );
      if (other === undefined) return 'nothing';
      this.take(other);
      return seen(other);
    }
  },

  'is never full by bytes': class extends ModelQueue {
    protected override fits(): boolean {
      return this.messages.length + 1 <= this.maxBytes;
    }
  },

  'is never full by count': class extends ModelQueue {
    protected override fits(body: string): boolean {
      return this.bytes() + body.length <= this.maxBytes;
    }
  },

  'is full one byte too early': class extends ModelQueue {
    protected override fits(body: string): boolean {
      return super.fits(`${body}.`);
    }
  },

  'is full one message too early': class extends ModelQueue {
    protected override fits(body: string): boolean {
      return super.fits(body) && this.messages.length + 1 < this.maxBytes;
    }
  },

  'counts the type among the bytes': class extends ModelQueue {
    protected override bytes(): number {
      return super.bytes() + 8 * this.messages.length;
    }
  },

  'ends a body at a NUL': class extends ModelQueue {
    protected override send(type: MessageType, body: string): Result {
      return super.send(type, body.replace(/\0.*$/s, ''));
    }
  },

  'knows no largest message': class extends ModelQueue {
    protected override readonly largestMessage = Infinity;
  },

  'drops what no longer fits when it is made smaller': class extends ModelQueue {
    protected override resize(maxBytes: number): Result {
      while (this.bytes() > maxBytes) this.messages = this.messages.slice(0, -1);
      return super.resize(maxBytes);
    }
  },

  'takes what is looked at': class extends ModelQueue {
    protected override peek(index: number): Result {
      const message = this.messages[index];
      if (message !== undefined) this.take(message);
      return message === undefined ? 'nothing' : seen(message);
    }
  },

  'gives one more than a batch may hold': class extends ModelQueue {
    protected override batch(options: Selection & { max: number }): Result {
      return super.batch({ ...options, max: options.max + 1 });
    }
  },

  'takes a batch of any type': class extends ModelQueue {
    protected override batch({ max }: Selection & { max: number }): Result {
      return super.batch({ max });
    }
  },

  'ends a batch at the first message that is not meant': class extends ModelQueue {
    protected override batch({ max, ...selection }: Selection & { max: number }): Result {
      const taken: Seen[] = [];
      while (taken.length < max && this.messages.length > 0 && this.find(selection) === this.messages[0]) {
        taken.push(this.receive(selection) as Seen);
      }
      return taken;
    }
  },

  'goes on behind the message of a batch that has no room': class extends ModelQueue {
    protected override sendBatch(messages: readonly Outgoing[]): Result {
      return messages.filter(({ type, body }) => this.send(type, body) === true).length;
    }
  },

  'sends all of a batch or nothing': class extends ModelQueue {
    protected override sendBatch(messages: readonly Outgoing[]): Result {
      const before = this.messages;
      const result = super.sendBatch(messages);
      if (result === messages.length) return result;
      this.messages = before;
      return typeof result === 'number' ? 0 : result;
    }
  },

  'counts what has been taken': class extends ModelQueue {
    #taken = 0;

    protected override take(message: ModelMessage): void {
      this.#taken += message.body.length;
      super.take(message);
    }

    override perform(operation: Operation): Result {
      const result = super.perform(operation);
      return operation.kind === 'stat'
        ? { messages: this.messages.length, bytes: this.bytes() + this.#taken }
        : result;
    }
  },
};
