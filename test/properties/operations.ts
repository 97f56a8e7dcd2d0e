import { MessageQueue, type MessageType } from '@timeq/mq-native';
import * as fc from 'fast-check';
import type { Operation } from './operation.js';

const { maxMessageBytes, maxQueueBytes } = MessageQueue.limits();
/** The largest body in these tests; some machines allow megabytes. */
const largest = Math.min(maxMessageBytes, 65_536);

/** The limits of every integer range. */
const ends: readonly MessageType[] = [
  2 ** 31,
  2 ** 32 + 1,
  Number.MAX_SAFE_INTEGER,
  2n ** 62n,
  2n ** 63n - 1n,
];

/** Mostly a few types, so that operations concern the same messages. */
const messageType = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<MessageType>(1, 2, 3) },
  { weight: 1, arbitrary: fc.constantFrom(...ends) },
);
const negativeType = messageType.map((type): MessageType => -type);

const selection = fc.oneof(
  fc.constant({}),
  fc.record({ type: fc.oneof(fc.constant<MessageType>(0), messageType, negativeType, negativeType) }),
  fc.record({ except: messageType }),
);

/** Any bytes, including NUL, as Latin-1; mostly short, sometimes longer than the queue or msgmax allows. */
const body = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('', '', 'a', 'b', 'cc') },
  {
    weight: 6,
    arbitrary: fc.uint8Array({ maxLength: 24 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'x'.repeat(100), 'x'.repeat(largest), 'x'.repeat(largest + 1)),
  },
);

const send: fc.Arbitrary<Operation> = fc.record({ kind: fc.constant('send'), type: messageType, body });

const sendBatch: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constant('sendBatch' as const),
  messages: fc.array(fc.record({ type: messageType, body }), { maxLength: 6 }),
});

const receive: fc.Arbitrary<Operation> = fc
  .record({
    selection,
    limit: fc.option(fc.record({ maxBytes: fc.nat(30), truncate: fc.boolean() }), { nil: {} }),
  })
  .map(({ selection: chosen, limit }) => ({ kind: 'receive', options: { ...chosen, ...limit } }));

const batch: fc.Arbitrary<Operation> = fc
  .record({ selection, max: fc.integer({ min: 1, max: 6 }) })
  .map(({ selection: chosen, max }) => ({ kind: 'batch', options: { ...chosen, max } }));

const look: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('peek' as const), index: fc.nat(8) }),
  fc.constant<Operation>({ kind: 'peekAll' }),
  fc.constant<Operation>({ kind: 'stat' }),
);

/** Often so small that a few messages reach the limit of bytes or of messages. */
const resize: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constant('resize' as const),
  maxBytes: fc.oneof(fc.nat(6), fc.nat(40), fc.constant(Math.min(largest, maxQueueBytes))),
});

/** Every operation on a queue. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: send },
  { weight: 2, arbitrary: sendBatch },
  { weight: 4, arbitrary: receive },
  { weight: 1, arbitrary: batch },
  { weight: 3, arbitrary: look },
  { weight: 1, arbitrary: resize },
);

/** Operations that take a message, for processes that compete for it. */
export const taking: fc.Arbitrary<Operation> = fc.oneof(
  receive.map((each): Operation =>
    each.kind === 'receive' ? { ...each, options: { ...each.options, truncate: true } } : each,
  ),
  batch,
);

export { messageType };
