import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import * as fc from 'fast-check';
import { trackQueue } from '../helpers/tracking.js';
import { Actor } from './actors.js';
import { ModelQueue } from './model-queue.js';
import { perform, type Operation, type Result, type Seen } from './operation.js';
import { messageType, operation, taking } from './operations.js';

/** TIMEQ_SEED repeats a run, TIMEQ_RUNS makes it longer. */
const seed = Number(process.env['TIMEQ_SEED'] ?? randomInt(2 ** 31));
const runs = Number(process.env['TIMEQ_RUNS'] ?? 150);
const parameters = { seed, numRuns: runs };

function announce(t: TestContext): void {
  t.diagnostic(`seed ${seed}, ${runs} runs (TIMEQ_SEED, TIMEQ_RUNS)`);
}

/** The queue of a test, empty and as large as a new one at the beginning of each run. */
function freshStart(queue: MessageQueue, maxBytes: number): void {
  while (queue.receiveBatch().length > 0) continue;
  queue.set({ maxBytes });
}

test('a queue does what the model of a System V queue does, whichever of two processes asks', async (t) => {
  announce(t);
  const queue = trackQueue(t, MessageQueue.createPrivate());
  const other = await Actor.start(t, queue.id);
  const { maxMessageBytes } = MessageQueue.limits();
  const maxBytes = queue.stat().maxBytes;
  const step = fc.record({ elsewhere: fc.boolean(), operation });
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
    freshStart(queue, maxBytes);
    const model = new ModelQueue(maxBytes, maxMessageBytes);
    for (const { elsewhere, operation: each } of steps) {
      const result = elsewhere ? (await other.perform([each]))[0] : perform(queue, each);
      assert.deepEqual(result, model.perform(each), each.kind);
    }
  });
  await fc.assert(property, parameters);
});

test('what two processes send and take at the same time is neither lost, doubled nor reordered', async (t) => {
  announce(t);
  const queue = trackQueue(t, MessageQueue.createPrivate());
  const other = await Actor.start(t, queue.id);
  const maxBytes = queue.stat().maxBytes;
  const program = fc.array(
    fc.oneof(
      messageType.map((type): Operation => ({ kind: 'send', type, body: '' })),
      taking,
    ),
    { maxLength: 40 },
  );
  const property = fc.asyncProperty(program, program, async (here, there) => {
    freshStart(queue, maxBytes);
    const programs = [numbered(here, 'a'), numbered(there, 'b')] as const;
    const theirs = other.perform(programs[1]);
    const results = [programs[0].map((each) => perform(queue, each)), await theirs] as const;
    const left = perform(queue, { kind: 'peekAll' }) as Seen[];

    const sent = programs.flatMap((each, index) => sentBy(each, results[index] ?? []));
    const taken = results.map(takenIn);
    assert.deepEqual([...taken.flat(), ...left].map(String).toSorted(), sent.map(String).toSorted());
    // Messages of one sender and one type leave in the order in which they came, for every receiver and what is left.
    for (const order of [...taken, left]) assertInOrder(order);
  });
  await fc.assert(property, parameters);
});

/** Bodies that say who sent them, and as which of its messages. */
function numbered(operations: readonly Operation[], sender: string): Operation[] {
  return operations.map((each, index) =>
    each.kind === 'send'
      ? { ...each, body: `${sender}${String(index).padStart(3, '0')}` }
      : withoutLimit(each),
  );
}

/** A body that was cut could not be told from another. */
function withoutLimit(each: Operation): Operation {
  if (each.kind !== 'receive') return each;
  const { maxBytes: _maxBytes, truncate: _truncate, ...options } = each.options;
  return { ...each, options };
}

function sentBy(operations: readonly Operation[], results: readonly Result[]): Seen[] {
  return operations.flatMap((each, index): Seen[] =>
    each.kind === 'send' && results[index] === true ? [[String(each.type), each.body]] : [],
  );
}

function takenIn(results: readonly Result[]): Seen[] {
  return results.flatMap((result): readonly Seen[] => {
    if (!Array.isArray(result)) return [];
    return typeof result[0] === 'string' ? [result as unknown as Seen] : (result as readonly Seen[]);
  });
}

function assertInOrder(messages: readonly Seen[]): void {
  const last = new Map<string, string>();
  for (const [type, body] of messages) {
    const origin = `${type} ${body.slice(0, 1)}`;
    assert.ok((last.get(origin) ?? '') < body, `${body} came after ${last.get(origin)}`);
    last.set(origin, body);
  }
}
