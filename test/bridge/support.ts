import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { slotKey } from '@timeq/mq-native/message-slots';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { skipWithoutNats, startNats, type NatsRelease, type NatsServer } from '../helpers/nats.js';
import { bin, startNode } from '../helpers/node.js';
import type { Exit, RunningProcess, StartOptions } from '../helpers/process.js';
import { removeAllAt } from '../helpers/tracking.js';

/** Why no bridge can run here; false if one can. */
export function skipWithoutBridge(): string | false {
  if (process.platform !== 'linux') return 'a bridge runs on Linux only';
  return skipWithoutNats();
}

/** A queue, a NATS server, and a stream that takes `test.>`. */
export interface Scene {
  readonly t: TestContext;
  readonly key: number;
  readonly queue: MessageQueue;
  readonly server: NatsServer;
  /** A connection of the test's own, which comes back as the server does. */
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
}

export const STREAM = 'TEST';

export interface SceneOptions {
  readonly release?: NatsRelease | undefined;
  /** More of the stream's configuration. */
  readonly stream?: object;
}

export async function scene(t: TestContext, options: SceneOptions = {}): Promise<Scene> {
  const key = bridgeKey(t);
  const queue = MessageQueue.create(key);
  const server = await startNats(t, { release: options.release, jetstream: true });
  const connection = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  atEnd(t, async () => {
    queue.close();
    await connection.close();
  });
  const manager = await jetstreamManager(connection, { checkAPI: false });
  await manager.streams.add({ name: STREAM, subjects: ['test.>'], ...options.stream });
  return { t, key, queue, server, connection, manager };
}

/** A fresh key, of which also the slots of bridges go at the end. */
export function bridgeKey(t: TestContext): number {
  const key = freshKey(t);
  atEnd(t, () => {
    removeAllAt(slotKey(key, 'out'));
    removeAllAt(slotKey(key, 'in'));
  });
  return key;
}

/** Where a bridge runs: at a queue's key, with the NATS servers of a URL. */
export interface BridgePlace extends Pick<Scene, 't' | 'key'> {
  readonly server: Pick<NatsServer, 'url'>;
}

/** Starts `timeq-bridge VERB QUEUE …` with the server's URL and the stream. */
export function startBridge(
  here: BridgePlace,
  verb: 'out' | 'in',
  words: readonly string[] = [],
  options?: StartOptions,
): RunningProcess {
  const subject = words.includes('--subject') ? [] : ['--subject', verb === 'out' ? 'test.out' : 'test.in'];
  const first = [bin('timeq-bridge'), verb, formatKey(here.key), '--stream', STREAM];
  return startNode(here.t, [...first, '-s', here.server.url, ...subject, ...words], options);
}

/** Starts a bridge, and waits until it says that it moves messages. */
export async function runningBridge(
  here: BridgePlace,
  verb: 'out' | 'in',
  words: readonly string[] = [],
): Promise<RunningProcess> {
  const bridge = startBridge(here, verb, words);
  await bridge.waitFor('messages go');
  return bridge;
}

export async function stopBridge(bridge: RunningProcess): Promise<Exit> {
  const exit = await bridge.killed('SIGTERM');
  assert.equal(exit.code, 0, exit.stderr);
  return exit;
}

/** The body of the message of a number: of all lengths, many the same, many with zeros at the end. */
export function bodyOf(number: number, largest: number): Buffer {
  if (number % 7 === 0) return Buffer.alloc(0);
  if (number % 11 === 0) return Buffer.from('the same');
  if (number % 13 === 0) return Buffer.alloc(number % 300);
  const size = number % 501 === 0 ? largest : (number * 31) % 240;
  const body = Buffer.alloc(size, `${number} `);
  if (number % 3 === 0) body.fill(0, Math.floor(size / 2));
  return body;
}

/** A message as a stream has it. */
interface Stored {
  readonly sequence: number;
  readonly subject: string;
  readonly type: string;
  readonly id: string;
  readonly body: Buffer;
}

/** Everything that the stream has, in its order. */
export async function storedMessages(here: Pick<Scene, 'connection' | 'manager'>): Promise<Stored[]> {
  const { state } = await here.manager.streams.info(STREAM);
  const stored: Stored[] = [];
  if (state.messages === 0) return stored;
  const consumer = await jetstream(here.connection, { timeout: hangMilliseconds }).consumers.get(STREAM, {});
  for await (const message of await consumer.consume({ max_messages: 500 })) {
    stored.push({
      sequence: message.seq,
      subject: message.subject,
      type: message.headers?.get('Sysv-Type') ?? '',
      id: message.headers?.get('Nats-Msg-Id') ?? '',
      body: Buffer.from(message.data),
    });
    if (message.seq === state.last_seq) break;
  }
  return stored;
}

/** What became of the messages 1 to `count`, whose types are their numbers. */
export interface Outcome {
  readonly lost: number;
  readonly doubled: number;
  readonly wrong: number;
  readonly outOfOrder: number;
}

export const FAULTLESS: Outcome = { lost: 0, doubled: 0, wrong: 0, outOfOrder: 0 };

export function outcomeOf(
  count: number,
  arrived: ReadonlyArray<{ readonly type: number | bigint | string; readonly body: Buffer }>,
): Outcome {
  const largest = MessageQueue.limits().maxMessageBytes;
  const times = new Map<number, number>();
  let wrong = 0;
  let outOfOrder = 0;
  let highest = 0;
  for (const { type, body } of arrived) {
    const number = Number(type);
    const before = times.get(number) ?? 0;
    times.set(number, before + 1);
    if (number < 1 || number > count || !body.equals(bodyOf(number, largest))) wrong += 1;
    if (before === 0 && number < highest) outOfOrder += 1;
    highest = Math.max(highest, number);
  }
  let lost = 0;
  for (let number = 1; number <= count; number++) if (!times.has(number)) lost += 1;
  const doubled = [...times.values()].reduce((sum, each) => sum + each - 1, 0);
  return { lost, doubled, wrong, outOfOrder };
}
