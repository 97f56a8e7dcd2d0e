import assert from 'node:assert/strict';
import test from 'node:test';
import { GoneError } from '@timeq/mq-native';
import type * as Module from '../../packages/time-client/dist/client/request-sender.js';
import { drain, privateQueue } from '../mq-native/queue.js';

/** The package does not export it. */
const { RequestSender } = (await import(
  new URL('../../../packages/time-client/dist/client/request-sender.js', import.meta.url).href
)) as typeof Module;

class Request {
  sent = false;
  over = false;
  readonly failed: Promise<unknown>;
  reject!: (reason: unknown) => void;

  constructor() {
    this.failed = new Promise((resolve) => {
      this.reject = (reason) => {
        this.over = true;
        resolve(reason);
      };
    });
  }
}

const requests = (count: number): Request[] => Array.from({ length: count }, () => new Request());
const sentOf = (all: readonly Request[]): boolean[] => all.map(({ sent }) => sent);

test('what is asked for in one go is sent at its end, in order', async (t) => {
  const queue = privateQueue(t);
  const sender = new RequestSender(queue);
  const all = requests(3);
  for (const [index, request] of all.entries()) sender.sendSoon(request, String(index));
  assert.equal(queue.stat().messages, 0);
  await Promise.resolve();
  assert.deepEqual(sentOf(all), [true, true, true]);
  assert.deepEqual(
    queue.receiveBatch().map(({ body }) => body.toString()),
    ['0', '1', '2'],
  );
});

test('nobody overtakes those that wait for the end of the turn', async (t) => {
  const queue = privateQueue(t);
  const sender = new RequestSender(queue);
  const [soon, now] = requests(2) as [Request, Request];
  sender.sendSoon(soon, 'first');
  sender.send(now, 'second');
  await Promise.resolve();
  assert.deepEqual(
    queue.receiveBatch().map(({ body }) => body.toString()),
    ['first', 'second'],
  );
});

test('a request that was given up before it went out is not sent', async (t) => {
  const queue = privateQueue(t);
  const sender = new RequestSender(queue);
  const all = requests(3);
  for (const [index, request] of all.entries()) sender.sendSoon(request, String(index));
  (all[1] as Request).over = true;
  sender.giveUp(all[1] as Request);
  await Promise.resolve();
  assert.deepEqual(sentOf(all), [true, false, true]);
  assert.deepEqual(
    queue.receiveBatch().map(({ body }) => body.toString()),
    ['0', '2'],
  );
});

test('requests wait in order for a full queue, and pass over the one that is given up meanwhile', async (t) => {
  const queue = privateQueue(t, { maxBytes: 4 });
  const sender = new RequestSender(queue);
  const all = requests(10);
  for (const [index, request] of all.entries()) sender.sendSoon(request, `r${index}`);
  await Promise.resolve();
  assert.deepEqual(sentOf(all).filter(Boolean).length, 2);
  // The first that waits for room, and one behind it.
  for (const index of [2, 5]) {
    (all[index] as Request).over = true;
    sender.giveUp(all[index] as Request);
  }
  const bodies: string[] = [];
  while (bodies.length < 8) bodies.push((await queue.receive({ timeout: 30_000 })).body.toString());
  assert.deepEqual(bodies, ['r0', 'r1', 'r3', 'r4', 'r6', 'r7', 'r8', 'r9']);
  assert.deepEqual(drain(queue), []);
  assert.ok(all.every(({ sent, over }) => sent !== over));
});

test('a request that no message can be fails alone, and those behind it are sent', async (t) => {
  const queue = privateQueue(t, { maxBytes: 8 });
  const sender = new RequestSender(queue);
  const all = requests(3);
  sender.sendSoon(all[0] as Request, 'a');
  sender.sendSoon(all[1] as Request, 'x'.repeat(1_000_000));
  sender.sendSoon(all[2] as Request, 'c');
  await Promise.resolve();
  assert.equal(((await all[1]?.failed) as { code?: string } | undefined)?.code, 'EINVAL');
  assert.deepEqual(sentOf(all), [true, false, true]);
  assert.equal(queue.stat().messages, 2);
});

test('all that waits fails when the queue is removed', async (t) => {
  const queue = privateQueue(t, { maxBytes: 4 });
  const sender = new RequestSender(queue);
  const all = requests(6);
  for (const request of all) sender.sendSoon(request, 'xx');
  await Promise.resolve();
  queue.remove();
  for (const reason of await Promise.all(all.slice(2).map(({ failed }) => failed))) {
    assert.ok(reason instanceof GoneError);
  }
});
