import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { jetstream } from '@nats-io/jetstream';
import { MessageQueue } from '@timeq/mq-native';
import {
  bodyOf,
  FAULTLESS,
  outcomeOf,
  runningBridge,
  scene,
  skipWithoutBridge,
  stopBridge,
  type Scene,
} from '../bridge/support.js';
import { until } from '../helpers/deadline.js';
import { natsReleases, type NatsRelease } from '../helpers/nats.js';
import type { Fault } from './fault.js';
import { killBridges } from './killed-bridge.js';
import type { Random } from './random.js';

/** A bridge is killed at most this many milliseconds after it began to move messages. */
const LATEST = 60;
const AT_ONCE = 100;

function typed(number: number): MsgHdrs {
  const made = headers();
  made.set('Sysv-Type', String(number));
  return made;
}

/** Publishes the messages 1 to `count`. */
async function publishAll({ connection }: Scene, count: number): Promise<void> {
  const client = jetstream(connection);
  const largest = MessageQueue.limits().maxMessageBytes;
  for (let first = 1; first <= count; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - first + 1) }, (_, index) => first + index);
    await Promise.all(
      numbers.map((number) => client.publish('test.in', bodyOf(number, largest), { headers: typed(number) })),
    );
  }
}

/** Receives until all messages have arrived. */
class Receiver {
  readonly received: Array<{ type: number | bigint; body: Buffer }> = [];
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;

  constructor(queue: MessageQueue) {
    this.#running = this.#receive(queue);
  }

  async #receive(queue: MessageQueue): Promise<void> {
    try {
      for (;;) this.received.push(await queue.receive({ signal: this.#ended.signal }));
    } catch (error) {
      if (!this.#ended.signal.aborted) throw error;
    }
  }

  async end(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }
}

async function receiveMeanwhile(
  t: TestContext,
  release: NatsRelease,
  kills: number,
  random: Random,
): Promise<string> {
  const here = await scene(t, { release });
  const receiver = new Receiver(here.queue);
  const count = kills * AT_ONCE;
  await publishAll(here, count);
  const natsKills = await killBridges(here, 'in', kills, random, { latest: LATEST });
  const last = await runningBridge(here, 'in');
  await until(() => receiver.received.length >= count, 'all messages');
  await stopBridge(last);
  // A duplicate would arrive after the others.
  const end = await runningBridge(here, 'in');
  await stopBridge(end);
  await receiver.end();
  assert.deepEqual(outcomeOf(count, receiver.received), FAULTLESS);
  await here.server.end();
  return `nats-server ${release.version}: ${count} messages, ${kills} kills of the bridge, ${natsKills} of NATS`;
}

export const bridgeIn: Fault = {
  name: 'bridge-in',
  title:
    'into a queue of which it is the only sender, a bridge that is killed loses, doubles and changes no message, nor their order',
  skip: skipWithoutBridge,
  async run(t, { random, long }) {
    const figures: string[] = [];
    for (const release of natsReleases) {
      const kills = long ? Math.ceil(2500 / natsReleases.length) : 20;
      figures.push(await receiveMeanwhile(t, release, kills, random));
    }
    return `${figures.join('; ')}; 0 lost, 0 doubled, 0 wrong, 0 out of order`;
  },
};
