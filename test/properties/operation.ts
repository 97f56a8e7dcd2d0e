import type { MessageQueue, MessageType, ReceiveOptions, Selection } from '@timeq/mq-native';

export interface Outgoing {
  readonly type: MessageType;
  readonly body: string;
}

/** An operation on a queue, in a form that can be sent to another process. */
export type Operation =
  | { readonly kind: 'send'; readonly type: MessageType; readonly body: string }
  | { readonly kind: 'sendBatch'; readonly messages: readonly Outgoing[] }
  | { readonly kind: 'receive'; readonly options: ReceiveOptions }
  | { readonly kind: 'batch'; readonly options: Selection & { readonly max: number } }
  | { readonly kind: 'peek'; readonly index: number }
  | { readonly kind: 'peekAll' }
  | { readonly kind: 'stat' }
  | { readonly kind: 'resize'; readonly maxBytes: number };

/** A message as text, easy to compare and to send to another process. */
export type Seen = readonly [type: string, body: string];

export type Result =
  Seen | readonly Seen[] | boolean | number | { readonly messages: number; readonly bytes: number } | string;

export function isMessage(result: Result): result is Seen {
  return Array.isArray(result) && typeof result[0] === 'string';
}

export type Perform = (queue: MessageQueue, operation: Operation) => Result;

/** Performs an operation on a real queue. The result of a failure is its error code. */
export function perform(queue: MessageQueue, operation: Operation): Result {
  const seen = (message: { type: MessageType; body: Buffer } | undefined): Result =>
    message === undefined ? 'nothing' : [String(message.type), message.body.toString('latin1')];
  try {
    switch (operation.kind) {
      case 'send':
        return queue.trySend(operation.type, Buffer.from(operation.body, 'latin1'));
      case 'sendBatch':
        return queue.trySendBatch(
          operation.messages.map(({ type, body }) => ({ type, body: Buffer.from(body, 'latin1') })),
        );
      case 'receive':
        return seen(queue.tryReceive(operation.options));
      case 'batch':
        return queue.receiveBatch(operation.options).map((message) => seen(message) as Seen);
      case 'peek':
        return seen(queue.peek(operation.index));
      case 'peekAll':
        return [...queue.peekAll()].map((message) => seen(message) as Seen);
      case 'stat': {
        const { messages, bytes } = queue.stat();
        return { messages, bytes };
      }
      case 'resize':
        queue.set({ maxBytes: operation.maxBytes });
        return true;
    }
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
