import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { untilBlocked } from '../helpers/threads.js';
import { privateQueue } from './queue.js';

/** A Uint8Array that gives another length each time that it is asked. */
function lying(...lengths: readonly number[]): Uint8Array {
  class Lying extends Uint8Array {
    #asked = 0;
    override get length(): number {
      return this.#next();
    }
    override get byteLength(): number {
      return this.#next();
    }
    #next(): number {
      return lengths[this.#asked++ % lengths.length] as number;
    }
  }
  return Lying.of(1, 2, 3);
}

test('a body is as long as it is, whatever its class says of its length', async (t) => {
  const queue = privateQueue(t);
  for (const lengths of [[4, 30_000], [30_000, 4], [0], [2 ** 40], [-1], [Number.NaN]]) {
    queue.sendSync(1, lying(...lengths));
    queue.trySend(2, lying(...lengths));
    await queue.send(3, lying(...lengths));
    assert.equal(queue.trySendBatch([1, 2].map((type) => ({ type, body: lying(...lengths) }))), 2);
    assert.deepEqual(
      queue.receiveBatch().map(({ body }) => [...body]),
      Array.from({ length: 5 }, () => [1, 2, 3]),
      `lengths ${lengths.join(', ')}`,
    );
  }
});

test('so is one that waits for room, as it was when it was sent', async (t) => {
  const queue = privateQueue(t);
  queue.set({ maxBytes: 100 });
  queue.sendSync(1, Buffer.alloc(100));
  const body = lying(5000, 100_000);
  const sending = queue.send(2, body);
  body.fill(9);
  await untilBlocked('msgsnd');
  queue.receiveSync();
  await sending;
  assert.deepEqual([...queue.receiveSync().body], [1, 2, 3]);
});

test('a Uint8Array of another realm, such as Jest runs its tests in, is a body', (t) => {
  const queue = privateQueue(t);
  const foreign = runInContext('new Uint8Array([7, 8])', createContext()) as Uint8Array;
  assert.ok(!(foreign instanceof Uint8Array));
  queue.sendSync(1, foreign);
  assert.equal(queue.trySendBatch([{ type: 1, body: foreign }]), 1);
  assert.deepEqual(
    queue.receiveBatch().map(({ body }) => [...body]),
    [
      [7, 8],
      [7, 8],
    ],
  );
});

test('a value that only claims to be a Uint8Array is not a body', (t) => {
  const queue = privateQueue(t);
  const heirs = [
    Object.create(Uint8Array.prototype),
    new Proxy(Uint8Array.of(1), {}),
    Object.setPrototypeOf({ length: 3, 0: 1 }, Uint8Array.prototype),
    Object.setPrototypeOf(new Float64Array(2), Uint8Array.prototype),
  ] as Uint8Array[];
  for (const body of heirs) {
    assert.throws(() => queue.trySend(1, body), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => queue.trySendBatch([{ type: 1, body }]), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  assert.equal(queue.stat().messages, 0);
});
