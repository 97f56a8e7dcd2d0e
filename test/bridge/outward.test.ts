import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { formatKey, MessageQueue, SharedMemory } from '@timeq/mq-native';
import { readSlotSegment, slotKey } from '@timeq/mq-native/message-slots';
import { until } from '../helpers/deadline.js';
import { bin, runNode } from '../helpers/node.js';
import {
  bodyOf,
  FAULTLESS,
  outcomeOf,
  runningBridge,
  scene,
  skipWithoutBridge,
  startBridge,
  stopBridge,
  storedMessages,
  STREAM,
  type Scene,
} from './support.js';

const skip = skipWithoutBridge();

/** How many messages are in slots now. */
function held({ key }: Scene): number {
  const attachment = SharedMemory.open(slotKey(key, 'out')).attach();
  const found = readSlotSegment(attachment.view(DataView))?.held ?? 0;
  attachment.detach();
  return found;
}

function sendAll({ queue }: Scene, from: number, to: number): Promise<void[]> {
  const largest = MessageQueue.limits().maxMessageBytes;
  return Promise.all(
    Array.from({ length: to - from + 1 }, (_, index) =>
      queue.send(from + index, bodyOf(from + index, largest)),
    ),
  );
}

test('messages go into the stream in order, with their type, key, host and time', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'out', ['--subject', 'test.{host}.{key}.{type}']);
  await here.queue.send(1, 'first');
  await here.queue.send(2n ** 62n, '');
  await here.queue.send(7, Buffer.alloc(MessageQueue.limits().maxMessageBytes, 'x'));
  await until(async () => (await here.manager.streams.info(STREAM)).state.messages === 3, 'three messages');
  await stopBridge(bridge);
  const prefix = `test.${hostname().replaceAll('.', '-')}.${formatKey(here.key)}`;
  const stored = await storedMessages(here);
  assert.deepEqual(
    stored.map(({ subject, type, body }) => [subject, type, body.length]),
    [
      [`${prefix}.1`, '1', 5],
      [`${prefix}.addressed`, String(2n ** 62n), 0],
      [`${prefix}.7`, '7', MessageQueue.limits().maxMessageBytes],
    ],
  );
  const { header } = (await here.manager.streams.getMessage(STREAM, { seq: 1 })) ?? {};
  assert.equal(header?.get('Sysv-Key'), formatKey(here.key));
  assert.equal(header?.get('Sysv-Host'), hostname());
  assert.ok(Math.abs(Number(header?.get('Sysv-Time')) / 1e6 - Date.now()) < 600_000);
});

test('with a type, messages of other types stay in the queue', { skip }, async (t) => {
  const here = await scene(t);
  for (const type of [1, 5, 2, 5]) await here.queue.send(type, 'x'.repeat(type));
  const bridge = await runningBridge(here, 'out', ['--type', '5']);
  await until(() => here.queue.stat().messages === 2, 'two messages');
  await here.queue.send(5, '');
  await until(() => here.queue.stat().messages === 2, 'the empty one');
  await stopBridge(bridge);
  assert.deepEqual(
    (await storedMessages(here)).map(({ type, body }) => [type, body.length]),
    [
      ['5', 5],
      ['5', 5],
      ['5', 0],
    ],
  );
  assert.deepEqual(
    [...here.queue.peekAll()].map(({ type }) => type),
    [1, 2],
  );
});

test('a second bridge out of the same queue ends with 1 and names the first', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'out');
  const { code, stderr } = await startBridge(here, 'out').exit();
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`process ${bridge.pid} is the bridge`));
  await stopBridge(bridge);
});

test('while NATS is away messages wait, and then all arrive in order', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'out');
  await sendAll(here, 1, 100);
  await here.server.end();
  const sending = sendAll(here, 101, 600);
  await bridge.waitFor('connection to NATS was lost', 'stderr');
  await until(() => here.queue.stat().bytes > 12_000, 'a full queue');
  await here.server.start();
  await sending;
  await until(() => here.queue.stat().messages === 0 && held(here) === 0, 'all to arrive');
  await stopBridge(bridge);
  assert.deepEqual(outcomeOf(600, await storedMessages(here)), FAULTLESS);
});

test(
  'what a stopped bridge has on its way stays in slots, and goes on at the next start',
  { skip },
  async (t) => {
    const here = await scene(t);
    const bridge = await runningBridge(here, 'out');
    await here.server.freeze();
    await sendAll(here, 1, 30);
    await until(() => here.queue.stat().messages === 0, 'all to be taken');
    const { code, stdout } = await bridge.killed('SIGTERM');
    assert.equal(code, 0);
    assert.match(stdout, /its slots keep 30 messages until/);
    assert.equal(held(here), 30);
    here.server.thaw();
    const next = await runningBridge(here, 'out');
    await until(() => held(here) === 0, 'empty slots');
    await stopBridge(next);
    assert.deepEqual(outcomeOf(30, await storedMessages(here)), FAULTLESS);
  },
);

test('a queue that is removed is waited for', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'out');
  await sendAll(here, 1, 20);
  await until(() => here.queue.stat().messages === 0 && held(here) === 0, 'all to arrive');
  here.queue.remove();
  await bridge.waitFor('was removed; waiting for a new one', 'stderr');
  const queue = MessageQueue.create(here.key);
  await bridge.waitFor('messages go from queue');
  await queue.send(21, bodyOf(21, 0));
  await until(() => queue.stat().messages === 0 && held(here) === 0, 'the last one');
  await stopBridge(bridge);
  queue.close();
  assert.deepEqual(outcomeOf(21, await storedMessages(here)), FAULTLESS);
});

test('a stream that is full holds messages back, and loses none', { skip }, async (t) => {
  const here = await scene(t, { stream: { max_msgs: 10, discard: 'new' } });
  const bridge = await runningBridge(here, 'out');
  await sendAll(here, 1, 60);
  await bridge.waitFor(/the server refuses a message \(maximum messages exceeded\)/, 'stderr');
  await here.manager.streams.update(STREAM, { max_msgs: -1 });
  await until(() => here.queue.stat().messages === 0 && held(here) === 0, 'all to arrive');
  await stopBridge(bridge);
  const { lost, doubled, wrong } = outcomeOf(60, await storedMessages(here));
  assert.deepEqual([lost, doubled, wrong], [0, 0, 0]);
});

test(
  'a message that the stream can never take ends the bridge and stays, or goes to the dead subject',
  { skip },
  async (t) => {
    const here = await scene(t, { stream: { subjects: ['test.out'], max_msg_size: 400 } });
    await here.manager.streams.add({ name: 'DEAD', subjects: ['dead.>'] });
    const bridge = await runningBridge(here, 'out');
    await here.queue.send(1, Buffer.alloc(1000));
    const { code, stderr } = await bridge.exit();
    assert.equal(code, 1);
    assert.match(stderr, /a message of type 1 with 1000 bytes can't be stored .* stays in slot/);
    assert.equal(held(here), 1);
    const next = await runningBridge(here, 'out', ['--dead', 'dead.letters']);
    await next.waitFor('goes to dead.letters', 'stderr');
    await here.queue.send(2, 'small');
    await until(() => here.queue.stat().messages === 0 && held(here) === 0, 'both to arrive');
    await stopBridge(next);
    assert.deepEqual(
      (await storedMessages(here)).map(({ type }) => type),
      ['2'],
    );
    assert.equal((await here.manager.streams.getMessage('DEAD', { seq: 1 }))?.data.length, 1000);
  },
);

test('a stream that drops what is consumed is refused, unless that is accepted', { skip }, async (t) => {
  const here = await scene(t, { stream: { retention: 'workqueue' } });
  const { code, stderr } = await startBridge(here, 'out').exit();
  assert.equal(code, 2);
  assert.match(stderr, /retention workqueue.*--allow-workqueue/);
  await stopBridge(await runningBridge(here, 'out', ['--allow-workqueue']));
});

test('what is wrong is said in one sentence, with its exit code', { skip }, async (t) => {
  const here = await scene(t);
  const key = formatKey(here.key);
  const server = ['-s', here.server.url];
  const cases: ReadonlyArray<readonly [code: number, sentence: RegExp, words: readonly string[]]> = [
    [2, /which verb\?/, []],
    [2, /which stream\?/, ['out', key]],
    [2, /missing required argument 'queue'/, ['out', '--stream', STREAM]],
    [2, /'a b' is no name of a stream/, ['out', key, '--stream', 'a b']],
    [2, /'\{kind\}' is not a part of a subject/, ['out', key, '--stream', STREAM, '--subject', 'x.{kind}']],
    [2, /is not a subject to publish to/, ['out', key, '--stream', STREAM, '--subject', 'x.*']],
    [2, /does not store other\.out/, ['out', key, '--stream', STREAM, '--subject', 'other.out', ...server]],
    [3, /no queue has key 0x7fffff01/, ['out', '0x7fffff01', '--stream', STREAM]],
    [3, /there is no stream NONE/, ['out', key, '--stream', 'NONE', ...server]],
    [3, /no NATS server/, ['out', key, '--stream', STREAM, '-s', 'nats://127.0.0.1:1']],
  ];
  for (const [code, sentence, words] of cases) {
    const exit = await runNode(t, [bin('timeq-bridge'), ...words]);
    assert.match(exit.stderr, sentence);
    assert.equal(exit.stderr.trimEnd().split('\n').length, 1, exit.stderr);
    assert.equal(exit.code, code, exit.stderr);
  }
});

test(
  'ipctools never offers slots whose queue exists or that hold messages for cleaning',
  { skip },
  async (t) => {
    const here = await scene(t);
    await stopBridge(await runningBridge(here, 'out'));
    const { id } = SharedMemory.open(slotKey(here.key, 'out'));
    const staleIds = async (): Promise<readonly number[]> => {
      const words = ['stale', '--older-than', '0', '--assume-unseen-idle', '--json'];
      const { stdout } = await runNode(t, [bin('ipctools'), ...words]);
      const { objects } = JSON.parse(stdout) as {
        objects: ReadonlyArray<{ kind: string; id: number; verdict: string }>;
      };
      return objects
        .filter(({ kind, verdict }) => kind === 'segment' && verdict === 'stale')
        .map((object) => object.id);
    };
    assert.ok(!(await staleIds()).includes(id));
    const bridge = await runningBridge(here, 'out');
    await here.server.freeze();
    await sendAll(here, 1, 3);
    await until(() => here.queue.stat().messages === 0, 'all to be taken');
    await bridge.end();
    here.queue.remove();
    assert.ok(!(await staleIds()).includes(id), 'it holds messages');
    here.server.thaw();
    using queue = MessageQueue.create(here.key);
    const next = await runningBridge(here, 'out');
    await until(() => held(here) === 0, 'all to arrive');
    await stopBridge(next);
    queue.remove();
    assert.ok((await staleIds()).includes(id), 'it is stale once the queue is gone');
  },
);
