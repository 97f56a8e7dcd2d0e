import assert from 'node:assert/strict';
import test from 'node:test';
import { GoneError, type MessageQueue } from '@timeq/mq-native';
import type * as Module from '../../packages/time-client/dist/client/request-sender.js';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { drain, privateQueue } from '../mq-native/queue.js';

/** The package does not export it. */
const { RequestSender } = (await import(
  new URL('../../../packages/time-client/dist/client/request-sender.js', import.meta.url).href
)) as typeof Module;

class Request {
  readonly text: string;
  sent = false;
  over = false;
  readonly failed: Promise<unknown>;
  reject!: (reason: unknown) => void;

  constructor(text: string) {
    this.text = text;
    this.failed = new Promise((resolve) => {
      this.reject = (reason) => {
        this.over = true;
        resolve(reason);
      };
    });
  }
}

const requests = (...texts: string[]): Request[] => texts.map((text) => new Request(text));
const numbered = (count: number): Request[] => requests(...Array.from({ length: count }, (_, i) => `${i}`));
const senderOn = (queue: MessageQueue) => new RequestSender<Request>(queue, ({ text }) => text);
const sentOf = (all: readonly Request[]): boolean[] => all.map(({ sent }) => sent);

test('requests of one turn are sent at its end, in order', async (t) => {
  const queue = privateQueue(t);
  const sender = senderOn(queue);
  const all = numbered(3);
  for (const request of all) sender.sendSoon(request);
  assert.equal(queue.stat().messages, 0);
  await Promise.resolve();
  assert.deepEqual(sentOf(all), [true, true, true]);
  assert.deepEqual(
    queue.receiveBatch().map(({ body }) => body.toString()),
    ['0', '1', '2'],
  );
});

test('no request overtakes those that wait for the end of the turn', async (t) => {
  const queue = privateQueue(t);
  const sender = senderOn(queue);
  const [soon, now] = requests('first', 'second') as [Request, Request];
  sender.sendSoon(soon);
  sender.send(now);
  await Promise.resolve();
  assert.deepEqual(
    queue.receiveBatch().map(({ body }) => body.toString()),
    ['first', 'second'],
  );
});

test('a request that was cancelled before it went out is not sent', async (t) => {
  const queue = privateQueue(t);
  const sender = senderOn(queue);
  const all = numbered(3);
  for (const request of all) sender.sendSoon(request);
  (all[1] as Request).over = true;
  sender.cancel(all[1] as Request);
  await Promise.resolve();
  assert.deepEqual(sentOf(all), [true, false, true]);
  assert.deepEqual(
    queue.receiveBatch().map(({ body }) => body.toString()),
    ['0', '2'],
  );
});

test('requests wait in order for a full queue, and skip one that is cancelled meanwhile', async (t) => {
  const queue = privateQueue(t, { maxBytes: 4 });
  const sender = senderOn(queue);
  const all = requests('r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9');
  for (const request of all) sender.sendSoon(request);
  await Promise.resolve();
  assert.deepEqual(sentOf(all).filter(Boolean).length, 2);
  // The first that waits for room, and one behind it.
  for (const index of [2, 5]) {
    (all[index] as Request).over = true;
    sender.cancel(all[index] as Request);
  }
  const bodies: string[] = [];
  while (bodies.length < 8) bodies.push((await queue.receive({ timeout: hangMilliseconds })).body.toString());
  assert.deepEqual(bodies, ['r0', 'r1', 'r3', 'r4', 'r6', 'r7', 'r8', 'r9']);
  assert.deepEqual(drain(queue), []);
  // The last one is taken from the queue before its own wait for room ends.
  await until(() => all.every(({ sent, over }) => sent !== over), 'the last request to be known as sent');
});

test('a request that no message can be fails alone, and those behind it are sent', async (t) => {
  const queue = privateQueue(t, { maxBytes: 8 });
  const sender = senderOn(queue);
  const all = requests('a', 'x'.repeat(1_000_000), 'c');
  for (const request of all) sender.sendSoon(request);
  await Promise.resolve();
  assert.equal(((await all[1]?.failed) as { code?: string } | undefined)?.code, 'EINVAL');
  assert.deepEqual(sentOf(all), [true, false, true]);
  assert.equal(queue.stat().messages, 2);
});

test('many requests go out in order, each in words of its own, however often their memory is used again', async (t) => {
  const queue = privateQueue(t);
  const places: Buffer[] = [];
  const sender = new RequestSender<Request>(queue, ({ text }, place) => {
    const bytes = (places[place] ??= Buffer.alloc(3));
    bytes.write(text.padStart(3));
    return bytes;
  });
  const all = numbered(500);
  for (const request of all) sender.sendSoon(request);
  await Promise.resolve();
  const bodies = Array.from({ length: 500 }, () => queue.tryReceive()?.body.toString().trim());
  assert.deepEqual(
    bodies,
    all.map(({ text }) => text),
  );
  assert.ok(places.length < 500, `${places.length} places`);
});

test('all that waits fails when the queue is removed', async (t) => {
  const queue = privateQueue(t, { maxBytes: 4 });
  const sender = senderOn(queue);
  const all = requests('xx', 'xx', 'xx', 'xx', 'xx', 'xx');
  for (const request of all) sender.sendSoon(request);
  await Promise.resolve();
  queue.remove();
  for (const reason of await Promise.all(all.slice(2).map(({ failed }) => failed))) {
    assert.ok(reason instanceof GoneError);
  }
});
