// The program for every host: a wait that blocks in the kernel, and its message.

/** As an ES module without top-level await, which no bundler turns into CommonJS. */
export const program = `import { MessageQueue } from '@timeq/mq-native';
const queue = MessageQueue.createPrivate();
setTimeout(() => queue.trySend(5, 'hello'), 20);
queue.receive({ timeout: 30_000 }).then(({ type, body }) => {
  queue.remove();
  console.log(type, String(body));
});
`;

/** Its output. */
export const printed = '5 hello\n';

/** The same as a test for Jest (where \`test\` and \`expect\` are global) and for Vitest (where they are imported). */
export function testFile(head) {
  return `${head}
test('receives', async () => {
  const queue = MessageQueue.createPrivate();
  setTimeout(() => queue.trySend(5, 'hello'), 20);
  const { body } = await queue.receive({ timeout: 30_000 });
  queue.remove();
  expect(String(body)).toBe('hello');
});
`;
}

/** Uses every kind of wait and every way to end one, and then prints the same. */
export const waits = `import { deepEqual, equal, ok } from 'node:assert/strict';
import { Lock, MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
const codeOf = (promise) => promise.then(() => 'done', (error) => error.code);
const queue = MessageQueue.createPrivate();
const full = MessageQueue.createPrivate();
const set = SemaphoreSet.createPrivate();
const lock = Lock.createPrivate();
const segment = SharedMemory.createPrivate({ bytes: 64 });
process.on('exit', () => [queue, full, set, lock, segment].forEach((each) => each.remove()));
let turns = 0;
setInterval(() => (turns += 1), 1).unref();
const crowd = Array.from({ length: 50 }, (_, index) => queue.receive({ type: index + 1 }));
equal(await codeOf(queue.receive({ type: 99, timeout: 50 })), 'ETIMEDOUT');
ok(turns > 0, 'the event loop stood still');
const controller = new AbortController();
setTimeout(() => controller.abort(), 10);
equal(await codeOf(queue.receive({ type: 99, signal: controller.signal })), 'ABORT_ERR');
for (let type = 50; type > 0; type--) queue.trySend(type, String(type));
deepEqual((await Promise.all(crowd)).map(({ body }) => Number(body)), crowd.map((_, index) => index + 1));
setTimeout(() => set.setValue(0, 1), 10);
await set.operate([{ delta: -1 }]);
const held = await lock.acquire();
equal(await codeOf(lock.acquire({ timeout: 10 })), 'ETIMEDOUT');
held.release();
segment.view(Float64Array)[0] = 1.5;
equal(SharedMemory.fromId(segment.id).view(Float64Array)[0], 1.5);
full.set({ maxBytes: 1 });
full.trySend(1, 'x');
setTimeout(() => full.tryReceive(), 10);
await full.send(1, 'y');
const closed = MessageQueue.fromId(queue.id);
setTimeout(() => closed.close(), 10);
equal(await codeOf(closed.receive()), 'ECANCELED');
void queue.receive({ type: 7 });
console.log('5 hello');
process.exit();
`;
