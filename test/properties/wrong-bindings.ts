import type { MessageQueue } from '@timeq/mq-native';
import { isMessage, perform, type Operation, type Perform, type Result, type Seen } from './operation.js';

/** Performs an operation, and changes the result if it is a message, or true from a send. */
function spoilt(
  spoil: (result: Seen | true, queue: MessageQueue, operation: Operation) => Result,
): () => Perform {
  return () => (queue, operation) => {
    const result = perform(queue, operation);
    const concerns = operation.kind === 'send' ? result === true : operation.kind === 'receive';
    return concerns && (result === true || isMessage(result)) ? spoil(result, queue, operation) : result;
  };
}

function send(queue: MessageQueue, [type, body]: Seen): boolean {
  return queue.trySend(BigInt(type), Buffer.from(body, 'latin1'));
}

/** Bindings with one mistake each, by a description of it. Each function creates a new one. */
export const wrongBindings: Readonly<Record<string, () => Perform>> = {
  'loses what it takes': spoilt((result) => (result === true ? result : 'nothing')),

  'leaves what it takes in the queue as well': spoilt((result, queue) => {
    if (result !== true) send(queue, result);
    return result;
  }),

  'puts what it should hand out back, behind the others': spoilt((result, queue) => {
    if (result === true) return true;
    return send(queue, result) ? 'nothing' : result;
  }),

  'says no to a send that was made': spoilt((result) => (result === true ? false : result)),

  'sends twice': spoilt((result, queue, operation) => {
    if (result === true) perform(queue, operation);
    return result;
  }),

  'hands out one message twice': () => {
    let last: Seen | undefined;
    return spoilt((result) => {
      if (result === true) return result;
      const again = last;
      last = again === undefined ? result : undefined;
      return again ?? result;
    })();
  },

  'says yes to a send that was not made': () => (queue, operation) =>
    operation.kind === 'send' ? true : perform(queue, operation),

  'holds a send back until the next': () => {
    let held: Operation | undefined;
    return (queue, operation) => {
      if (operation.kind !== 'send') return perform(queue, operation);
      if (held === undefined) {
        held = operation;
        return true;
      }
      const result = perform(queue, operation);
      perform(queue, held);
      held = undefined;
      return result;
    };
  },
};
